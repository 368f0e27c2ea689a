//! Importing: becoming the session that a trace tells of.
//!
//! Why bounded: it trains in one piece, and whoever shares the session waits for it. Steps times parameters are bounded here,
//! numbers drawn and activations by the trace itself.

use glassgpt_core::Plan;

use super::Session;
use crate::Library;
use crate::limits::{LIMITS, check_config};
use crate::protocol::{Event, Refusal, Snapshot, Spec};
use crate::trace::Trace;

impl Session {
    /// Becomes the session that a trace tells of, trained again. What is watched stays, as far as the new model has it.
    pub(super) fn follow_trace(&mut self, trace: &Trace) -> Result<Vec<Event>, Refusal> {
        let work = trace.steps.len() as u64 * u64::from(num_params(&trace.spec, &self.library)?);
        if work > u64::from(LIMITS.import_work) {
            let max = LIMITS.import_work;
            let message = format!(
                "the trace has {work} steps times parameters; at most {max} are trained again here: use the command line"
            );
            return Err(Refusal::of("trace", message));
        }
        let imported = Self::import(trace, self.library.clone());
        let (mut fresh, report) = imported.map_err(|error| Refusal::of("trace", error.to_string()))?;
        let (pace, seq, interventions) = (self.status.pace, self.seq, self.interventions.clear());
        fresh.set_keyframe_bytes(self.keyframe_bytes);
        let observed = std::mem::take(&mut self.observed);
        *self = fresh;
        (self.status.pace, self.seq, self.interventions) = (pace, seq, interventions);
        drop(self.watch_what_exists(observed)); // the snapshot tells
        // The event has a number of its own, and the snapshot in it is the sum up to that number.
        let snapshot = Snapshot { seq: seq + 1, ..self.snapshot() };
        Ok(vec![Event::Imported { report: Box::new(report), snapshot: Box::new(snapshot) }])
    }
}

/// Parameters of the model that a spec asks for.
fn num_params(spec: &Spec, library: &Library) -> Result<u32, Refusal> {
    check_config(&spec.config)?;
    let vocab_size = library.find(&spec.corpus)?.tokenizer.vocab_size();
    let plan = Plan::new(spec.config.clone(), vocab_size)?;
    Ok(plan.layout().n_params as u32)
}
