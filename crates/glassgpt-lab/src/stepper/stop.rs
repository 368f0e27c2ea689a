//! A stop as plain data: everything one needs to show it.
//!
//! Why complete rows: a window of them is drawn without asking for anything else.

use glassgpt_core::value::{NodeId, Op};
use serde::{Deserialize, Serialize};

use crate::wire_number::WireNumber;

/// One stop, with the numbers before and after it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Stop {
    /// A node is computed. Before, its value is unknown.
    Forward {
        /// The node.
        node: NodeId,
        /// Which operation makes it.
        op: Op,
        /// The nodes it is made from.
        operands: Vec<NodeId>,
        /// Their values.
        operand_values: Vec<WireNumber>,
        /// Its value from here on.
        value: WireNumber,
    },
    /// The way back begins: the gradient of the root with respect to itself goes from 0 to 1.
    Seed {
        /// The root.
        node: NodeId,
    },
    /// One contribution: `gradient[operand] += local_gradient * gradient[node]`.
    Backward {
        /// The node that hands on its gradient, which is complete by now.
        node: NodeId,
        /// The operand that receives.
        operand: NodeId,
        /// Which of the node's operands that is: 0 or 1.
        slot: u8,
        /// The gradient of the node.
        upstream: WireNumber,
        /// The derivative of the node with respect to this operand.
        local_gradient: WireNumber,
        /// Their product, which is added.
        contribution: WireNumber,
        /// The gradient of the operand before.
        before: WireNumber,
        /// And after.
        after: WireNumber,
    },
}

/// Which way the stops go at some position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Values are computed.
    Forward,
    /// Gradients are collected.
    Backward,
}
