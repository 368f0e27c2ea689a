//! The coarsest zoom: one box for each tensor, over all positions.
//!
//! Why read off the tape: the arrows are the edges that are really there, counted, not a drawing of what should be.

use serde::Serialize;

use super::Arrow;
use super::grouping::{Grouping, Owner};
use crate::address::{Kind, Matrix, Tensor};
use crate::glass::{Glass, Label};

/// Tensors and what is made from what.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TensorGraph {
    /// The tensors.
    pub boxes: Vec<TensorBox>,
    /// From maker to user.
    pub arrows: Vec<Arrow>,
    /// Columns of the layout.
    pub columns: u32,
    /// Rows of the layout.
    pub rows: u32,
}

/// A tensor.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TensorBox {
    /// Its address, without position and index.
    pub address: String,
    /// What it is, in a phrase.
    pub about: String,
    /// Its layer, if it has one.
    pub layer: Option<u32>,
    /// Whether training changes it.
    pub is_parameter: bool,
    /// Numbers in it, over all positions and heads.
    pub numbers: u32,
    /// Nodes of the scalar tape it takes to make them; of a matrix, those this document uses.
    pub nodes: u32,
    /// Its column: one more than the farthest of what it is made from.
    pub column: u32,
    /// Its row within the column.
    pub row: u32,
}

/// What a box stands for, in the order of computation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Matrix(usize),
    Tensor(Option<u32>, Kind),
    Logits(Kind),
    Loss,
}

impl TensorGraph {
    /// The graph of one document's loss.
    #[must_use]
    pub fn new(glass: &Glass<'_>) -> Self {
        let layout = glass.scene().plan.layout();
        let matrices: Vec<Matrix> = layout.matrices().filter_map(|matrix| Matrix::named(&matrix.name)).collect();
        let key = |owner| match owner {
            Owner::Parameter(name) => matrices.iter().position(|&matrix| matrix == name).map(Key::Matrix),
            Owner::Number(Label::Loss) => Some(Key::Loss),
            Owner::Number(Label::Entry { tensor, .. }) => Some(key_of(tensor)),
        };
        let groups = Grouping::new(glass, key);
        let columns = columns(&groups);
        let rows = rows(&columns, &groups.arrows);
        let boxes = groups.keys.iter().enumerate().map(|(i, &key)| {
            let (address, about, layer) = match key {
                Key::Matrix(at) => (matrices[at].to_string(), "parameters".to_string(), matrices[at].layer),
                Key::Tensor(layer, kind) => (name(kind, layer), kind.about().to_string(), layer),
                Key::Logits(kind) => (name(kind, None), kind.about().to_string(), None),
                Key::Loss => ("loss".to_string(), "the mean of the positions' losses".to_string(), None),
            };
            TensorBox {
                numbers: numbers(glass, key),
                address,
                about,
                layer,
                is_parameter: matches!(key, Key::Matrix(_)),
                nodes: groups.nodes[i],
                column: columns[i],
                row: rows[i],
            }
        });
        Self {
            boxes: boxes.collect(),
            columns: columns.iter().max().map_or(0, |max| max + 1),
            rows: rows.iter().max().map_or(0, |max| max + 1),
            arrows: groups.arrows,
        }
    }
}

/// The box of a tensor. The parts of a norm and of a softmax stand in the box of their result.
fn key_of(tensor: Tensor) -> Key {
    let layer = Some(tensor.layer);
    match tensor.kind {
        Kind::TokEmb | Kind::PosEmb | Kind::Sum => Key::Tensor(None, Kind::Sum),
        Kind::EmbNormInput | Kind::EmbNormMeanSquare | Kind::EmbNormScale | Kind::EmbNorm => {
            Key::Tensor(None, Kind::EmbNorm)
        }
        Kind::AttnNormInput | Kind::AttnNormMeanSquare | Kind::AttnNormScale | Kind::AttnNorm => {
            Key::Tensor(layer, Kind::AttnNorm)
        }
        Kind::MlpNormInput | Kind::MlpNormMeanSquare | Kind::MlpNormScale | Kind::MlpNorm => {
            Key::Tensor(layer, Kind::MlpNorm)
        }
        Kind::Scores | Kind::AttnLogits => Key::Tensor(layer, Kind::AttnLogits),
        Kind::AttnExps | Kind::AttnExpTotal | Kind::Weights => Key::Tensor(layer, Kind::Weights),
        Kind::Relu | Kind::Act => Key::Tensor(layer, Kind::Act),
        Kind::Logits => Key::Logits(Kind::Logits),
        Kind::Exps | Kind::ExpTotal | Kind::Probs => Key::Logits(Kind::Probs),
        Kind::Loss => Key::Logits(Kind::Loss),
        Kind::Q
        | Kind::K
        | Kind::V
        | Kind::HeadOutput
        | Kind::AttnOut
        | Kind::AttnResidual
        | Kind::Fc1
        | Kind::Fc2
        | Kind::Residual => Key::Tensor(layer, tensor.kind),
    }
}

/// An address without position: of head 0 where there are heads.
fn name(kind: Kind, layer: Option<u32>) -> String {
    if kind == Kind::Loss {
        return "p*/loss".to_string();
    }
    Tensor { kind, layer: layer.unwrap_or(0), head: 0 }.to_string()
}

fn numbers(glass: &Glass<'_>, key: Key) -> u32 {
    let (kind, layer) = match key {
        Key::Matrix(at) => {
            let matrix = glass.scene().plan.layout().matrices().nth(at);
            return matrix.map_or(0, |matrix| (matrix.rows * matrix.cols) as u32);
        }
        Key::Loss => return 1,
        Key::Tensor(layer, kind) => (kind, layer.unwrap_or(0)),
        Key::Logits(kind) => (kind, 0),
    };
    let of_kind = |tensor: Tensor| tensor.kind == kind && tensor.layer == layer;
    glass.atlas().tensors().filter(|(tensor, ..)| of_kind(*tensor)).map(|(.., nodes)| nodes.len() as u32).sum()
}

/// One more than the farthest of what it is made from; a matrix stands right before its first user.
fn columns(groups: &Grouping<Key>) -> Vec<u32> {
    let mut columns = vec![0; groups.keys.len()];
    // Values of a position are used by later positions of the same tensor only within a box, so there are no cycles.
    let mut settled = false;
    while !settled {
        settled = true;
        for arrow in &groups.arrows {
            let [from, to] = [arrow.from as usize, arrow.to as usize];
            if columns[to] <= columns[from] {
                columns[to] = columns[from] + 1;
                settled = false;
            }
        }
    }
    for (i, key) in groups.keys.iter().enumerate() {
        if matches!(key, Key::Matrix(_)) {
            let users = groups.arrows.iter().filter(|arrow| arrow.from as usize == i);
            columns[i] = users.map(|arrow| columns[arrow.to as usize] - 1).min().unwrap_or(0);
        }
    }
    columns
}

/// Rows within each column: near the mean row of what each box is made from.
fn rows(columns: &[u32], arrows: &[Arrow]) -> Vec<u32> {
    let mut rows = vec![0; columns.len()];
    let last = columns.iter().max().copied().unwrap_or(0);
    for column in 0..=last {
        let mut boxes: Vec<usize> = (0..columns.len()).filter(|&i| columns[i] == column).collect();
        let pull = |i: usize| {
            let before = arrows.iter().filter(|arrow| arrow.to as usize == i && columns[arrow.from as usize] < column);
            let (sum, count) =
                before.fold((0_u32, 0_u32), |(sum, count), arrow| (sum + rows[arrow.from as usize], count + 1));
            // Boxes made from nothing here, the matrices, stand below.
            (1000 * sum).checked_div(count).unwrap_or(u32::MAX)
        };
        boxes.sort_by_key(|&i| (pull(i), i));
        for (row, i) in boxes.into_iter().enumerate() {
            rows[i] = row as u32;
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::Scene;
    use glassgpt_core::{Corpus, Preset, Setup};

    fn graph(preset: Preset) -> TensorGraph {
        let corpus = Corpus::parse("emma\nolivia\n").expect("a corpus");
        let setup = Setup::new(preset.config(), &corpus).expect("valid settings");
        let scene = Scene::initial(&setup).reading("emma").expect("known letters");
        TensorGraph::new(&Glass::new(&scene))
    }

    #[test]
    fn every_node_is_in_a_box_and_every_edge_in_an_arrow_or_a_box() {
        for preset in Preset::ALL {
            let graph = graph(preset);
            let corpus = Corpus::parse("emma\nolivia\n").expect("a corpus");
            let setup = Setup::new(preset.config(), &corpus).expect("valid settings");
            let scene = Scene::initial(&setup).reading("emma").expect("known letters");
            let size = {
                let glass = Glass::new(&scene);
                glass.tape().value(glass.root()).graph_size()
            };
            let nodes: u32 = graph.boxes.iter().map(|of| of.nodes).sum();
            assert_eq!(nodes as usize, size.nodes());
            assert!(graph.arrows.iter().map(|arrow| arrow.edges as usize).sum::<usize>() < size.edges());
        }
    }

    #[test]
    fn arrows_run_from_left_to_right() {
        let graph = graph(Preset::Blog);
        assert_eq!(graph.boxes.len(), 29);
        for arrow in &graph.arrows {
            let [from, to] = [arrow.from, arrow.to].map(|i| &graph.boxes[i as usize]);
            assert!(from.column < to.column, "{} to {}", from.address, to.address);
        }
        let mut places: Vec<_> = graph.boxes.iter().map(|of| (of.column, of.row)).collect();
        places.sort_unstable();
        places.dedup();
        assert_eq!(places.len(), graph.boxes.len(), "no two boxes in one place");
        let at = |address: &str| graph.boxes.iter().position(|of| of.address == address).expect("it is there") as u32;
        let edges = |from: &str, to: &str| {
            let (from, to) = (at(from), at(to));
            graph.arrows.iter().find(|arrow| (arrow.from, arrow.to) == (from, to)).map_or(0, |arrow| arrow.edges)
        };
        assert_eq!(edges("layer0.attn_wq", "layer0.q"), 5 * 16 * 16, "five positions, 16 by 16 weights");
        assert_eq!(edges("layer0.fc2", "layer0.residual"), 5 * 16);
        assert_eq!(edges("layer0.attn_residual", "layer0.residual"), 5 * 16, "the residual connection");
    }
}
