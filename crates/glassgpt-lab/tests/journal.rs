//! A session that is had again from what was written down of it is the same session, to the last bit.
//!
//! Why chance journeys: whoever keeps sessions keeps whatever people do.

use glassgpt_core::{Config, Preset, Sampling, Schedule};
use glassgpt_lab::intervention::Intervention;
use glassgpt_lab::journal::{Entry, Journal, Note, Replay};
use glassgpt_lab::protocol::*;
use glassgpt_lab::{Library, Origin, Session};
use proptest::prelude::*;

mod support;
use support::*;

/// A session with everything that is written down of it.
struct Kept {
    session: Session,
    journal: Journal,
    origin: Origin,
    entries: Vec<Entry>,
}

impl Kept {
    fn new(spec: &Spec) -> Self {
        let session = open(spec);
        Self { origin: session.origin(), session, journal: Journal::default(), entries: Vec::new() }
    }

    /// Carries a command out, unless it is refused.
    fn apply(&mut self, command: Command) {
        if self.session.apply(command.clone()).is_err() {
            return;
        }
        match self.journal.note_command(&command, &self.session) {
            Note::Origin(origin) => {
                self.origin = *origin;
                self.entries.clear();
            }
            Note::Entry { advanced } => self.entries.push(Entry { advanced, command }),
        }
    }

    fn advance(&mut self, steps: u32) {
        let before = self.session.steps_done();
        if !self.session.advance(steps).is_empty() {
            self.journal.note_advance(before, &self.session);
        }
    }

    /// The session had again, through JSON, some steps at a time.
    fn again(&self, slice: u32) -> Session {
        let json = serde_json::to_string(&(&self.origin, &self.entries)).expect("plain data");
        let (origin, entries) = serde_json::from_str(&json).expect("what was written");
        let (mut session, mut replay) =
            Replay::new(origin, entries, self.journal.advanced(), Library::embedded()).expect("the same library");
        while !replay.go_on(&mut session, slice).expect("what was carried out once") {}
        session
    }
}

fn check(kept: &Kept, slice: u32) {
    let again = kept.again(slice);
    assert_eq!(state(&again), state(&kept.session));
    let [mut then, mut now] = [kept.session.snapshot(), again.snapshot()];
    (then.seq, now.seq) = (0, 0);
    assert_eq!(now, then);
}

fn any_command() -> impl Strategy<Value = Command> {
    let address = |text: &str| text.parse().expect("an address");
    prop_oneof![
        3 => (prop::option::of(1u32..30), prop::option::of(1u32..100)).prop_map(|(steps, pace)| Command::Run { steps, pace }),
        2 => Just(Command::Step),
        2 => Just(Command::Pause),
        1 => Just(Command::Reset),
        1 => (0i64..3).prop_map(|seed| Command::Start { spec: spec(Config { seed, ..short() }) }),
        3 => (0u32..40).prop_map(|step| Command::Seek { branch: None, step }),
        1 => (0u32..3, 0u32..40).prop_map(|(branch, step)| Command::Seek { branch: Some(branch), step }),
        2 => (0u32..40).prop_map(|step| Command::Fork { step }),
        2 => prop::sample::select(vec![0.0, 0.01, 0.3, 10.0]).prop_map(|learning_rate| Command::SetLearningRate { learning_rate }),
        1 => Just(Command::SetSchedule { schedule: Schedule::Cosine }),
        1 => Just(Command::SetTemperature { temperature: 1.25 }),
        1 => Just(Command::SetPace { pace: Some(7) }),
        2 => (1u32..4).prop_map(|count| Command::Sample { count, sampling: Sampling::default(), prefix: "a".into() }),
        1 => Just(Command::Observe { addresses: vec![address("text:tea/loss"), address("p0/logits")] }),
        1 => Just(Command::Unobserve { addresses: None }),
        2 => (0u32..5).prop_map(|head| Command::Intervene { intervention: Intervention::ZeroHead { layer: 0, head } }),
        1 => (0u32..4).prop_map(|id| Command::UndoIntervention { id: Some(id) }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_session_can_be_had_again(
        journey in prop::collection::vec((any_command(), 0u32..25), 1..24),
        slice in 1u32..50,
    ) {
        let mut kept = Kept::new(&watched());
        for (command, steps) in journey {
            kept.apply(command);
            kept.advance(steps);
        }
        check(&kept, slice);
    }
}

#[test]
fn a_run_that_diverged_has_diverged_again() {
    let mut kept = Kept::new(&spec(Config { steps: 200, init_std: 1.0, ..Preset::Gist.config() }));
    kept.apply(Command::Run { steps: Some(20), pace: None });
    kept.advance(20);
    kept.apply(Command::SetLearningRate { learning_rate: 10.0 });
    kept.apply(Command::SetSchedule { schedule: Schedule::Constant });
    kept.apply(Command::Run { steps: None, pace: None });
    for _ in 0..50 {
        kept.advance(4);
    }
    assert_eq!(kept.session.status().phase, Phase::Diverged, "the largest steps lead astray");
    check(&kept, 7);
    kept.apply(Command::Seek { branch: None, step: 20 });
    kept.apply(Command::Run { steps: Some(2), pace: None });
    kept.advance(2);
    check(&kept, 7);
}

#[test]
fn a_run_whose_last_update_broke_it_has_diverged_again() {
    let config = Config { beta2: 0.0, eps: 1e-320, schedule: Schedule::Constant, ..Preset::Blog.config() };
    let mut kept = Kept::new(&spec(Config { steps: 2, ..config }));
    kept.apply(Command::Run { steps: None, pace: None });
    kept.advance(3);
    assert_eq!((kept.session.status().phase, kept.session.steps_done()), (Phase::Diverged, 2));
    assert_eq!(kept.journal.advanced(), 2, "no step was tried after it");
    check(&kept, 1);
    kept.apply(Command::Seek { branch: None, step: 1 });
    kept.apply(Command::Run { steps: None, pace: None });
    kept.advance(5);
    assert_eq!((kept.session.status().phase, kept.session.moment().branch), (Phase::Diverged, 1));
    check(&kept, 1);
}

/// A slice that diverges has looked inside its last good step, however long it was.
#[test]
fn a_run_that_diverged_within_a_slice_shows_its_last_good_step() {
    let mut kept = Kept::new(&watched());
    kept.apply(Command::Observe { addresses: vec!["p0/logits".parse().expect("an address")] });
    kept.apply(Command::SetSchedule { schedule: Schedule::Cosine });
    kept.apply(Command::SetLearningRate { learning_rate: 0.3 });
    kept.apply(Command::Run { steps: None, pace: None });
    kept.advance(1);
    kept.advance(39);
    let snapshot = kept.session.snapshot();
    assert_eq!(snapshot.status.phase, Phase::Diverged);
    assert_eq!(snapshot.view.map(|view| view.step), Some(snapshot.step));
    assert!(
        snapshot.step > 1 && snapshot.readings.iter().all(|reading| reading.address.step == Some(snapshot.step - 1))
    );
    check(&kept, 1);
}

#[test]
fn a_trace_that_was_imported_is_trained_again() {
    let mut other = open(&watched());
    run(&mut other, 25);
    let mut kept = Kept::new(&spec(short()));
    kept.apply(Command::Run { steps: Some(10), pace: None });
    kept.advance(10);
    kept.apply(Command::Import { trace: Box::new(other.export()) });
    kept.apply(Command::Run { steps: Some(5), pace: None });
    kept.advance(3);
    check(&kept, 2);
}

#[test]
fn a_log_that_is_not_of_this_session_is_noticed() {
    let kept = Kept::new(&spec(short()));
    let entries = vec![Entry { advanced: 0, command: Command::Seek { branch: None, step: 9 } }];
    let (mut session, mut replay) = Replay::new(kept.origin, entries, 0, Library::embedded()).expect("set up");
    assert_eq!(replay.go_on(&mut session, 1).expect_err("never reached").field.as_deref(), Some("step"));
}
