//! Who used a number: every node that has it as an operand.
//!
//! Why an index: the tape knows what a node was made from, and the chain rule asks the other way round.

use glassgpt_core::Op;
use glassgpt_core::value::NodeId;
use serde::Serialize;

use crate::address::Address;
use crate::glass::Glass;
use crate::wire_number::WireNumber;

/// Everything that was made directly from a number.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Consumers {
    /// The number.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub address: Address,
    /// Its value.
    pub value: WireNumber,
    /// Who used it, in the order of the computation.
    pub groups: Vec<ConsumerGroup>,
}

/// A named number that another one helped to make.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConsumerGroup {
    /// Its address.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub address: Address,
    /// Its value.
    pub value: WireNumber,
    /// The nodes that did it.
    pub uses: Vec<Use>,
}

/// One node that has a number as an operand.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Use {
    /// Its address: a name, or its place on the tape.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub node: Address,
    /// Its operation.
    pub op: Op,
    /// Which operand the number is, from 0.
    pub operand: u32,
    /// Its value.
    pub value: WireNumber,
    /// Whether it leads to the loss. The probabilities of tokens that did not come do not.
    pub reaches_loss: bool,
}

/// A node, and which of its operands is meant.
pub(super) type Edge = (NodeId, u8);

/// For every node of a tape the nodes made from it.
#[derive(Debug)]
pub(super) struct Uses {
    /// Where the edges to each node begin, and where the last ones end.
    starts: Vec<u32>,
    edges: Vec<Edge>,
    /// A node's place in the topological order, from 1; 0 if it does not lead to the loss.
    ranks: Vec<u32>,
}

impl Uses {
    pub(super) fn new(glass: &Glass<'_>) -> Self {
        let n = glass.tape().len();
        // First how many edges lead to each node, then where they end. Filled from behind, they end up in order.
        let mut starts = vec![0; n + 1];
        for id in 0..n as NodeId {
            glass.node(id).operands().iter().for_each(|&operand| starts[operand as usize] += 1);
        }
        let mut n_edges = 0;
        for start in &mut starts {
            n_edges += *start;
            *start = n_edges;
        }
        let mut edges = vec![(0, 0); n_edges as usize];
        for id in (0..n as NodeId).rev() {
            for (slot, &operand) in [0, 1].into_iter().zip(glass.node(id).operands()).rev() {
                let start = &mut starts[operand as usize];
                *start -= 1;
                edges[*start as usize] = (id, slot);
            }
        }
        let mut ranks = vec![0; n];
        glass.order().iter().zip(1..).for_each(|(&id, rank)| ranks[id as usize] = rank);
        Self { starts, edges, ranks }
    }

    /// The nodes made from a node, in the order of the tape.
    pub(super) fn of(&self, id: NodeId) -> &[Edge] {
        let at = id as usize;
        &self.edges[self.starts[at] as usize..self.starts[at + 1] as usize]
    }

    /// Those that lead to the loss, in the order in which backward comes by.
    pub(super) fn backward(&self, id: NodeId) -> Vec<Edge> {
        let mut edges: Vec<Edge> = self.of(id).iter().copied().filter(|(by, _)| self.reaches_loss(*by)).collect();
        edges.sort_by_key(|&(by, slot)| (std::cmp::Reverse(self.ranks[by as usize]), slot));
        edges
    }

    pub(super) fn reaches_loss(&self, id: NodeId) -> bool {
        self.ranks[id as usize] > 0
    }

    /// Groups what was made from a node by the named numbers it belongs to.
    pub(super) fn groups(&self, glass: &Glass<'_>, id: NodeId) -> Vec<ConsumerGroup> {
        let mut groups: Vec<(NodeId, ConsumerGroup)> = Vec::new();
        for &(by, slot) in self.of(id) {
            let (owner, label) = glass.atlas().owner(by).expect("whatever has operands is no parameter");
            let node = glass.node(by);
            let one = Use {
                node: glass.address(by),
                op: node.op,
                operand: slot.into(),
                value: WireNumber(node.data),
                reaches_loss: self.reaches_loss(by),
            };
            match groups.last_mut() {
                Some((last, group)) if *last == owner => group.uses.push(one),
                _ => {
                    let value = WireNumber(glass.node(owner).data);
                    groups.push((owner, ConsumerGroup { address: label.address(), value, uses: vec![one] }));
                }
            }
        }
        groups.into_iter().map(|(_, group)| group).collect()
    }
}
