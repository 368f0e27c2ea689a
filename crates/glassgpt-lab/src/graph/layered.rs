//! A small graph from left to right: leaves on the left, the result on the right, every edge one way.
//!
//! Why layers (after Sugiyama, Tagawa and Toda, 1981): the way to read a computation is along its edges, so the place of a
//! node says how many operations it takes to get there. Edges that pass a layer get a place of their own in it.

use glassgpt_core::Tape;
use glassgpt_core::value::NodeId;
use serde::{Deserialize, Serialize};

use super::{ordering, spacing};

/// Nodes that can be laid out at most.
pub const MAX_NODES: usize = 500;

/// Places for passing edges at most; if there were more, all edges go straight.
const MAX_PASSING: usize = 4000;

/// A graph with places. The unit is the distance from layer to layer, and between neighbours in a layer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LayeredGraph {
    /// The largest x; the smallest is 0.
    pub width: f64,
    /// The largest y; the smallest is 0.
    pub height: f64,
    /// The nodes, in the order in which they were computed.
    pub nodes: Vec<LayeredNode>,
    /// The edges, by the node that uses and by its operands.
    pub edges: Vec<LayeredEdge>,
}

/// A node and its place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LayeredNode {
    /// Its place on the tape.
    pub id: NodeId,
    /// Its layer, which is also its x.
    pub layer: u32,
    /// Its y, downwards.
    pub y: f64,
}

/// An edge from an operand to the node made from it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LayeredEdge {
    /// The operand.
    pub from: NodeId,
    /// The node made from it.
    pub to: NodeId,
    /// Which operand of that node: 0 or 1.
    pub slot: u8,
    /// The way, as pairs of x and y: both ends, and between them the places where it passes a layer.
    pub points: Vec<[f64; 2]>,
}

/// The graph is too large to be laid out in layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the graph has {nodes} nodes; at most {MAX_NODES} can be drawn in layers")]
pub struct TooManyNodes {
    /// How many it has.
    pub nodes: usize,
}

/// What takes a place in a layer: a node, or an edge that passes. Numbered through, nodes first.
#[derive(Clone, Debug, Default)]
pub(super) struct Vertex {
    pub(super) layer: usize,
    /// What it is joined to on the left.
    pub(super) left: Vec<usize>,
    /// And on the right.
    pub(super) right: Vec<usize>,
}

/// Lays out everything `root` was made from. The same graph always gets the same places.
///
/// # Errors
/// If these are more than [`MAX_NODES`] nodes.
///
/// # Panics
/// If `root` is not on the tape.
pub fn layered(tape: &Tape, root: NodeId) -> Result<LayeredGraph, TooManyNodes> {
    lay_out(tape, tape.topological_order(root))
}

/// Lays out some nodes with the edges among them. Among neighbours in a layer, those that come first in `visited` begin above.
///
/// # Errors
/// If they are more than [`MAX_NODES`].
pub(super) fn lay_out(tape: &Tape, visited: Vec<NodeId>) -> Result<LayeredGraph, TooManyNodes> {
    if visited.len() > MAX_NODES {
        return Err(TooManyNodes { nodes: visited.len() });
    }
    let mut ids = visited.clone();
    ids.sort_unstable();
    let index = |id: NodeId| ids.binary_search(&id).expect("it is one of them");
    let slots = |&id: &NodeId| {
        let node = tape.node(id);
        let known = |(slot, operand): (usize, &NodeId)| Some((slot as u8, ids.binary_search(operand).ok()?));
        node.operands().iter().enumerate().filter_map(known).collect()
    };
    let operands: Vec<Vec<(u8, usize)>> = ids.iter().map(slots).collect();

    let mut vertices: Vec<Vertex> =
        layers(&operands).into_iter().map(|layer| Vertex { layer, ..Vertex::default() }).collect();
    // Before any sorting, a layer has the order of the depth-first visit, which draws a tree without crossings.
    let mut keys = vec![0; ids.len()];
    visited.iter().enumerate().for_each(|(key, &id)| keys[index(id)] = key);
    let ways = ways(&operands, &mut vertices, &mut keys);
    let rows = ordering::rows(&vertices, &keys);
    let ys = spacing::ys(&vertices, &rows);

    let place = |vertex: usize| [vertices[vertex].layer as f64, ys[vertex]];
    let nodes: Vec<LayeredNode> =
        ids.iter().enumerate().map(|(i, &id)| LayeredNode { id, layer: vertices[i].layer as u32, y: ys[i] }).collect();
    let edges = ways.iter().map(|way| LayeredEdge {
        from: ids[way.vertices[0]],
        to: ids[way.vertices[way.vertices.len() - 1]],
        slot: way.slot,
        points: way.vertices.iter().map(|&vertex| place(vertex)).collect(),
    });
    Ok(LayeredGraph {
        width: nodes.iter().map(|node| f64::from(node.layer)).fold(0.0, f64::max),
        height: ys.iter().copied().fold(0.0, f64::max),
        edges: edges.collect(),
        nodes,
    })
}

/// The layer of every node: one right of its rightmost operand; a leaf as far right as the first that uses it allows.
fn layers(operands: &[Vec<(u8, usize)>]) -> Vec<usize> {
    let mut layers = vec![0; operands.len()];
    for (node, operands) in operands.iter().enumerate() {
        layers[node] = operands.iter().map(|&(_, operand)| layers[operand] + 1).max().unwrap_or(0);
    }
    let mut first_use = vec![usize::MAX; operands.len()];
    for (node, operands) in operands.iter().enumerate() {
        operands.iter().for_each(|&(_, operand)| first_use[operand] = first_use[operand].min(layers[node]));
    }
    for (node, operands) in operands.iter().enumerate() {
        if operands.is_empty() && first_use[node] != usize::MAX {
            layers[node] = first_use[node] - 1;
        }
    }
    layers
}

/// An edge as the vertices it goes through, from operand to user.
struct Way {
    vertices: Vec<usize>,
    slot: u8,
}

/// The ways of all edges; adds a vertex for each layer that one passes, and joins neighbours.
fn ways(operands: &[Vec<(u8, usize)>], vertices: &mut Vec<Vertex>, keys: &mut Vec<usize>) -> Vec<Way> {
    let edges: Vec<(usize, usize, u8)> = (operands.iter().enumerate())
        .flat_map(|(to, operands)| operands.iter().map(move |&(slot, from)| (from, to, slot)))
        .collect();
    let passing: usize = edges.iter().map(|&(from, to, _)| vertices[to].layer - vertices[from].layer - 1).sum();
    let mut ways = Vec::with_capacity(edges.len());
    for (from, to, slot) in edges {
        let mut way = vec![from];
        if passing <= MAX_PASSING {
            for layer in vertices[from].layer + 1..vertices[to].layer {
                way.push(vertices.len());
                vertices.push(Vertex { layer, ..Vertex::default() });
                keys.push(keys[from]);
            }
        }
        way.push(to);
        for pair in way.windows(2) {
            vertices[pair[0]].right.push(pair[1]);
            vertices[pair[1]].left.push(pair[0]);
        }
        ways.push(Way { vertices: way, slot });
    }
    ways
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expression::Program;

    fn layout(source: &str) -> Result<LayeredGraph, TooManyNodes> {
        let evaluation = Program::parse(source).and_then(|program| program.evaluate(&[])).expect("it is fine");
        layered(&evaluation.tape, evaluation.root)
    }

    const NEURON: &str = "x1=2;x2=0;w1=-3;w2=1;b=6.88\nn = x1*w1 + x2*w2 + b\no = tanh(n)";

    fn check(graph: &LayeredGraph) {
        for (i, a) in graph.nodes.iter().enumerate() {
            assert!((0.0..=graph.height).contains(&a.y) && f64::from(a.layer) <= graph.width);
            let others = graph.nodes[i + 1..].iter().filter(|b| b.layer == a.layer);
            assert!(others.into_iter().all(|b| (a.y - b.y).abs() > 0.998), "neighbours keep their distance");
        }
        for edge in &graph.edges {
            assert!(edge.points.is_sorted_by(|a, b| a[0] < b[0]), "edges go right");
            let place = |id| graph.nodes.iter().find(|node| node.id == id).map(|node| [f64::from(node.layer), node.y]);
            assert_eq!(place(edge.from), edge.points.first().copied());
            assert_eq!(place(edge.to), edge.points.last().copied());
        }
    }

    #[test]
    fn a_neuron_reads_from_left_to_right() {
        let graph = layout(NEURON).expect("small");
        check(&graph);
        assert_eq!(layout(NEURON).expect("small"), graph, "the same again");
        let layer_of = |id: usize| graph.nodes[id].layer;
        // x1 | x1 * w1 | their sum, and b beside it | n
        assert_eq!([0, 5, 7, 4, 8].map(layer_of), [0, 1, 2, 2, 3]);
        assert_eq!(graph.width, f64::from(graph.nodes.last().expect("o").layer));
        let json = serde_json::to_string(&graph).expect("plain data");
        assert_eq!(serde_json::from_str::<LayeredGraph>(&json).expect("it was written"), graph);
    }

    #[test]
    fn a_tree_has_no_crossings() {
        let graph = layout("a=1;b=2;c=3;d=4;e=5;f=6;g=7;h=8;((a*e)+(c*g))*((b*f)+(d*h))").expect("small");
        check(&graph);
        let crossing = |one: &LayeredEdge, two: &LayeredEdge| {
            let [a, b] = [one, two].map(|edge| (edge.points[0], edge.points[1]));
            a.0[0] == b.0[0] && (a.0[1] - b.0[1]) * (a.1[1] - b.1[1]) < 0.0
        };
        assert!(graph.edges.iter().all(|one| graph.edges.iter().all(|two| !crossing(one, two))));
    }

    #[test]
    fn the_largest_graphs_are_laid_out_and_larger_ones_refused() {
        let sums = |n: usize| layout(&format!("x=1;x{}", "+x".repeat(n)));
        for n in [0, 1, 80, MAX_NODES - 1] {
            check(&sums(n).expect("within the limit"));
        }
        assert_eq!(sums(MAX_NODES), Err(TooManyNodes { nodes: MAX_NODES + 1 }));
    }
}
