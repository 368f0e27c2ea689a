//! The computation as a graph at three zooms: tensors, cells (a tensor at a position and head), single numbers.
//!
//! Why laid out here: where a box stands is computed from the tape like everything else, so the page only draws.
//! Units are abstract: a box is one column wide or a fraction of it, and one row high.

pub mod layered;

mod cells;
mod grouping;
mod neighbourhood;
mod ordering;
mod scalars;
mod spacing;
mod tensors;

pub use cells::{Cell, CellGraph};
pub use neighbourhood::Neighbourhood;
pub use scalars::{Raster, ScalarNode, Window};
pub use tensors::{TensorBox, TensorGraph};

use serde::Serialize;

/// An arrow from something computed to something computed from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Arrow {
    /// Where it begins: a place in the list of boxes.
    pub from: u32,
    /// Where it ends.
    pub to: u32,
    /// Edges of the scalar tape that it stands for.
    pub edges: u32,
}
