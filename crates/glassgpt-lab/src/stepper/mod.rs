//! Forward and backward over a tape, one stop at a time, in both directions.
//!
//! Why: what training does is tens of thousands of small additions a step, and each can be looked at. A stop is the least
//! that happens: a node gets its value, or one contribution is added to one gradient, in the order in which core does it.
//!
//! # Example
//! ```
//! use glassgpt_core::Tape;
//! use glassgpt_lab::stepper::{Stepper, Stop};
//!
//! let tape = Tape::new();
//! let [a, b] = [tape.parameter(2.0), tape.parameter(-3.0)];
//! let mut stepper = Stepper::new(&tape, (a * b).id());
//! stepper.seek(5); // a, b, a * b, the seed, and the contribution to a
//! assert_eq!(stepper.gradient(a.id()), -3.0);
//! assert!(matches!(stepper.previous(), Some(Stop::Backward { node: 2, operand: 0, .. })));
//! assert_eq!(stepper.gradient(a.id()), 0.0);
//! ```

mod stop;

#[cfg(test)]
mod tests;

pub use stop::{Direction, Stop};

use std::ops::Range;

use glassgpt_core::Tape;
use glassgpt_core::value::{Node, NodeId};

/// Rows that [`Stepper::stops`] returns at most.
pub const MAX_ROWS: usize = 1000;

/// One addition to one gradient.
#[derive(Clone, Copy, Debug)]
struct Addition {
    node: NodeId,
    slot: u8,
    before: f64,
}

/// All stops from the first leaf to the last gradient of one root, and a position between two of them.
///
/// The stops are: one per node the root was made from, in the order in which they were computed; the seed; one per operand
/// of each of these nodes, in the order of [`Value::backward`](glassgpt_core::Value::backward). At position `k` the first
/// `k` stops have happened. Every state is exact: the gradient before each addition is kept, never computed back.
/// Only the sign and payload of a NaN are left to the compiler, as everywhere in Rust.
///
/// Memory: 64 bytes per node of the tape, 4 per node and 16 per edge of the root's graph; 4.2 MB for
/// the 43,091 nodes and 75,632 edges of a step on "emma". Moving costs one assignment per stop passed.
#[derive(Clone, Debug)]
pub struct Stepper {
    /// The tape.
    nodes: Vec<Node>,
    root: NodeId,
    /// Nodes of the root's graph by place on the tape, which is the order in which they were computed.
    forward: Vec<NodeId>,
    /// In the order of backward.
    additions: Vec<Addition>,
    /// Which additions each node makes, by place on the tape.
    made_by: Vec<Range<u32>>,
    /// The gradients at the end, by place on the tape.
    complete: Vec<f64>,
    /// Stops that have happened.
    position: usize,
    /// The gradients at the position, by place on the tape.
    gradients: Vec<f64>,
}

impl Stepper {
    /// Before the first stop on the way to `root` and back.
    ///
    /// # Panics
    /// If `root` is not on the tape.
    #[must_use]
    pub fn new(tape: &Tape, root: NodeId) -> Self {
        let mut forward = tape.topological_order(root);
        let nodes: Vec<Node> = (0..tape.len() as NodeId).map(|id| tape.node(id)).collect();
        let mut additions = Vec::with_capacity(forward.iter().map(|&id| nodes[id as usize].op.arity()).sum());
        let mut made_by = vec![0..0; nodes.len()];
        let mut complete = vec![0.0; nodes.len()];
        complete[root as usize] = 1.0;
        for &node in forward.iter().rev() {
            let first = additions.len() as u32;
            let Node { local_grads, .. } = nodes[node as usize];
            for (slot, &operand) in nodes[node as usize].operands().iter().enumerate() {
                let before = complete[operand as usize];
                complete[operand as usize] = before + local_grads[slot] * complete[node as usize];
                additions.push(Addition { node, slot: slot as u8, before });
            }
            made_by[node as usize] = first..additions.len() as u32;
        }
        forward.sort_unstable();
        let gradients = vec![0.0; nodes.len()];
        Self { nodes, root, forward, additions, made_by, complete, position: 0, gradients }
    }

    /// Stops in all.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "there is always a root to compute")]
    pub fn len(&self) -> usize {
        self.forward.len() + 1 + self.additions.len()
    }

    /// Stops that have happened.
    #[must_use]
    pub fn position(&self) -> usize {
        self.position
    }

    /// Which way the next stop goes.
    #[must_use]
    pub fn direction(&self) -> Direction {
        if self.position < self.seed() { Direction::Forward } else { Direction::Backward }
    }

    /// The number of the seed: all stops before it go forward, all after it backward.
    #[must_use]
    pub fn seed(&self) -> usize {
        self.forward.len()
    }

    /// Lets the next stop happen and returns it; None at the end.
    #[expect(
        clippy::should_implement_trait,
        reason = "it also goes back, and an iterator's `position` is another thing"
    )]
    pub fn next(&mut self) -> Option<Stop> {
        let stop = self.stop(self.position)?;
        self.pass();
        Some(stop)
    }

    /// Undoes the last stop and returns it; None at the beginning.
    pub fn previous(&mut self) -> Option<Stop> {
        let stop = self.stop(self.position.checked_sub(1)?)?;
        self.unpass();
        Some(stop)
    }

    /// Moves to where the first `position` stops have happened, or to the end if there are fewer.
    pub fn seek(&mut self, position: usize) {
        let position = position.min(self.len());
        while self.position < position {
            self.pass();
        }
        while self.position > position {
            self.unpass();
        }
    }

    /// The value of a node; None if it is not computed yet, or has no part in the root.
    #[must_use]
    pub fn value(&self, node: NodeId) -> Option<f64> {
        let stop = self.forward_stop(node)?;
        (stop < self.position).then(|| self.nodes[node as usize].data)
    }

    /// The gradient of a node as far as it is collected.
    ///
    /// # Panics
    /// If the node is not on the tape.
    #[must_use]
    pub fn gradient(&self, node: NodeId) -> f64 {
        self.gradients[node as usize]
    }

    /// The gradients of all nodes as far as they are collected, by place on the tape.
    #[must_use]
    pub fn gradients(&self) -> &[f64] {
        &self.gradients
    }

    /// One stop, wherever the position is; None if there are not so many.
    #[must_use]
    pub fn stop(&self, stop: usize) -> Option<Stop> {
        if let Some(&node) = self.forward.get(stop) {
            return Some(self.forward_row(node));
        }
        match stop - self.seed() {
            0 => Some(Stop::Seed { node: self.root }),
            backward => self.additions.get(backward - 1).map(|addition| self.backward_row(addition)),
        }
    }

    /// A window: the stops in this range, as far as they exist, [`MAX_ROWS`] at most.
    #[must_use]
    pub fn stops(&self, range: Range<usize>) -> Vec<Stop> {
        range.take(MAX_ROWS).map_while(|stop| self.stop(stop)).collect()
    }

    /// The stop at which a node is computed; None if it has no part in the root.
    #[must_use]
    pub fn forward_stop(&self, node: NodeId) -> Option<usize> {
        self.forward.binary_search(&node).ok()
    }

    /// The stops at which a node hands on its gradient: one per operand, empty for a leaf.
    ///
    /// # Panics
    /// If the node is not on the tape.
    #[must_use]
    pub fn handing_on(&self, node: NodeId) -> Range<usize> {
        let Range { start, end } = self.made_by[node as usize].clone();
        let first = self.seed() + 1;
        first + start as usize..first + end as usize
    }

    /// The stops at which a node receives its gradient, in order: one per use.
    #[must_use]
    pub fn receiving(&self, node: NodeId) -> Vec<usize> {
        let first = self.seed() + 1;
        let additions = self.additions.iter().enumerate();
        additions.filter(|(_, addition)| self.operand(addition) == node).map(|(i, _)| first + i).collect()
    }

    /// The stops of one segment of the tape, in order: its nodes are computed, and later hand on their gradients.
    #[must_use]
    pub fn segment(&self, nodes: Range<NodeId>) -> Vec<usize> {
        let [start, end] = [nodes.start, nodes.end].map(|id| self.forward.partition_point(|&node| node < id));
        let first = self.seed() + 1;
        let additions = self.additions.iter().enumerate();
        let backward = additions.filter(|(_, addition)| nodes.contains(&addition.node)).map(|(i, _)| first + i);
        (start..end).chain(backward).collect()
    }

    /// Bytes of memory it keeps.
    #[must_use]
    pub fn memory_bytes(&self) -> usize {
        let per_node = size_of::<Node>() + size_of::<Range<u32>>() + 2 * size_of::<f64>();
        self.nodes.len() * per_node
            + self.forward.len() * size_of::<NodeId>()
            + self.additions.len() * size_of::<Addition>()
    }

    fn forward_row(&self, id: NodeId) -> Stop {
        let node = &self.nodes[id as usize];
        Stop::Forward {
            node: id,
            op: node.op,
            operands: node.operands().to_vec(),
            operand_values: node.operands().iter().map(|&operand| self.nodes[operand as usize].data.into()).collect(),
            value: node.data.into(),
        }
    }

    fn backward_row(&self, addition: &Addition) -> Stop {
        let &Addition { node, slot, before } = addition;
        Stop::Backward {
            node,
            operand: self.operand(addition),
            slot,
            upstream: self.complete[node as usize].into(),
            local_gradient: self.local_gradient(addition).into(),
            contribution: self.contribution(addition).into(),
            before: before.into(),
            after: (before + self.contribution(addition)).into(),
        }
    }

    fn operand(&self, addition: &Addition) -> NodeId {
        self.nodes[addition.node as usize].operands[usize::from(addition.slot)]
    }

    fn local_gradient(&self, addition: &Addition) -> f64 {
        self.nodes[addition.node as usize].local_grads[usize::from(addition.slot)]
    }

    fn contribution(&self, addition: &Addition) -> f64 {
        self.local_gradient(addition) * self.complete[addition.node as usize]
    }

    /// Lets the stop at the position happen. There is one.
    fn pass(&mut self) {
        match self.position.checked_sub(self.seed()) {
            None => {}
            Some(0) => self.gradients[self.root as usize] = 1.0,
            Some(backward) => {
                let addition = self.additions[backward - 1];
                let operand = self.operand(&addition) as usize;
                self.gradients[operand] = addition.before + self.contribution(&addition);
            }
        }
        self.position += 1;
    }

    /// Undoes the stop before the position. There is one.
    fn unpass(&mut self) {
        self.position -= 1;
        match self.position.checked_sub(self.seed()) {
            None => {}
            Some(0) => self.gradients[self.root as usize] = 0.0,
            Some(backward) => {
                let addition = self.additions[backward - 1];
                let operand = self.operand(&addition) as usize;
                self.gradients[operand] = addition.before;
            }
        }
    }
}
