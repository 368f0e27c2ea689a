//! What it takes to make a saved model again: the experiment, the step, and how to know that it came out the same.
//!
//! Why: a session is its commands, so it cannot begin with parameters that came from elsewhere. It can train them again, and
//! then their fingerprint says whether they are the same to the last bit.

use serde::Serialize;

use crate::Library;
use crate::engine::TrainedBy;
use crate::fingerprint::sha256_of_lines;
use crate::model_file::SavedModel;
use crate::protocol::{CorpusSource, Refusal, Spec};

/// How to make a model again.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Recipe {
    /// The experiment.
    pub spec: Spec,
    /// Steps to train.
    pub steps: u32,
    /// Loss of the last of them, in nats.
    pub loss: f64,
    /// SHA-256 of the parameters that should come out.
    pub params_sha256: String,
    /// Whether an exact engine trained it; turbo gives other bits.
    pub exact: bool,
    /// The version of glassgpt that wrote the file.
    pub glassgpt_version: String,
}

impl Recipe {
    /// Of a model file.
    ///
    /// # Errors
    /// A [`Refusal`] of `model` if the file is none, or its corpus neither travels with it nor is known here.
    pub fn of(file: &str, library: &Library) -> Result<Self, Refusal> {
        let model = SavedModel::from_json(file.as_bytes()).map_err(|error| Refusal::of("model", error.to_string()))?;
        let corpus = source(&model, library)?;
        let SavedModel { plan, provenance, .. } = model;
        Ok(Self {
            spec: Spec::new(plan.config().clone(), corpus),
            steps: provenance.steps,
            loss: provenance.loss,
            params_sha256: provenance.params_sha256,
            exact: provenance.engine != TrainedBy::Turbo,
            glassgpt_version: provenance.glassgpt_version,
        })
    }
}

/// The corpus of that name here, if it is the same; else the documents that came along.
fn source(model: &SavedModel, library: &Library) -> Result<CorpusSource, Refusal> {
    let about = &model.provenance;
    let name = about.corpus.clone();
    let known = library.get(&name);
    // An older file only has that of the text as it was read, which is the same if every line was a document.
    let of_documents = about.documents_sha256.as_ref().unwrap_or(&about.corpus_sha256);
    match (&model.corpus, &known) {
        (Some(travelled), Some(known)) if travelled.documents() == known.documents() => {
            Ok(CorpusSource::Named { name })
        }
        (Some(travelled), known) => {
            let name = if known.is_some() { format!("{name} of the file") } else { name };
            Ok(CorpusSource::Text { name, text: travelled.documents().join("\n") })
        }
        (None, Some(known)) if sha256_of_lines(known.documents()) == *of_documents => Ok(CorpusSource::Named { name }),
        (None, _) => Err(Refusal::of(
            "model",
            format!(
                "the model was trained on {name:?}, {} documents that do not travel with it and are not known here; `glassgpt generate --model` can still use it",
                about.num_docs
            ),
        )),
    }
}
