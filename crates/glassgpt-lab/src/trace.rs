//! A run on paper: its settings, every figure of every step, what it wrote, and the recipe to run it again.
//!
//! Why the recipe and the figures both: whoever gets a trace need not believe it. [`Session::import`](crate::Session::import)
//! trains it again and says whether every bit comes out the same.

mod replay;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::heading::{HeadingError, check_heading};
use crate::limits::LIMITS;
use crate::protocol::{AutomaticSamples, Change, Divergence, HeldOutLoss, Refusal, Spec, StepDetail};
use crate::reading::Reading;
use crate::wire_json::{self, Misfit};

pub use replay::{Difference, ReplayReport};

/// What the field `format` says.
pub const FORMAT: &str = "glassgpt-trace";
/// The version this program writes and reads.
pub const VERSION: u32 = 1;
/// Most numbers drawn on request that a trace may ask to be drawn again.
pub const MAX_NUMBERS_DRAWN: u64 = 10_000_000;

/// One branch of a session and its past, from step 0 to its end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Trace {
    /// [`FORMAT`].
    pub format: String,
    /// [`VERSION`].
    pub version: u32,
    /// The version of glassgpt that wrote it.
    pub glassgpt_version: String,
    /// What the session was set up from.
    pub spec: Spec,
    /// Which corpus that was.
    pub corpus: CorpusIdentity,
    /// The settings along the way: those at step 0, then every change.
    pub changes: Vec<Change>,
    /// Where documents were written on request, which moves the generator.
    pub drawn: Vec<Drawn>,
    /// At which step the session stood.
    pub step: u32,
    /// All figures of every step. The times are for information: no run repeats them.
    pub steps: Vec<StepDetail>,
    /// What the model wrote on the way.
    pub automatic_samples: Vec<AutomaticSamples>,
    /// How well it did on the way with documents it never trained on.
    pub held_out: Vec<HeldOutLoss>,
    /// The numbers that were being watched, as they were then.
    #[serde(default)]
    pub activations: Vec<Reading>,
    /// Why it could not go on, if it could not.
    pub divergence: Option<Divergence>,
    /// SHA-256 of the parameters at its end, as little-endian f64.
    pub params_sha256: String,
}

/// Which corpus a run was trained on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CorpusIdentity {
    /// Its name.
    pub name: String,
    /// SHA-256 of its documents, each followed by a line feed.
    pub sha256: String,
    /// Documents in it.
    pub num_docs: u32,
}

/// Numbers drawn from the experiment's generator on request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Drawn {
    /// Steps done at the time.
    pub step: u32,
    /// Numbers drawn so far, those before included.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub numbers: u64,
}

/// Why a file is not a trace, or cannot be replayed.
#[derive(Debug, thiserror::Error)]
pub enum TraceError {
    /// It ends in the middle.
    #[error("the trace ends too early, at line {line}, column {column}: was it cut short? copy or export it again")]
    Truncated {
        /// Where it ends.
        line: usize,
        /// Where in that line.
        column: usize,
    },
    /// It is not JSON at all.
    #[error("this is not a glassgpt trace: it is not JSON ({problem})")]
    NotJson {
        /// What the parser stumbled over.
        problem: String,
    },
    /// It is some other JSON.
    #[error("this is JSON but not a glassgpt trace: it lacks \"format\": \"glassgpt-trace\"")]
    Foreign,
    /// It is from the future, or its version is not a number.
    #[error(
        "the trace has version {found}; this glassgpt reads version 1: use the glassgpt that wrote it, or a newer one"
    )]
    UnknownVersion {
        /// What stands there.
        found: String,
    },
    /// A field is missing, unknown, of the wrong kind, or at odds with another.
    #[error("the trace is damaged: {problem}; copy or export it again")]
    Malformed {
        /// What is wrong, and where.
        problem: String,
    },
    /// Its settings are not allowed here.
    #[error("the trace asks for what cannot be: {0}")]
    Refused(#[from] Refusal),
    /// The corpus of that name is another one here.
    #[error(
        "the trace was made on another corpus called {name:?}: {num_docs} documents with fingerprint {expected}; here it is {found}"
    )]
    OtherCorpus {
        /// Its name.
        name: String,
        /// Documents in the trace's.
        num_docs: u32,
        /// The trace's fingerprint.
        expected: String,
        /// The one here.
        found: String,
    },
}

impl Trace {
    /// The file's text.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("plain data with finite numbers has a JSON form") + "\n"
    }

    /// Reads a file and checks all of it that can be checked without training.
    ///
    /// # Errors
    /// A [`TraceError`] that says what is wrong.
    pub fn from_json(bytes: &[u8]) -> Result<Self, TraceError> {
        let trace: Self = wire_json::read(bytes, |json| {
            check_heading(json, FORMAT, VERSION)?;
            serde_json::from_slice(json).map_err(|error| TraceError::Malformed { problem: error.to_string() })
        })?;
        trace.check().map_err(|problem| TraceError::Malformed { problem })?;
        Ok(trace)
    }

    /// The heading of a trace that did not come as a file of its own, as over a socket.
    fn check_heading(&self) -> Result<(), TraceError> {
        match (&*self.format, self.version) {
            (FORMAT, VERSION) => Ok(()),
            (FORMAT, version) => Err(TraceError::UnknownVersion { found: version.to_string() }),
            _ => Err(TraceError::Foreign),
        }
    }

    /// What is at odds, if anything is.
    fn check(&self) -> Result<(), String> {
        let (n, max) = (self.steps.len() as u32, self.spec.config.steps);
        ensure(n <= max, || format!("it has {n} steps; its config allows {max}"))?;
        for (i, step) in self.steps.iter().enumerate() {
            let [found, expected] = [step.record.step, i as u32 + 1];
            ensure(found == expected, || format!("steps[{i}] says it is step {found}; it must be {expected}"))?;
        }
        ensure(self.step <= n, || format!("step is {}; it must be a whole number from 0 to {n}", self.step))?;
        let rise = |steps: &[u32]| steps.is_sorted_by(|a, b| a < b) && steps.last().is_none_or(|&last| last <= n);
        let changes: Vec<u32> = self.changes.iter().map(|change| change.step).collect();
        let from_zero = changes.first() == Some(&0);
        ensure(from_zero && rise(&changes), || format!("the steps of its changes must rise from 0 to at most {n}"))?;
        let drawn: Vec<u32> = self.drawn.iter().map(|drawn| drawn.step).collect();
        ensure(rise(&drawn), || format!("the steps of what was drawn must rise to at most {n}"))?;
        let (kept, most) = (self.activations.len() as u32, LIMITS.addresses);
        ensure(kept <= most, || format!("it has {kept} activations; it must have at most {most}"))?;
        let places: BTreeSet<_> = self.activations.iter().map(|of| (of.address.step, &of.address.text)).collect();
        let (about, most) = (places.len() as u32, LIMITS.places);
        ensure(about <= most, || {
            format!("its activations are of {about} moments and texts; at most {most} are allowed")
        })?;
        let numbers = || self.drawn.iter().map(|drawn| drawn.numbers);
        let bounded = numbers().is_sorted() && numbers().all(|numbers| numbers <= MAX_NUMBERS_DRAWN);
        ensure(bounded, || format!("the numbers drawn must rise to at most {MAX_NUMBERS_DRAWN}"))
    }
}

fn ensure(holds: bool, problem: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(problem()) }
}

impl From<Misfit> for TraceError {
    fn from(misfit: Misfit) -> Self {
        let place = misfit.field.as_deref().map(|field| format!("{field}: ")).unwrap_or_default();
        Self::Malformed { problem: format!("{place}{misfit}") }
    }
}

impl From<HeadingError> for TraceError {
    fn from(error: HeadingError) -> Self {
        match error {
            HeadingError::Truncated { line, column } => Self::Truncated { line, column },
            HeadingError::NotJson { problem } => Self::NotJson { problem },
            HeadingError::Duplicate { problem } => Self::Malformed { problem },
            HeadingError::Foreign => Self::Foreign,
            HeadingError::UnknownVersion { found } => Self::UnknownVersion { found },
        }
    }
}
