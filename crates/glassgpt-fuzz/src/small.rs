//! Small experiments: what the targets work on, and how much of it they let a stranger ask for.
//!
//! Why a bound of our own: the lab's limits keep a server alive, but a fuzzer wants thousands of inputs a second.

use std::sync::LazyLock;

use glassgpt_core::{Config, Corpus, Preset, Schedule};
use glassgpt_lab::protocol::{Command, CorpusSource, Phase, Spec};
use glassgpt_lab::trace::Trace;
use glassgpt_lab::{Library, Session};

/// The most steps that a small experiment may be set to.
pub(crate) const STEPS: u32 = 60;

/// The most numbers drawn on request that a trace may ask for here.
const NUMBERS_DRAWN: u64 = 20_000;

/// The name of the small corpus.
const TINY: &str = "tiny";

static LIBRARY: LazyLock<Library> = LazyLock::new(|| {
    let corpus = Corpus::parse("ab\nba\nabba\nb\nbab é\n").expect("five documents");
    Library::embedded().with(TINY, "five documents", corpus)
});

/// The embedded corpora, and a small one.
pub(crate) fn library() -> Library {
    LIBRARY.clone()
}

/// The small experiment that every stranger begins with.
pub(crate) fn spec() -> Spec {
    let config = Config { n_embd: 4, n_head: 2, block_size: 4, steps: 12, ..Preset::Blog.config() };
    let corpus = CorpusSource::Named { name: TINY.into() };
    Spec { samples_every: Some(4), held_out_every: Some(3), ..Spec::new(config, corpus) }
}

/// It, at step 0.
pub(crate) fn session() -> Session {
    open(&spec())
}

/// It, five steps on and gone back to the third, with another branch.
pub(crate) fn travelled() -> Session {
    let mut session = session();
    train(&mut session, 4);
    obey(&mut session, Command::Seek { branch: None, step: 2 });
    train(&mut session, 3);
    obey(&mut session, Command::Seek { branch: None, step: 3 });
    session
}

/// One whose numbers have left the numbers.
pub(crate) fn diverged() -> Session {
    let config =
        Config { learning_rate: 10.0, init_std: 10.0, schedule: Schedule::Constant, steps: STEPS, ..spec().config };
    let mut session =
        open(&Spec { config: Config { activation: Preset::Gist.config().activation, ..config }, ..spec() });
    train(&mut session, STEPS);
    assert_eq!(session.status().phase, Phase::Diverged, "the largest steps lead astray");
    session
}

/// Whether an experiment is small enough to be set up and trained a thousand times a second.
pub(crate) fn is_small(spec: &Spec) -> bool {
    let Config { n_embd, n_layer, block_size, steps, .. } = spec.config;
    is_quickly_read(&spec.corpus) && n_embd <= 8 && n_layer <= 2 && block_size <= 8 && steps <= STEPS
}

/// Whether a corpus is none of the large ones. Unknown names are welcome: they are refused.
pub(crate) fn is_quickly_read(corpus: &CorpusSource) -> bool {
    let CorpusSource::Named { name } = corpus else { return true };
    name == TINY || library().get(name).is_none()
}

/// Whether a trace is quickly trained again.
pub(crate) fn is_short(trace: &Trace) -> bool {
    let drawn = trace.drawn.iter().map(|drawn| drawn.numbers).max().unwrap_or(0);
    is_small(&trace.spec) && trace.steps.len() <= STEPS as usize && drawn <= NUMBERS_DRAWN
}

fn open(spec: &Spec) -> Session {
    Session::new(spec, library()).expect("small settings are valid")
}

fn train(session: &mut Session, steps: u32) {
    obey(session, Command::Run { steps: Some(steps), pace: None });
    session.advance(steps);
}

fn obey(session: &mut Session, command: Command) {
    session.apply(command).expect("it can be done");
}
