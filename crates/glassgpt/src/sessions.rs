//! An experiment of the command line as a session of the lab: its corpus, its bounds, and training it to its end.
//!
//! Why a session where `train` has a bare engine: only a session keeps every figure of every step, and what it exports is
//! what anyone's lab can train again. The bits are the same.

use std::time::{Duration, Instant};

use anyhow::anyhow;
use glassgpt_lab::protocol::{Command, CorpusSource, Event, NumberedEvent, Phase, Refusal, Spec};
use glassgpt_lab::{Library, Session};

use crate::args::{ExperimentArgs, flag};
use crate::corpora::{KARPATHY, NamedCorpus};
use crate::interrupt;
use crate::progress::Progress;
use crate::training::StepFacts;

/// How long a slice of training may take before anyone looks at Ctrl-C and the progress.
const SLICE: Duration = Duration::from_millis(40);

/// The corpus, and the session at step 0.
pub(crate) fn set_up(experiment: &ExperimentArgs, seed: Option<i64>) -> anyhow::Result<(NamedCorpus, Session)> {
    let (corpus, config) = experiment.checked(seed)?;
    let spec = Spec::new(config, corpus.source());
    let library = library_for(&spec.corpus)?;
    let session = Session::new(&spec, library).map_err(with_way_out)?;
    Ok((corpus, session))
}

/// The corpora built in, and the original names if they are asked for.
pub(crate) fn library_for(source: &CorpusSource) -> anyhow::Result<Library> {
    let library = Library::embedded();
    match source {
        CorpusSource::Named { name } if name == KARPATHY.name => {
            Ok(library.with(KARPATHY.name, KARPATHY.about, NamedCorpus::find(name)?.corpus))
        }
        _ => Ok(library),
    }
}

/// Trains to the last step, or to the one that diverges. Says how long it took.
pub(crate) fn train(session: &mut Session) -> anyhow::Result<Duration> {
    let progress = Progress::new(session.experiment().config.steps);
    let began = Instant::now();
    session.apply(Command::Run { steps: None, pace: None })?;
    let mut steps = 1;
    while session.status().phase == Phase::Running {
        interrupt::check()?;
        let slice_began = Instant::now();
        for NumberedEvent { event, .. } in session.advance(steps) {
            if let Event::Trained { records, .. } = event
                && let Some(last) = records.last()
            {
                progress.tell(&StepFacts::from(last));
            }
        }
        steps = if slice_began.elapsed() < SLICE { steps * 2 } else { (steps / 2).max(1) };
    }
    Ok(began.elapsed())
}

/// The lab's bounds are tighter than the engine's, and someone who meets them can do without a session.
fn with_way_out(refusal: Refusal) -> anyhow::Error {
    let Refusal { field, message } = refusal;
    let set = field.map(|field| format!("; set it with {}", flag(&field))).unwrap_or_default();
    anyhow!(
        "{message}{set}. These are the lab's bounds, because every step is kept; `glassgpt train --out FILE` goes further, \
         and `glassgpt export safetensors --model FILE` goes on from there"
    )
}
