//! Maps of embeddings at any moment of the present branch.
//!
//! Why a reference: a map by itself has no up and no left. All that are turned onto the same one can be played like a film.

use std::borrow::Cow;

use super::Session;
use crate::embedding_map::{At, EmbeddingMap, Table};
use crate::limits::check_whole;
use crate::protocol::{Moment, Refusal};

impl Session {
    /// The rows of a matrix in the plane after `step` steps, the present ones if not said, turned onto the map after
    /// `reference` steps, at the end of the present branch if not said.
    pub(super) fn map(
        &self,
        matrix: Table,
        step: Option<u32>,
        reference: Option<u32>,
    ) -> Result<EmbeddingMap, Refusal> {
        let end = self.history.course(self.branch).end();
        let (step, reference) = (step.unwrap_or(self.steps_done()), reference.unwrap_or(end));
        check_whole("step", step, 0, end)?;
        check_whole("reference", reference, 0, end)?;
        let [now, then] = [self.numbers(matrix, step)?, self.numbers(matrix, reference)?];
        let [now, then] = [At { step, numbers: &now }, At { step: reference, numbers: &then }];
        for (field, at) in [("step", &now), ("reference", &then)] {
            if !at.has_a_map() {
                let message = format!("after {} steps the matrix has numbers too large for a map", at.step);
                return Err(Refusal::of(field, message));
            }
        }
        let setup = self.trainer.setup();
        Ok(EmbeddingMap::new(matrix, matrix.matrix(&setup.plan).cols, &now, &then, &setup.tokenizer))
    }

    /// A matrix at a moment of the present branch.
    fn numbers(&self, matrix: Table, step: u32) -> Result<Cow<'_, [f64]>, Refusal> {
        let range = matrix.matrix(self.trainer.plan()).range();
        if step == self.steps_done() {
            return Ok(Cow::Borrowed(&self.trainer.params()[range]));
        }
        let trainer = self.trainer_at(Moment { step, ..self.moment() })?;
        Ok(Cow::Owned(trainer.params()[range].to_vec()))
    }
}
