//! Interventions, checked: a witness that stands beside the model and changes rows as they are made.
//!
//! Why a witness: the model itself stays as it is, on plain numbers and on the tape alike, and with empty glasses it
//! computes the same bits.

use std::borrow::Cow;

use glassgpt_core::{Matrix, Plan};

use super::Intervention;
use super::check::Checker;
use crate::address::{Kind, Tensor};
use crate::glass::{Number, Piece, Witness};
use crate::protocol::Refusal;
use crate::scene::Scene;

/// Checked interventions. Where two change the same number, the later one holds.
///
/// They hold for every text the model reads. One that names a position changes every text that is long enough.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Glasses {
    /// Parameters read as other numbers: index and number.
    pub(super) parameters: Vec<(usize, f64)>,
    /// What is left out.
    pub(super) left_out: Vec<Piece>,
    /// Rows changed as they are made.
    pub(super) changes: Vec<Change>,
}

/// Some neighbouring entries of a row that are replaced.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Change {
    pub(super) tensor: Tensor,
    /// None for every position.
    pub(super) position: Option<u32>,
    /// The first entry replaced.
    pub(super) first: usize,
    /// What the entries from there on become.
    pub(super) numbers: Vec<f64>,
}

impl Glasses {
    /// Nothing is changed.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Checks interventions against a model. The scene's text does not matter: they hold for any.
    ///
    /// # Errors
    /// A [`Refusal`] that names the first field at fault, its value and the range allowed.
    pub fn new(interventions: &[Intervention], scene: &Scene) -> Result<Self, Refusal> {
        Checker::new(scene).check(interventions)
    }

    /// Whether nothing is changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parameters.is_empty() && self.left_out.is_empty() && self.changes.is_empty()
    }

    /// The parameters as the model reads them through the glasses.
    #[must_use]
    pub fn parameters<'p>(&self, params: &'p [f64]) -> Cow<'p, [f64]> {
        if self.parameters.is_empty() {
            return Cow::Borrowed(params);
        }
        let mut params = params.to_vec();
        for &(index, value) in &self.parameters {
            params[index] = value;
        }
        Cow::Owned(params)
    }

    /// Indices of the parameters that are read as other numbers. Whoever trains holds them still.
    pub fn held_parameters(&self) -> impl Iterator<Item = usize> {
        self.parameters.iter().map(|&(index, _)| index)
    }

    /// Whether a piece of the model is there.
    #[must_use]
    pub fn keeps(&self, piece: Piece) -> bool {
        !self.left_out.contains(&piece)
    }

    /// Whether rows of a kind are changed anywhere in a layer. Kinds outside the layers count as layer 0.
    #[must_use]
    pub fn changes(&self, kind: Kind, layer: u32) -> bool {
        self.changes.iter().any(|change| change.tensor.kind == kind && change.tensor.layer == layer)
    }
}

impl<N: Number> Witness<N> for &Glasses {
    fn see(&mut self, tensor: Tensor, position: usize, numbers: &mut [N]) {
        let here = |change: &&Change| change.position.is_none_or(|wanted| wanted as usize == position);
        for change in self.changes.iter().filter(|change| change.tensor == tensor).filter(here) {
            for (number, &value) in numbers[change.first..].iter_mut().zip(&change.numbers) {
                *number = number.another(value);
            }
        }
    }

    fn keeps(&self, piece: Piece) -> bool {
        Glasses::keeps(self, piece)
    }
}

/// Another witness, looking through the glasses: it sees what the model goes on with.
#[derive(Debug)]
pub struct Through<'g, W> {
    /// What is changed first.
    pub glasses: &'g Glasses,
    /// Who sees the result.
    pub witness: W,
}

impl<N: Number, W: Witness<N>> Witness<N> for Through<'_, W> {
    fn see(&mut self, tensor: Tensor, position: usize, numbers: &mut [N]) {
        self.glasses.see(tensor, position, numbers);
        self.witness.see(tensor, position, numbers);
    }

    fn keeps(&self, piece: Piece) -> bool {
        Glasses::keeps(self.glasses, piece) && self.witness.keeps(piece)
    }
}

impl Change {
    /// The parameters that do the same if they are 0, by index; None if it is not about silence.
    pub(super) fn zeroes(&self, plan: &Plan) -> Option<Box<dyn Iterator<Item = usize> + '_>> {
        if self.position.is_some() {
            return None;
        }
        let layout = plan.layout();
        let layer = &layout.layers[self.tensor.layer as usize];
        let columns = |matrix: &Matrix, first: usize| {
            let (offset, cols, last) = (matrix.offset, matrix.cols, first + self.numbers.len());
            Box::new((0..matrix.rows).flat_map(move |row| (first..last).map(move |col| offset + row * cols + col)))
        };
        match self.tensor.kind {
            Kind::HeadOutput => Some(columns(&layer.attn_wo, self.tensor.head as usize * self.numbers.len())),
            Kind::Act => Some(columns(&layer.mlp_fc2, self.first)),
            Kind::Fc2 => Some(Box::new(layer.mlp_fc2.range())),
            Kind::PosEmb => Some(Box::new(layout.wpe.range())),
            _ => None,
        }
    }
}
