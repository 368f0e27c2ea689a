//! The nodes of a tape put together into groups, with the edges between groups counted.
//!
//! Why generic: tensors and cells are the same idea with different keys.

use std::collections::BTreeMap;

use super::Arrow;
use crate::address::Matrix;
use crate::glass::{Glass, Label};

/// What a node belongs to.
#[derive(Clone, Copy, Debug)]
pub(super) enum Owner {
    /// A matrix.
    Parameter(Matrix),
    /// A named number: it, or one it helps to make.
    Number(Label),
}

/// Groups in order of their keys, the nodes in each, and the arrows between them.
#[derive(Debug)]
pub(super) struct Grouping<K> {
    pub(super) keys: Vec<K>,
    /// Nodes of the tape in each.
    pub(super) nodes: Vec<u32>,
    pub(super) arrows: Vec<Arrow>,
}

impl<K: Ord + Copy> Grouping<K> {
    /// Groups the nodes that the loss was made from. Those without a key are left out, with their edges.
    pub(super) fn new(glass: &Glass<'_>, key: impl Fn(Owner) -> Option<K>) -> Self {
        let of_node = keys(glass, key);
        let mut counts: BTreeMap<K, u32> = BTreeMap::new();
        let mut edges: BTreeMap<(K, K), u32> = BTreeMap::new();
        for &node in glass.order() {
            let Some(key) = of_node[node as usize] else { continue };
            *counts.entry(key).or_default() += 1;
            for &operand in glass.node(node).operands() {
                match of_node[operand as usize] {
                    Some(from) if from != key => *edges.entry((from, key)).or_default() += 1,
                    _ => {}
                }
            }
        }
        let keys: Vec<K> = counts.keys().copied().collect();
        let place = |key: K| keys.binary_search(&key).expect("both ends of an edge are nodes of the loss") as u32;
        let arrow = |((from, to), edges)| Arrow { from: place(from), to: place(to), edges };
        let arrows = edges.into_iter().map(arrow).collect();
        Self { nodes: counts.into_values().collect(), keys, arrows }
    }
}

/// The key of every node. One walk along the tape: a node belongs to the next number made.
fn keys<K: Copy>(glass: &Glass<'_>, key: impl Fn(Owner) -> Option<K>) -> Vec<Option<K>> {
    let mut of_node = Vec::with_capacity(glass.tape().len());
    for matrix in glass.scene().plan.layout().matrices() {
        let name = Matrix::named(&matrix.name).expect("the address grammar knows every matrix of the layout");
        of_node.resize(matrix.range().end, key(Owner::Parameter(name)));
    }
    for (node, label) in glass.atlas().labels() {
        of_node.resize(node as usize + 1, key(Owner::Number(label)));
    }
    of_node
}
