//! The middle zoom: a cell for each tensor at each position, and each head where there are heads.
//!
//! Why this grid: a row is a line of the source, a column a position, so what the loops of the source do can be seen.

use glassgpt_core::Activation;
use serde::Serialize;

use super::Arrow;
use super::grouping::{Grouping, Owner};
use crate::address::{Kind, Scope, Tensor};
use crate::glass::{Glass, Label};
use crate::source::{self, SourceLines};

/// Cells and what is made from what.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CellGraph {
    /// The cells, position by position.
    pub cells: Vec<Cell>,
    /// From maker to user, parameters left out.
    pub arrows: Vec<Arrow>,
    /// Columns of the layout: one per position and head.
    pub columns: u32,
    /// Rows of the layout: one per kind and layer, and one for the loss.
    pub rows: u32,
    /// For each row the lines of source that do it, Rust first.
    pub sources: Vec<Vec<SourceLines>>,
}

/// A tensor at a position.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Cell {
    /// Its address.
    pub address: String,
    /// The position; null for the loss of the document.
    pub position: Option<u32>,
    /// Its layer, if it has one.
    pub layer: Option<u32>,
    /// Its head, if it has one.
    pub head: Option<u32>,
    /// Nodes of the scalar tape it takes to make it.
    pub nodes: u32,
    /// Its first column.
    pub column: u32,
    /// Its width: one column for a head, all heads of a position otherwise.
    pub width: u32,
    /// Its row.
    pub row: u32,
}

/// The loss comes after all positions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Cell(u32, Tensor),
    Loss,
}

impl CellGraph {
    /// The graph of one document's loss.
    #[must_use]
    pub fn new(glass: &Glass<'_>) -> Self {
        let groups = Grouping::new(glass, |owner| match owner {
            Owner::Parameter(_) => None,
            Owner::Number(Label::Loss) => Some(Key::Loss),
            Owner::Number(Label::Entry { tensor, position, .. }) => Some(Key::Cell(position, tensor)),
        });
        let config = glass.scene().plan.config();
        let [heads, layers] = [config.n_head, config.n_layer];
        let rows = Rows::new(&groups.keys, layers);
        let cell = |(i, &key): (usize, &Key)| match key {
            Key::Loss => Cell {
                address: "loss".to_string(),
                position: None,
                layer: None,
                head: None,
                nodes: groups.nodes[i],
                column: 0,
                width: heads * glass.scene().positions() as u32,
                row: rows.count,
            },
            Key::Cell(position, tensor) => {
                let scope = tensor.kind.scope();
                let head = (scope == Scope::Head).then_some(tensor.head);
                Cell {
                    address: tensor.at(position as usize).to_string(),
                    position: Some(position),
                    layer: (scope != Scope::Model).then_some(tensor.layer),
                    head,
                    nodes: groups.nodes[i],
                    column: position * heads + head.unwrap_or(0),
                    width: head.map_or(heads, |_| 1),
                    row: rows.of(tensor),
                }
            }
        };
        Self {
            cells: groups.keys.iter().enumerate().map(cell).collect(),
            arrows: groups.arrows,
            columns: heads * glass.scene().positions() as u32,
            rows: rows.count + 1,
            sources: rows.sources(glass.scene().plan.config().activation).chain([source::of_document_loss()]).collect(),
        }
    }
}

/// Which rows there are, in the order of computation: the layers one after the other.
struct Rows {
    places: Vec<(u32, Kind)>,
    count: u32,
}

impl Rows {
    fn new(keys: &[Key], layers: u32) -> Self {
        let place = |key: &Key| match key {
            Key::Cell(_, tensor) => Some((stratum(*tensor, layers), tensor.kind)),
            Key::Loss => None,
        };
        let mut places: Vec<_> = keys.iter().filter_map(place).collect();
        places.sort_unstable();
        places.dedup();
        Self { count: places.len() as u32, places }
    }

    fn sources(&self, activation: Activation) -> impl Iterator<Item = Vec<SourceLines>> {
        self.places.iter().map(move |&(_, kind)| source::of_kind(kind, activation))
    }

    fn of(&self, tensor: Tensor) -> u32 {
        let layers = self.places.last().map_or(0, |&(stratum, _)| stratum - 1);
        let place = (stratum(tensor, layers), tensor.kind);
        self.places.binary_search(&place).expect("every tensor has a row") as u32
    }
}

/// 0 before the layers, then one for each, then what comes after.
fn stratum(tensor: Tensor, layers: u32) -> u32 {
    match tensor.kind.scope() {
        Scope::Model if tensor.kind < Kind::Q => 0,
        Scope::Model => layers + 1,
        Scope::Layer | Scope::Head => 1 + tensor.layer,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::Scene;
    use glassgpt_core::{Config, Corpus, Preset, Setup};

    #[test]
    fn no_two_cells_overlap_and_arrows_run_down_or_to_later_positions() {
        for n_layer in [1, 2] {
            let config = Config { n_layer, ..Preset::Gist.config() };
            let setup =
                Setup::new(config, &Corpus::parse("emma\nolivia\n").expect("a corpus")).expect("valid settings");
            let scene = Scene::initial(&setup).reading("emma").expect("known letters");
            let glass = Glass::new(&scene);
            let graph = CellGraph::new(&glass);
            assert_eq!(graph.sources.len() as u32, graph.rows);
            assert!(graph.sources.iter().all(|lines| !lines.is_empty()), "every row is a line of source");
            let mut taken = std::collections::BTreeSet::new();
            for cell in &graph.cells {
                for column in cell.column..cell.column + cell.width {
                    assert!(taken.insert((cell.row, column)), "{} overlaps", cell.address);
                    assert!(column < graph.columns && cell.row < graph.rows);
                }
            }
            for arrow in &graph.arrows {
                let [from, to] = [arrow.from, arrow.to].map(|i| &graph.cells[i as usize]);
                assert!(from.row < to.row, "{} to {}", from.address, to.address);
                assert!(from.position <= to.position || to.position.is_none(), "nothing looks ahead");
            }
            let parameters = scene.params.len();
            let nodes: usize = graph.cells.iter().map(|cell| cell.nodes as usize).sum();
            let used = glass.order().iter().filter(|&&node| (node as usize) < parameters).count();
            assert_eq!(nodes + used, glass.order().len());
        }
    }
}
