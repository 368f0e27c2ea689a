//! A whole training in one request, whose result is all that is left of it.
//!
//! Why places and a patience: it takes a core for as long as it lasts. Whoever leaves before the end stops it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use axum::extract::State;
use axum::response::Response;
use glassgpt_core::Corpus;
use glassgpt_lab::pacer::{Pacer, Turn};
use glassgpt_lab::protocol::{CorpusSource, Refusal};
use glassgpt_lab::retrain::{Retrain, RetrainSpec, Retrained};
use serde::{Deserialize, Serialize};
use tokio::task::spawn_blocking;
use utoipa::ToSchema;

use super::talk::written;
use crate::app::App;
use crate::body::JsonBody;
use crate::error::ApiError;
use crate::limits::{RETRAIN_PATIENCE, SLICE};

/// A training to run from the first step to the last, and what to train on.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Retraining {
    /// What to train.
    spec: RetrainSpec,
    /// The training data.
    corpus: CorpusSource,
}

/// Train a model from the first step to the last, and tell what came of it. Nothing of it is kept.
///
/// A few of these run at a time, each for half a minute at most. Closing the connection stops it.
#[utoipa::path(post, path = "/api/v1/retrain", tag = "training", request_body = Retraining, responses(
    (status = OK, body = Retrained),
))]
pub(super) async fn retrain(
    State(app): State<Arc<App>>,
    JsonBody(Retraining { spec, corpus }): JsonBody<Retraining>,
) -> Result<Response, ApiError> {
    let pass = app.admit()?;
    let place = app.desk.retrainings.clone().try_acquire_owned().map_err(|_| ApiError::RetrainingsFull)?;
    let leaving = Leaving::default();
    let left = leaving.0.clone();
    let library = app.library.clone();
    let train = move || {
        let _held = (pass, place);
        library.corpus(&corpus).and_then(|corpus| train(spec, corpus, &left)).map_err(ApiError::from)
    };
    let result = tokio::select! {
        result = spawn_blocking(train) => result.map_err(|_| ApiError::Closing)??,
        () = app.closed() => return Err(ApiError::Closing),
    };
    drop(leaving);
    app.desk.counters.retrained(result.steps_done);
    written(result).await
}

/// Tells the training, when dropped, that nobody waits for it any more.
#[derive(Default)]
struct Leaving(Arc<AtomicBool>);

impl Drop for Leaving {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Trains until done, left alone, or out of time. What it gives in the second case, nobody hears.
fn train(spec: RetrainSpec, corpus: Arc<Corpus>, left: &AtomicBool) -> Result<Retrained, Refusal> {
    let began = Instant::now();
    let mut pacer = Pacer::new(SLICE);
    let mut training = Retrain::new(spec, corpus)?;
    loop {
        let at = began.elapsed();
        let Turn::Train(steps) = pacer.turn(at, None) else { unreachable!("without a pace there is no waiting") };
        let progress = training.advance(steps);
        if progress.finished || left.load(Ordering::Relaxed) {
            return Ok(training.finish());
        }
        let now = began.elapsed();
        if now > RETRAIN_PATIENCE {
            return Err(out_of_time(progress.steps_done, progress.steps));
        }
        pacer.trained(steps, at, now - at);
    }
}

fn out_of_time(done: u32, steps: u32) -> Refusal {
    let secs = RETRAIN_PATIENCE.as_secs();
    let message = format!(
        "steps is {steps}, and after {secs} seconds only {done} were done; ask for fewer or for a smaller model, or start a session, which may take its time"
    );
    Refusal::of("steps", message)
}
