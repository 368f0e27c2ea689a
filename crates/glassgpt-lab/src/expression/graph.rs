//! An evaluated program as plain data: every node with its value, gradient, name and the characters that made it.
//!
//! Why apart from the evaluation: this is what travels, so it has no tape and none of JSON's gaps.

use glassgpt_core::value::{NodeId, Op};
use serde::{Deserialize, Serialize};

use super::ast::Span;
use super::evaluate::{Binding, Evaluation};
use crate::wire_number::WireNumber;

/// A program's computation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExpressionGraph {
    /// The nodes, in the order in which they were computed.
    pub nodes: Vec<ExpressionNode>,
    /// The result's node.
    pub root: NodeId,
    /// The names and what they stand for.
    pub bindings: Vec<Binding>,
    /// The names the program uses but does not assign, in order of their first use.
    pub free_names: Vec<String>,
    /// Where the numbers first went wrong, if they did.
    pub non_finite: Option<NonFinite>,
}

/// One node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExpressionNode {
    /// Which operation made it.
    pub op: Op,
    /// Its value.
    pub value: WireNumber,
    /// The gradient of the result with respect to it.
    pub gradient: WireNumber,
    /// The nodes it was made from.
    pub operands: Vec<NodeId>,
    /// The derivative with respect to each of them, with the others held still.
    pub local_gradients: Vec<WireNumber>,
    /// The exponent, if it is a power.
    pub exponent: Option<f64>,
    /// The first name that stands for it.
    pub name: Option<String>,
    /// The characters of the smallest expression that made it.
    pub span: Span,
}

/// The first number that is not finite, in the order in which they were computed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NonFinite {
    /// The node.
    pub node: NodeId,
    /// Which of its numbers.
    pub part: NonFinitePart,
    /// That number.
    pub number: WireNumber,
    /// The characters that made the node.
    pub span: Span,
}

/// Which number of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum NonFinitePart {
    /// Its value, like that of `log(0)`.
    Value,
    /// A derivative towards an operand, like that of `x ** 0.5` at 0, whose value is fine.
    LocalGradient,
    /// The gradient that arrived: all before was finite, but the products overflow.
    Gradient,
}

impl Evaluation {
    /// The first number that is not finite: of values and local derivatives in the order of the tape, then of gradients in
    /// the order in which they are completed.
    #[must_use]
    pub fn first_non_finite(&self) -> Option<NonFinite> {
        self.forward_non_finite().or_else(|| {
            let order = self.tape.topological_order(self.root).into_iter().rev();
            let mut gradients = order.map(|node| (node, self.gradients.all()[node as usize]));
            let (node, gradient) = gradients.find(|(_, gradient)| !gradient.is_finite())?;
            Some(self.non_finite(node, NonFinitePart::Gradient, gradient))
        })
    }

    fn forward_non_finite(&self) -> Option<NonFinite> {
        (0..self.tape.len() as NodeId).find_map(|id| {
            let node = self.tape.node(id);
            if !node.data.is_finite() {
                return Some(self.non_finite(id, NonFinitePart::Value, node.data));
            }
            let mut local_grads = node.local_grads.into_iter();
            let local_grad = local_grads.find(|local_grad| !local_grad.is_finite())?;
            Some(self.non_finite(id, NonFinitePart::LocalGradient, local_grad))
        })
    }

    fn non_finite(&self, node: NodeId, part: NonFinitePart, number: f64) -> NonFinite {
        NonFinite { node, part, number: number.into(), span: self.origins[node as usize].span }
    }

    /// All of it as plain data. `free_names` are the program's.
    #[must_use]
    pub fn graph(&self, free_names: &[String]) -> ExpressionGraph {
        ExpressionGraph {
            nodes: (0..self.tape.len() as NodeId).map(|id| self.node(id)).collect(),
            root: self.root,
            bindings: self.bindings.clone(),
            free_names: free_names.to_vec(),
            non_finite: self.first_non_finite(),
        }
    }

    fn node(&self, id: NodeId) -> ExpressionNode {
        let node = self.tape.node(id);
        let operands = node.operands().to_vec();
        let local_gradients = node.local_grads.into_iter().take(operands.len()).map(WireNumber).collect();
        let origin = self.origins[id as usize];
        ExpressionNode {
            op: node.op,
            value: node.data.into(),
            gradient: self.gradients.all()[id as usize].into(),
            operands,
            local_gradients,
            exponent: origin.exponent,
            name: self.bindings.iter().find(|binding| binding.node == id).map(|binding| binding.name.clone()),
            span: origin.span,
        }
    }
}
