//! The arithmetic of a step over vectors of positions (forward, backward) and of parameters (Adam).
//!
//! Why lanes over positions: every position does the same operations in the same order, so eight of them can be done at
//! once without touching the order of any sum. A weight is then read once and used for all positions. Only the gradient
//! of a weight sums over positions; there the lanes run over the columns of its row.

pub(crate) mod adam;
pub(crate) mod attention;
pub(crate) mod exact;
pub(crate) mod figures;
pub(crate) mod linear;
pub(crate) mod math;
pub(crate) mod norm;
pub(crate) mod within;
