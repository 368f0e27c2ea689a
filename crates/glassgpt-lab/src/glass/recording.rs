//! Every number of one reading, without a tape: for looking, which should cost next to nothing.
//!
//! Why not only the fused engine's workspace: that keeps what training needs, and only of the last step. This one has
//! every named number of any text at any moment, by the same operations.

use std::collections::BTreeMap;

use super::model::{GlassModel, Witness};
use super::number::Plain;
use crate::address::Tensor;
use crate::scene::Scene;

/// The numbers of one document, by tensor and position.
#[derive(Clone, Debug, Default)]
pub struct Recording {
    numbers: BTreeMap<(Tensor, u32), Vec<f64>>,
    loss: f64,
}

impl Recording {
    /// Runs the model forward once.
    #[must_use]
    pub fn new(scene: &Scene) -> Self {
        let params: Vec<Plain> = scene.params.iter().map(|&data| Plain(data)).collect();
        let mut recording = Self::default();
        recording.loss = GlassModel::new(&scene.plan, &params, &mut recording).loss(&scene.tokens).0;
        recording
    }

    /// A tensor's numbers at a position.
    #[must_use]
    pub fn of(&self, tensor: Tensor, position: u32) -> Option<&[f64]> {
        self.numbers.get(&(tensor, position)).map(Vec::as_slice)
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = (&(Tensor, u32), &Vec<f64>)> {
        self.numbers.iter()
    }

    /// The loss of the document, in nats.
    #[must_use]
    pub fn loss(&self) -> f64 {
        self.loss
    }
}

impl Witness<Plain> for Recording {
    fn see(&mut self, tensor: Tensor, position: usize, numbers: &mut [Plain]) {
        self.numbers.insert((tensor, position as u32), numbers.iter().map(|number| number.0).collect());
    }
}
