//! Which node of the tape is which number.
//!
//! Why recorded while the model runs: a witness sees every row as it is made, and a value knows its node. Nodes without a
//! name of their own, such as the products within a sum, belong to the next named number made after them.

use std::collections::BTreeMap;

use glassgpt_core::value::NodeId;
use glassgpt_core::{Plan, Value};

use super::model::Witness;
use crate::address::{Address, Matrix, Name, Tensor};
use crate::selection::{Selection, Target};

/// A map between nodes and addresses.
#[derive(Clone, Debug)]
pub struct Atlas {
    matrices: Vec<(Matrix, glassgpt_core::Matrix)>,
    n_params: usize,
    /// By tensor and position: the nodes of its numbers.
    nodes: BTreeMap<(Tensor, u32), Vec<NodeId>>,
    /// Named nodes in the order of the tape; the loss comes last.
    labels: BTreeMap<NodeId, Label>,
}

/// What a named node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label {
    /// A number of a tensor.
    Entry {
        /// The tensor.
        tensor: Tensor,
        /// At which position.
        position: u32,
        /// Which of its numbers.
        index: u32,
    },
    /// The loss of the document.
    Loss,
}

impl Label {
    /// Its address.
    #[must_use]
    pub fn address(self) -> Address {
        match self {
            Label::Loss => Address::of(Name::Loss),
            Label::Entry { tensor, position, index } => {
                let address = tensor.at(position as usize);
                let single = tensor.kind.width() == crate::address::Width::One;
                if single { address } else { address.entry(index as usize) }
            }
        }
    }
}

impl Atlas {
    /// A node's address: its name if it has one, or its place on the tape.
    #[must_use]
    pub fn address(&self, node: NodeId) -> Address {
        if let Some((matrix, row, col)) = self.parameter(node) {
            return Address::parameter(matrix, row, col);
        }
        self.labels.get(&node).map_or_else(|| Address::of(Name::Node(node)), |label| label.address())
    }

    /// The matrix, row and column of a parameter's node.
    #[must_use]
    pub fn parameter(&self, node: NodeId) -> Option<(Matrix, usize, usize)> {
        let index = node as usize;
        let (name, matrix) = self.matrices.iter().find(|(_, matrix)| matrix.range().contains(&index))?;
        Some((*name, (index - matrix.offset) / matrix.cols, (index - matrix.offset) % matrix.cols))
    }

    /// What a node is, if it has a name of its own and is no parameter.
    #[must_use]
    pub fn label(&self, node: NodeId) -> Option<Label> {
        self.labels.get(&node).copied()
    }

    /// The named number that a node helps to make: itself if it has a name. None for a parameter.
    #[must_use]
    pub fn owner(&self, node: NodeId) -> Option<(NodeId, Label)> {
        if (node as usize) < self.n_params {
            return None;
        }
        self.labels.range(node..).next().map(|(&id, &label)| (id, label))
    }

    /// Named nodes in the order of the tape.
    pub fn labels(&self) -> impl Iterator<Item = (NodeId, Label)> + '_ {
        self.labels.iter().map(|(&id, &label)| (id, label))
    }

    /// The nodes of a tensor at a position.
    #[must_use]
    pub fn nodes(&self, tensor: Tensor, position: u32) -> Option<&[NodeId]> {
        self.nodes.get(&(tensor, position)).map(Vec::as_slice)
    }

    /// All tensors at all positions, with their nodes.
    pub fn tensors(&self) -> impl Iterator<Item = (Tensor, u32, &[NodeId])> {
        self.nodes.iter().map(|(&(tensor, position), nodes)| (tensor, position, nodes.as_slice()))
    }

    /// The first node a selection means.
    pub(crate) fn node(&self, selection: &Selection, root: NodeId) -> Option<NodeId> {
        match selection.target {
            Target::Parameters { start, .. } => Some(start as NodeId),
            Target::Entries { tensor, first_position, first, .. } => {
                self.nodes(tensor, first_position)?.get(first as usize).copied()
            }
            Target::Loss => Some(root),
            Target::Node(node) => Some(node),
        }
    }
}

/// An atlas in the making.
#[derive(Debug)]
pub(super) struct Labels {
    matrices: Vec<(Matrix, glassgpt_core::Matrix)>,
    n_params: usize,
    nodes: BTreeMap<(Tensor, u32), Vec<NodeId>>,
}

impl Labels {
    pub(super) fn new(plan: &Plan) -> Self {
        let name = |matrix: &glassgpt_core::Matrix| {
            Matrix::named(&matrix.name).expect("the address grammar knows every matrix of the layout")
        };
        let matrices = plan.layout().matrices().map(|matrix| (name(matrix), matrix.clone())).collect();
        Self { matrices, n_params: plan.layout().n_params, nodes: BTreeMap::new() }
    }

    pub(super) fn finish(self, root: NodeId) -> Atlas {
        let mut labels = BTreeMap::new();
        // A number can have two names, such as what one norm puts out and the next one reads. The maker's comes first.
        for (&(tensor, position), nodes) in &self.nodes {
            if is_alias(tensor) {
                continue;
            }
            for (index, &node) in nodes.iter().enumerate() {
                if node as usize >= self.n_params {
                    labels.entry(node).or_insert(Label::Entry { tensor, position, index: index as u32 });
                }
            }
        }
        labels.insert(root, Label::Loss);
        Atlas { matrices: self.matrices, n_params: self.n_params, nodes: self.nodes, labels }
    }
}

/// What a norm reads was made, and named, by someone else.
fn is_alias(tensor: Tensor) -> bool {
    use crate::address::Kind;
    matches!(tensor.kind, Kind::EmbNormInput | Kind::AttnNormInput | Kind::MlpNormInput)
}

impl<'t> Witness<Value<'t>> for Labels {
    fn see(&mut self, tensor: Tensor, position: usize, numbers: &mut [Value<'t>]) {
        self.nodes.insert((tensor, position as u32), numbers.iter().map(|number| number.id()).collect());
    }
}
