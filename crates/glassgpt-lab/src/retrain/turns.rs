//! One retraining at a time, and the latest request wins.
//!
//! Why: a slider asks again before the last answer is there, and that answer is of no use any more.

use std::sync::Arc;

use glassgpt_core::Corpus;
use serde::Serialize;

use super::{Retrain, RetrainProgress, RetrainSpec, Retrained};
use crate::protocol::Refusal;

/// Trains what was asked for last.
#[derive(Debug, Default)]
pub struct Retrainer {
    running: Option<(u32, Retrain)>,
}

/// How the request at hand stands.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RetrainNews {
    /// The number of the request, as given by whoever asked.
    pub request: u32,
    /// How far it has come.
    pub progress: RetrainProgress,
    /// What it gave; null while it runs.
    pub retrained: Option<Retrained>,
}

impl Retrainer {
    /// Begins another training in place of the one running. `request` comes back with every piece of news about it.
    ///
    /// # Errors
    /// As [`Retrain::new`], and then the one running runs on.
    pub fn request(&mut self, request: u32, spec: RetrainSpec, corpus: Arc<Corpus>) -> Result<(), Refusal> {
        self.running = Some((request, Retrain::new(spec, corpus)?));
        Ok(())
    }

    /// Trains up to `max_steps` steps of it. None if there is nothing to do.
    pub fn advance(&mut self, max_steps: u32) -> Option<RetrainNews> {
        let (request, mut retrain) = self.running.take()?;
        let progress = retrain.advance(max_steps);
        if progress.finished {
            return Some(RetrainNews { request, progress, retrained: Some(retrain.finish()) });
        }
        self.running = Some((request, retrain));
        Some(RetrainNews { request, progress, retrained: None })
    }

    /// Drops the one running, if there is one.
    pub fn cancel(&mut self) {
        self.running = None;
    }

    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.running.is_none()
    }
}
