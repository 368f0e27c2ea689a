//! A witness that keeps some rows of a reading, as the model went on with them.
//!
//! Why not a whole recording: a lens needs a handful of rows, and interventions have to be seen through.

use std::collections::BTreeMap;

use crate::address::{Kind, Tensor};
use crate::glass::{GlassModel, Plain, Witness, positions};
use crate::intervention::{Glasses, Through};
use crate::scene::Scene;

/// Rows of the kinds asked for, by tensor and position.
pub(super) struct Kept<'k> {
    kinds: &'k [Kind],
    rows: BTreeMap<(Tensor, u32), Vec<f64>>,
}

impl<'k> Kept<'k> {
    /// Reads the scene's text through glasses.
    pub(super) fn new(scene: &Scene, glasses: &Glasses, kinds: &'k [Kind]) -> Self {
        let params: Vec<Plain> = glasses.parameters(&scene.params).iter().map(|&data| Plain(data)).collect();
        let mut through = Through { glasses, witness: Self { kinds, rows: BTreeMap::new() } };
        let mut model = GlassModel::new(&scene.plan, &params, &mut through);
        for &token in &scene.tokens[..positions(&scene.plan, &scene.tokens)] {
            model.read(token);
        }
        through.witness
    }

    /// A row, if the model computed it. What a dropped piece would have computed is not there.
    pub(super) fn get(&self, tensor: Tensor, position: usize) -> Option<&[f64]> {
        self.rows.get(&(tensor, position as u32)).map(Vec::as_slice)
    }

    /// A row that every model computes.
    pub(super) fn row(&self, tensor: Tensor, position: usize) -> &[f64] {
        self.get(tensor, position).expect("every model writes this row at every position")
    }
}

impl Witness<Plain> for Kept<'_> {
    fn see(&mut self, tensor: Tensor, position: usize, numbers: &mut [Plain]) {
        if self.kinds.contains(&tensor.kind) {
            self.rows.insert((tensor, position as u32), numbers.iter().map(|number| number.0).collect());
        }
    }
}
