//! The finest zoom: every node of the tape, all of them as arrays, or a window of them with everything known.
//!
//! Why arrays: forty thousand nodes are a picture, not a list; a window is what a person can read.

use glassgpt_core::Op;
use glassgpt_core::value::NodeId;
use serde::Serialize;

use crate::address::{Address, Kind};
use crate::glass::{Glass, Label};
use crate::protocol::Refusal;
use crate::source::{self, SourceLines};
use crate::wire_number::WireNumber;

/// The most nodes in a window.
const MAX_WINDOW: u32 = 2_000;

/// All nodes, in the order of the tape. The entry at `i` belongs to node `i`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Raster {
    /// Their values, rounded to single precision: a picture shows no more. Null where not finite.
    #[cfg_attr(feature = "ts", ts(type = "Array<number | null>"))]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Option<f32>>))]
    pub values: Vec<f32>,
    /// Their gradients, rounded likewise.
    #[cfg_attr(feature = "ts", ts(type = "Array<number | null>"))]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Option<f32>>))]
    pub grads: Vec<f32>,
    /// The operations that made them: places in `operations`.
    pub ops: Vec<u8>,
    /// The names of the operations.
    pub operations: Vec<String>,
    /// For each run of nodes that help to make one named number, or of one matrix: where it begins.
    pub run_starts: Vec<u32>,
    /// The address of that number or matrix.
    pub run_addresses: Vec<String>,
    /// The lines of source that do it, Rust first: a place in `sources`.
    pub run_sources: Vec<u32>,
    /// Lines of source.
    pub sources: Vec<Vec<SourceLines>>,
}

/// Some nodes, with all that is known of them.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Window {
    /// The first node in it.
    pub first: u32,
    /// Nodes on the tape.
    pub total: u32,
    /// The nodes.
    pub nodes: Vec<ScalarNode>,
}

/// One node.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ScalarNode {
    /// Its place on the tape.
    pub node: u32,
    /// Its name, or `node:N`.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub address: Address,
    /// The named number it helps to make; null for parameters.
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub owner: Option<Address>,
    /// What made it.
    pub op: Op,
    /// Its value.
    pub value: WireNumber,
    /// Its gradient.
    pub grad: WireNumber,
    /// What it was made from.
    pub operands: Vec<u32>,
    /// Its derivative with respect to each.
    pub local_grads: Vec<WireNumber>,
}

impl Raster {
    /// All nodes of one document's tape.
    #[must_use]
    pub fn new(glass: &Glass<'_>) -> Self {
        let nodes = 0..glass.tape().len() as NodeId;
        let place = |op: Op| Op::ALL.iter().position(|&known| known == op).expect("all operations are listed") as u8;
        let (mut run_starts, mut run_addresses, mut run_sources) = (Vec::new(), Vec::new(), Vec::new());
        let layout = glass.scene().plan.layout();
        for matrix in layout.matrices() {
            run_starts.push(matrix.offset as u32);
            run_addresses.push(matrix.name.clone());
            run_sources.push(0);
        }
        let mut begin = layout.n_params as u32;
        for (node, label) in glass.atlas().labels() {
            run_starts.push(begin);
            run_addresses.push(label.address().to_string());
            run_sources.push(match label {
                Label::Loss => 1,
                Label::Entry { tensor, .. } => 2 + tensor.kind as u32,
            });
            begin = node + 1;
        }
        let activation = glass.scene().plan.config().activation;
        let of_kinds = Kind::ALL.into_iter().map(|kind| source::of_kind(kind, activation));
        let sources = [source::of_parameters(), source::of_document_loss()].into_iter().chain(of_kinds);
        Self {
            values: nodes.clone().map(|node| glass.node(node).data as f32).collect(),
            grads: glass.grads().iter().map(|&grad| grad as f32).collect(),
            ops: nodes.map(|node| place(glass.node(node).op)).collect(),
            operations: Op::ALL.map(|op| op.name().to_string()).to_vec(),
            run_starts,
            run_addresses,
            run_sources,
            sources: sources.collect(),
        }
    }
}

impl Window {
    /// `count` nodes from `first` on.
    ///
    /// # Errors
    /// If they are not on the tape, or too many.
    pub fn new(glass: &Glass<'_>, first: u32, count: u32) -> Result<Self, Refusal> {
        let total = glass.tape().len() as u32;
        if first >= total {
            let max = total - 1;
            return Err(Refusal::of("first", format!("first is {first}; it must be from 0 to {max}")));
        }
        if !(1..=MAX_WINDOW).contains(&count) {
            return Err(Refusal::of("count", format!("count is {count}; it must be from 1 to {MAX_WINDOW}")));
        }
        let nodes = (first..total.min(first.saturating_add(count))).map(|node| ScalarNode::new(glass, node));
        Ok(Self { first, total, nodes: nodes.collect() })
    }
}

impl ScalarNode {
    /// All that is known of a node.
    #[must_use]
    pub fn new(glass: &Glass<'_>, id: NodeId) -> Self {
        let node = glass.node(id);
        let operands = node.operands().to_vec();
        Self {
            node: id,
            address: glass.address(id),
            owner: glass.atlas().owner(id).map(|(_, label)| label.address()),
            op: node.op,
            value: node.data.into(),
            grad: glass.grad(id).into(),
            local_grads: node.local_grads[..operands.len()].iter().copied().map(WireNumber).collect(),
            operands,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::Scene;
    use glassgpt_core::{Corpus, Preset, Setup};

    #[test]
    fn raster_and_window_tell_the_same_story() {
        let setup = Setup::new(Preset::Blog.config(), &Corpus::parse("emma\n").expect("a corpus"));
        let scene = Scene::initial(&setup.expect("valid settings"));
        let glass = Glass::new(&scene);
        let raster = Raster::new(&glass);
        let total = glass.tape().len();
        assert_eq!([raster.values.len(), raster.grads.len(), raster.ops.len()], [total; 3]);
        assert!(raster.run_starts.is_sorted_by(|a, b| a < b), "runs follow each other");
        for first in [0, 4000, total as u32 - 10] {
            let window = Window::new(&glass, first, 100).expect("it is on the tape");
            for node in window.nodes {
                let i = node.node as usize;
                assert_eq!((raster.values[i], raster.grads[i]), (node.value.0 as f32, node.grad.0 as f32));
                assert_eq!(raster.operations[raster.ops[i] as usize], node.op.name());
                let run = raster.run_starts.partition_point(|&start| start <= node.node) - 1;
                let matrix = || node.address.to_string().split('[').next().map(str::to_string);
                let expected = node.owner.as_ref().map(Address::to_string).or_else(matrix);
                assert_eq!(Some(raster.run_addresses[run].clone()), expected);
                assert!(!raster.sources[raster.run_sources[run] as usize].is_empty(), "{expected:?}");
            }
        }
        assert!(Window::new(&glass, total as u32, 1).is_err());
        assert!(Window::new(&glass, 0, MAX_WINDOW + 1).is_err());
    }
}
