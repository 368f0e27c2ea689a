//! What lies around one node of the tape: what it was made from, what was made from it, laid out from left to right.
//!
//! Why limited both ways: every number leads to all parameters and to the loss, and nobody reads forty thousand nodes.

use std::collections::BTreeSet;

use glassgpt_core::value::NodeId;
use serde::Serialize;

use super::layered::{LayeredGraph, MAX_NODES, lay_out};
use super::scalars::ScalarNode;
use crate::glass::Glass;
use crate::limits::check_whole;
use crate::protocol::Refusal;

/// The most levels either way.
const MAX_LEVELS: u32 = 100;

/// A node and what lies around it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Neighbourhood {
    /// The node in the middle.
    pub node: u32,
    /// It and the nodes around it, in the order of the tape.
    pub nodes: Vec<ScalarNode>,
    /// Where they stand, and the edges among them.
    pub layout: LayeredGraph,
    /// Whether there was no room for more: then the levels asked for are not all there.
    pub is_cut: bool,
}

impl Neighbourhood {
    /// `back` levels of what a node was made from and `on` levels of what was made from it, the nearest first.
    ///
    /// # Errors
    /// If there is no such node, or a level is out of bounds.
    pub fn new(glass: &Glass<'_>, node: NodeId, back: u32, on: u32) -> Result<Self, Refusal> {
        check_whole("node", node, 0, glass.tape().len() as u32 - 1)?;
        check_whole("back", back, 0, MAX_LEVELS)?;
        check_whole("on", on, 0, MAX_LEVELS)?;
        let mut found = BTreeSet::from([node]);
        let operands = |level: &BTreeSet<NodeId>| -> BTreeSet<NodeId> {
            level.iter().flat_map(|&id| glass.node(id).operands().to_vec()).collect()
        };
        let users = |level: &BTreeSet<NodeId>| -> BTreeSet<NodeId> {
            let first = level.first().copied().unwrap_or_default();
            let uses = |id: &NodeId| glass.node(*id).operands().iter().any(|operand| level.contains(operand));
            (first..glass.tape().len() as NodeId).filter(uses).collect()
        };
        let fits_back = spread(&mut found, node, back, operands);
        let fits_on = spread(&mut found, node, on, users);
        let ids: Vec<NodeId> = found.into_iter().collect();
        Ok(Self {
            node,
            nodes: ids.iter().map(|&id| ScalarNode::new(glass, id)).collect(),
            layout: lay_out(glass.tape(), ids).expect("no more nodes were found than fit"),
            is_cut: !(fits_back && fits_on),
        })
    }
}

/// Adds level after level, as many as fit. Returns whether all did.
fn spread(
    found: &mut BTreeSet<NodeId>,
    from: NodeId,
    levels: u32,
    next: impl Fn(&BTreeSet<NodeId>) -> BTreeSet<NodeId>,
) -> bool {
    let mut level = BTreeSet::from([from]);
    for _ in 0..levels {
        level = next(&level);
        level.retain(|id| !found.contains(id));
        if level.is_empty() {
            return true;
        }
        for &id in &level {
            if found.len() == MAX_NODES {
                return false;
            }
            found.insert(id);
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::Scene;
    use glassgpt_core::{Corpus, Preset, Setup};

    #[test]
    fn it_holds_what_is_near_and_says_if_it_was_cut() {
        let setup = Setup::new(Preset::Blog.config(), &Corpus::parse("emma\n").expect("a corpus"));
        let scene = Scene::initial(&setup.expect("valid settings"));
        let glass = Glass::new(&scene);
        let node = |address: &str| glass.node_at(&address.parse().expect("an address")).expect("it exists");
        let sum = node("p1/sum[3]");
        let near = Neighbourhood::new(&glass, sum, 1, 1).expect("it exists");
        let operands = glass.node(sum).operands().to_vec();
        assert!(operands.iter().all(|id| near.nodes.iter().any(|node| node.node == *id)));
        let users = near.nodes.iter().filter(|node| node.operands.contains(&sum)).count();
        assert_eq!((near.nodes.len(), near.is_cut), (1 + operands.len() + users, false));
        // Its square has it as both operands, and the norm multiplies it by the scale.
        assert_eq!(users, 2);
        assert_eq!(near.layout.nodes.len(), near.nodes.len());
        let edges = near.layout.edges.iter().filter(|edge| edge.to == sum).count();
        assert_eq!(edges, 2);
        let whole = Neighbourhood::new(&glass, glass.root(), MAX_LEVELS, 0).expect("it exists");
        assert_eq!((whole.nodes.len(), whole.is_cut), (MAX_NODES, true));
        assert!(Neighbourhood::new(&glass, u32::MAX, 1, 1).is_err());
        assert!(Neighbourhood::new(&glass, 0, MAX_LEVELS + 1, 1).is_err());
    }
}
