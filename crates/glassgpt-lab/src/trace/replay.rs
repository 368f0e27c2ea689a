//! Writing a trace from a session, and training it again to see whether it is true.
//!
//! Why forks need no mention: a branch and its past are one run with some changes of settings on the way.

use serde::{Deserialize, Serialize};

use super::{CorpusIdentity, Drawn, FORMAT, Trace, TraceError, VERSION};
use crate::address::Address;
use crate::fingerprint::{sha256_of_f64, sha256_of_lines};
use crate::protocol::{Change, Command, Line, Moment, Settings, StepDetail};
use crate::reading::Reading;
use crate::{Library, Session};

/// Whether a trace came true.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReplayReport {
    /// Whether everything below is the same.
    pub reproduced: bool,
    /// Steps trained again.
    pub num_steps: u32,
    /// The first figure of a step that differs in any bit; null if none does.
    pub first_difference: Option<Difference>,
    /// Whether what the model wrote on the way is the same.
    pub same_samples: bool,
    /// Whether the losses on held-out documents are the same.
    pub same_held_out: bool,
    /// The address of the first activation that differs in any bit, or cannot be read; null if none does.
    pub first_different_activation: Option<String>,
    /// Whether both diverged at the same step, or neither did.
    pub same_end: bool,
    /// Whether the parameters at the end are the same.
    pub same_params: bool,
    /// SHA-256 of the parameters that the trace promises.
    pub expected_params_sha256: String,
    /// SHA-256 of those that came out.
    pub found_params_sha256: String,
}

/// A figure that came out differently.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Difference {
    /// The step, counted from 1.
    pub step: u32,
    /// Which figure, such as `loss` or `losses[3]`.
    pub figure: String,
    /// What the trace says; null if it has no such figure.
    pub expected: Option<f64>,
    /// What came out; null if nothing did.
    pub found: Option<f64>,
}

impl Session {
    /// The present branch and its past, to be kept or given away.
    #[must_use]
    pub fn export(&self) -> Trace {
        let branch = self.branch;
        let course = self.history.course(branch);
        let end = Moment { branch, step: course.end() };
        let trainer = self.trainer_at(end).expect("the end of a branch was reached");
        let Line { automatic_samples, held_out, .. } = self.line();
        let drawn = self.history.places_along(branch).into_iter().map(|(step, numbers)| Drawn { step, numbers });
        Trace {
            format: FORMAT.to_string(),
            version: VERSION,
            glassgpt_version: env!("CARGO_PKG_VERSION").to_string(),
            spec: self.spec.clone(),
            corpus: self.corpus_identity(),
            changes: self.history.settings_along(branch),
            drawn: drawn.collect(),
            step: self.steps_done(),
            steps: self.details(1..end.step + 1),
            automatic_samples,
            held_out,
            activations: self.readings.clone(),
            divergence: course.divergence.clone(),
            params_sha256: sha256_of_f64(trainer.params()),
        }
    }

    /// Trains a trace again, on its one branch, and compares. The session stands where the exporting one stood. It takes as
    /// long as the training did, in one piece: not for a thread that must stay responsive.
    ///
    /// # Errors
    /// A [`TraceError`] if it cannot be trained here: its settings are not allowed, or its corpus is another one. That it
    /// does not come true is no error; the report says so.
    pub fn import(trace: &Trace, library: Library) -> Result<(Self, ReplayReport), TraceError> {
        trace.check_heading()?;
        trace.check().map_err(|problem| TraceError::Malformed { problem })?;
        let mut session = Self::new(&trace.spec, library)?;
        let [found, expected] = [session.corpus_identity().sha256, trace.corpus.sha256.clone()];
        if found != expected {
            let CorpusIdentity { name, num_docs, .. } = trace.corpus.clone();
            return Err(TraceError::OtherCorpus { name, num_docs, expected, found });
        }
        let [found, expected] = [session.corpus_identity().num_docs, trace.corpus.num_docs];
        if found != expected {
            let problem = format!("corpus.num_docs is {expected}, but the corpus has {found}");
            return Err(TraceError::Malformed { problem });
        }
        session.follow(trace)?;
        let report = session.report(trace);
        if trace.step < session.steps_done() {
            session.apply(Command::Seek { branch: None, step: trace.step })?;
        }
        session.seq = 0;
        Ok((session, report))
    }

    /// Does what the trace says was done.
    fn follow(&mut self, trace: &Trace) -> Result<(), TraceError> {
        let n = trace.steps.len() as u32;
        let stops = trace.changes.iter().map(|change| change.step).chain(trace.drawn.iter().map(|drawn| drawn.step));
        let mut stops: Vec<u32> = stops.chain([n]).collect();
        stops.sort_unstable();
        stops.dedup();
        for stop in stops {
            self.train_to(stop)?;
            if self.steps_done() < stop {
                return Ok(()); // it diverged
            }
            if let Some(Change { settings, .. }) = trace.changes.iter().find(|change| change.step == stop) {
                let Settings { learning_rate, schedule, temperature } = *settings;
                self.apply(Command::SetLearningRate { learning_rate })?;
                self.apply(Command::SetSchedule { schedule })?;
                self.apply(Command::SetTemperature { temperature })?;
            }
            if let Some(drawn) = trace.drawn.iter().find(|drawn| drawn.step == stop) {
                self.draw_to(drawn.numbers);
            }
        }
        if trace.divergence.is_some() {
            self.train_to(n + 1)?;
        }
        Ok(())
    }

    fn train_to(&mut self, step: u32) -> Result<(), TraceError> {
        let steps = step.min(self.experiment.config.steps).saturating_sub(self.steps_done());
        if steps > 0 {
            self.apply(Command::Run { steps: Some(steps), pace: None })?;
            self.advance(steps);
        }
        Ok(())
    }

    fn report(&self, trace: &Trace) -> ReplayReport {
        let Line { automatic_samples, held_out, .. } = self.line();
        let found_params_sha256 = sha256_of_f64(self.trainer.params());
        let n = trace.steps.len();
        let found = self.details(1..n as u32 + 1);
        let first_difference = (0..n).find_map(|i| difference(&trace.steps[i], found.get(i)));
        let failed_at = |divergence: &Option<crate::protocol::Divergence>| divergence.as_ref().map(|at| at.step);
        let same_samples = automatic_samples == trace.automatic_samples;
        let same_held_out = held_out == trace.held_out;
        let same_end = failed_at(&self.status.divergence) == failed_at(&trace.divergence);
        let same_params = found_params_sha256 == trace.params_sha256;
        let first_different_activation = self.first_different_activation(&trace.activations);
        let same_path = first_difference.is_none() && first_different_activation.is_none();
        ReplayReport {
            reproduced: same_path && same_samples && same_held_out && same_end && same_params,
            num_steps: self.steps_done(),
            first_difference,
            first_different_activation,
            same_samples,
            same_held_out,
            same_end,
            same_params,
            expected_params_sha256: trace.params_sha256.clone(),
            found_params_sha256,
        }
    }

    /// The first of some readings whose numbers are not the same to the bit, or cannot be read.
    fn first_different_activation(&self, expected: &[Reading]) -> Option<String> {
        let addresses: Vec<Address> = expected.iter().map(|reading| reading.address.clone()).collect();
        let readable = |address: &Address| self.read(std::slice::from_ref(address)).is_ok();
        let Ok(found) = (if expected.is_empty() { Ok(Vec::new()) } else { self.read(&addresses) }) else {
            return addresses.into_iter().find(|address| !readable(address)).map(|address| address.to_string());
        };
        // On paper all NaNs are one.
        let bits = |x: &f64| if x.is_nan() { f64::NAN.to_bits() } else { x.to_bits() };
        let bits = |reading: &Reading| reading.values.iter().map(bits).collect::<Vec<_>>();
        let differs = |(a, b): &(&Reading, &Reading)| a.shape != b.shape || bits(a) != bits(b);
        expected.iter().zip(&found).find(differs).map(|(expected, _)| expected.address.to_string())
    }

    /// Which corpus it learns from, what is held out included.
    #[must_use]
    pub fn corpus_identity(&self) -> CorpusIdentity {
        CorpusIdentity {
            name: self.experiment.corpus.clone(),
            sha256: sha256_of_lines(self.corpus().documents()),
            num_docs: self.experiment.num_docs,
        }
    }
}

/// The first figure of a step that is not the same to the bit.
fn difference(expected: &StepDetail, found: Option<&StepDetail>) -> Option<Difference> {
    let step = expected.record.step;
    let [expected, found] = [figures(expected), found.map(figures).unwrap_or_default()];
    (0..expected.len().max(found.len())).find_map(|i| {
        let [expected, found] = [expected.get(i), found.get(i)];
        let bits = |figure: Option<&(String, f64)>| figure.map(|(name, x)| (name.clone(), x.to_bits()));
        let figure = expected.or(found)?.0.clone();
        let value = |figure: Option<&(String, f64)>| figure.map(|&(_, x)| x);
        (bits(expected) != bits(found)).then(|| Difference {
            step,
            figure,
            expected: value(expected),
            found: value(found),
        })
    })
}

/// All figures of a step but its time, by name.
fn figures(of: &StepDetail) -> Vec<(String, f64)> {
    let record = of.record;
    let single = [
        ("doc", f64::from(record.doc)),
        ("loss", record.loss),
        ("smoothed_loss", record.smoothed_loss),
        ("learning_rate", record.learning_rate),
        ("grad_norm", record.grad_norm),
        ("mean_abs_update", record.mean_abs_update),
    ];
    let single = single.map(|(name, x)| (name.to_string(), x));
    let losses = of.losses.iter().enumerate().map(|(i, &x)| (format!("losses[{i}]"), x));
    let norms = of.matrix_grad_norms.iter().enumerate().map(|(i, &x)| (format!("matrix_grad_norms[{i}]"), x));
    single.into_iter().chain(losses).chain(norms).collect()
}
