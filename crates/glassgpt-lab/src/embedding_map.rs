//! A map of embeddings: every token or position a place in the plane, near where similar ones are.
//!
//! Why principal components: they are the flattest view that keeps as much of the differences as two axes can, and they can be
//! computed to the same bits everywhere. What they leave out is said along with them.

mod alignment;
mod principal;

use glassgpt_core::{Matrix, Plan, TokenId, Tokenizer};
use serde::{Deserialize, Serialize};

use alignment::aligned;
use principal::Centred;

/// Neighbours told of each row.
const NEAREST: usize = 3;

/// A matrix whose rows are a map's places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Table {
    /// What a token means where it is read.
    Wte,
    /// What a position adds to it.
    Wpe,
    /// What the residual stream is compared with to predict a token.
    LmHead,
}

/// The rows of a matrix in the plane.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EmbeddingMap {
    /// The matrix.
    pub matrix: Table,
    /// Steps done.
    pub step: u32,
    /// Steps done at the moment whose map this one is turned onto: it lies as near to that as rotating and mirroring can bring
    /// it. The reference's own axes are its principal components.
    pub reference: u32,
    /// The share of all variance that each axis explains, as the map is turned; 0 if the rows are all alike.
    pub shares: [f64; 2],
    /// The rows, in order.
    pub rows: Vec<MapRow>,
}

/// A row of a matrix, as a place.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MapRow {
    /// The token's label, or the position.
    pub label: String,
    /// Where it lies. The mean of all rows is at [0, 0]; a unit is a unit of the parameters.
    pub place: [f64; 2],
    /// The row's length (L2 norm), all columns counted.
    pub norm: f64,
    /// The rows most similar to it by direction, the nearest first: at most three, and none where a row has no length.
    pub nearest: Vec<Similar>,
}

/// A row that is similar to another.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Similar {
    /// The row.
    pub row: u32,
    /// The cosine of the angle between the two, all columns counted: 1 for the same direction, −1 for the opposite.
    pub similarity: f64,
}

impl Table {
    /// Where its parameters are.
    pub(crate) fn matrix(self, plan: &Plan) -> &Matrix {
        match self {
            Self::Wte => &plan.layout().wte,
            Self::Wpe => &plan.layout().wpe,
            Self::LmHead => &plan.layout().lm_head,
        }
    }

    fn label(self, row: usize, tokenizer: &Tokenizer) -> String {
        match self {
            Self::Wpe => row.to_string(),
            Self::Wte | Self::LmHead => tokenizer.label(row as TokenId),
        }
    }
}

/// The matrix at a moment, and steps done there. None of its numbers may be so large that their squares are infinite.
pub(crate) struct At<'p> {
    pub(crate) step: u32,
    pub(crate) numbers: &'p [f64],
}

impl At<'_> {
    /// Whether it can be drawn.
    pub(crate) fn has_a_map(&self) -> bool {
        let size: f64 = self.numbers.iter().map(|x| x * x).sum();
        (size * size).is_finite()
    }
}

impl EmbeddingMap {
    /// The map of a matrix with so many columns, turned onto the one at `reference`.
    pub(crate) fn new(matrix: Table, cols: usize, now: &At<'_>, reference: &At<'_>, tokenizer: &Tokenizer) -> Self {
        let centred = Centred::new(now.numbers, cols);
        let onto = Centred::new(reference.numbers, cols).along_principal();
        let places = aligned(&centred.along_principal(), &onto);
        let all = centred.variation();
        let along = |axis: usize| places.iter().map(|place| place[axis] * place[axis]).sum::<f64>();
        let share = |axis: usize| if all > 0.0 { along(axis) / all } else { 0.0 };
        let rows: Vec<&[f64]> = now.numbers.chunks(cols).collect();
        let norms: Vec<f64> = rows.iter().map(|row| dot(row, row).sqrt()).collect();
        let row = |i: usize| MapRow {
            label: matrix.label(i, tokenizer),
            place: places[i],
            norm: norms[i],
            nearest: nearest(i, &rows, &norms),
        };
        Self {
            matrix,
            step: now.step,
            reference: reference.step,
            shares: [share(0), share(1)],
            rows: (0..rows.len()).map(row).collect(),
        }
    }
}

/// The rows most similar to one; of equals the first.
fn nearest(of: usize, rows: &[&[f64]], norms: &[f64]) -> Vec<Similar> {
    let comparable = |&row: &usize| row != of && norms[row] > 0.0 && norms[of] > 0.0;
    let similar = |row: usize| Similar {
        row: row as u32,
        similarity: (dot(rows[of], rows[row]) / (norms[of] * norms[row])).clamp(-1.0, 1.0),
    };
    let mut others: Vec<Similar> = (0..rows.len()).filter(comparable).map(similar).collect();
    others.sort_by(|a, b| b.similarity.total_cmp(&a.similarity));
    others.truncate(NEAREST);
    others
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_whose_squares_are_beyond_a_double_have_no_map() {
        let has_a_map = |numbers: &[f64]| At { step: 0, numbers }.has_a_map();
        assert!(has_a_map(&[0.0, -1e70]) && has_a_map(&[1e-300]));
        assert!(!has_a_map(&[1e80]) && !has_a_map(&[f64::NAN, 1.0]) && !has_a_map(&[f64::NEG_INFINITY]));
    }
}
