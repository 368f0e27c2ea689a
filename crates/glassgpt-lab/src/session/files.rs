//! The model of a session as a file: the same that `glassgpt export` writes.
//!
//! Why a question: a file is a look at the model, and looking changes nothing.

use super::Session;
use crate::engine::TrainedBy;
use crate::fingerprint::{sha256_of_f64, sha256_of_lines};
use crate::model_file::{Provenance, SavedModel};
use crate::protocol::Refusal;
use crate::tensors::safetensors;

impl Session {
    /// The model at the present moment as JSON: settings, vocabulary, parameters, where they come from.
    pub(super) fn model_file(&self) -> Result<String, Refusal> {
        self.check_finite()?;
        let setup = self.trainer.setup();
        let steps = self.steps_done();
        let Some(last) = self.losses_to(self.moment()).last().copied() else {
            return Err(Refusal::general("a model file says what the last step's loss was; train at least one step"));
        };
        let documents_sha256 = sha256_of_lines(self.corpus().documents());
        let provenance = Provenance {
            engine: TrainedBy::Fused,
            steps,
            loss: last,
            corpus: self.experiment.corpus.clone(),
            corpus_sha256: documents_sha256.clone(),
            num_docs: self.experiment.num_docs,
            documents_sha256: Some(documents_sha256),
            params_sha256: sha256_of_f64(&setup.params),
            glassgpt_version: env!("CARGO_PKG_VERSION").to_string(),
        };
        let model = SavedModel {
            plan: setup.plan.clone(),
            tokenizer: setup.tokenizer.clone(),
            params: setup.params.clone(),
            provenance,
            corpus: Some((**self.corpus()).clone()),
        };
        model.to_json().map_err(|error| Refusal::general(error.to_string()))
    }

    /// The parameters at the present moment as a safetensors file.
    pub(super) fn safetensors_file(&self) -> Result<Vec<u8>, Refusal> {
        self.check_finite()?;
        let setup = self.trainer.setup();
        Ok(safetensors(&setup.plan, &setup.params))
    }

    /// Nobody could use a model that has diverged.
    fn check_finite(&self) -> Result<(), Refusal> {
        let params = self.trainer.params();
        let Some(index) = params.iter().position(|param| !param.is_finite()) else { return Ok(()) };
        let message = format!(
            "the model has diverged: parameter {index} is {}; go back to an earlier step, or train with a smaller learning rate",
            params[index]
        );
        Err(Refusal::general(message))
    }
}
