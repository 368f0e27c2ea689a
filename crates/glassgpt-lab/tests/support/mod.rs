//! What the tests of sessions share: short experiments, and the sum of a snapshot and the events after it.
//!
//! Why the sum is written here again: it is what every client computes, so the tests must not take it from the session.

#![expect(dead_code, reason = "each test program uses a part")]

use glassgpt_core::{Config, Preset};
use glassgpt_lab::fingerprint::sha256_of_f64;
use glassgpt_lab::protocol::*;
use glassgpt_lab::{Library, Session};

pub(crate) fn spec(config: Config) -> Spec {
    Spec::new(config, CorpusSource::Named { name: "words".into() })
}

pub(crate) fn short() -> Config {
    Config { steps: 40, ..Preset::Blog.config() }
}

/// Watched often enough for a short run, and with something held out.
pub(crate) fn watched() -> Spec {
    Spec { samples_every: Some(7), held_out_every: Some(10), ..spec(short()) }
}

pub(crate) fn session(config: Config) -> Session {
    Session::new(&spec(config), Library::embedded()).expect("a valid spec")
}

pub(crate) fn open(spec: &Spec) -> Session {
    Session::new(spec, Library::embedded()).expect("a valid spec")
}

/// Trains some steps at once.
pub(crate) fn run(session: &mut Session, steps: u32) -> Vec<NumberedEvent> {
    let mut events = session.apply(Command::Run { steps: Some(steps), pace: None }).expect("waiting");
    events.extend(session.advance(steps));
    events
}

/// All that training changes, to the last bit.
pub(crate) fn state(session: &Session) -> (u32, [String; 3], glassgpt_core::Random) {
    let trainer = session.trainer();
    let numbers = [trainer.params(), &trainer.adam().m, &trainer.adam().v];
    (trainer.steps_done(), numbers.map(sha256_of_f64), trainer.setup().random.clone())
}

/// The sum of a snapshot and the events after it: what every client computes.
pub(crate) fn fold(snapshot: &mut Snapshot, events: &[NumberedEvent]) {
    for NumberedEvent { seq, event } in events.iter().cloned() {
        assert_eq!(seq, snapshot.seq + 1, "events are numbered without a gap");
        snapshot.seq = seq;
        fold_event(snapshot, event);
    }
}

fn fold_event(snapshot: &mut Snapshot, event: Event) {
    match event {
        Event::Started { experiment, settings, line, live_samples } => {
            snapshot.experiment = *experiment;
            snapshot.settings = settings;
            snapshot.live_samples = live_samples;
            (snapshot.step, snapshot.branch) = (0, 0);
            let changes = vec![Change { step: 0, settings }];
            snapshot.branches = vec![Branch { id: 0, parent: None, begin: 0, end: 0, changes }];
            set_line(snapshot, line);
            snapshot.view = None;
            snapshot.samples = None;
        }
        Event::Trained { records, view, live_samples, automatic_samples, held_out, mean_step_us: _ } => {
            snapshot.step = records.last().expect("at least one").step;
            snapshot.branches[snapshot.branch as usize].end = snapshot.step;
            snapshot.records.extend(records);
            snapshot.automatic_samples.extend(automatic_samples);
            snapshot.held_out.extend(held_out);
            snapshot.view = view.or(snapshot.view.take());
            snapshot.live_samples = live_samples;
        }
        Event::Moved { branch, step, line, settings, view, live_samples } => {
            (snapshot.branch, snapshot.step, snapshot.settings) = (branch, step, settings);
            (snapshot.view, snapshot.live_samples) = (view, live_samples);
            if let Some(line) = line {
                set_line(snapshot, line);
            }
        }
        Event::Forked { branch } => {
            let begin = branch.begin;
            snapshot.branch = branch.id;
            snapshot.branches.push(branch);
            snapshot.records.retain(|record| record.step <= begin);
            snapshot.automatic_samples.retain(|samples| samples.step <= begin);
            snapshot.held_out.retain(|loss| loss.step <= begin);
        }
        Event::SettingsChanged { change, live_samples } => {
            snapshot.settings = change.settings;
            snapshot.live_samples = live_samples;
            let changes = &mut snapshot.branches[snapshot.branch as usize].changes;
            changes.retain(|before| before.step != change.step);
            changes.push(change);
        }
        Event::StatusChanged { status } => snapshot.status = status,
        Event::Sampled { samples } => snapshot.samples = Some(samples),
        Event::Observed { readings } => snapshot.readings = readings,
        Event::InterventionsChanged { interventions } => snapshot.interventions = interventions,
        Event::Imported { report: _, snapshot: all } => *snapshot = *all,
    }
}

fn set_line(snapshot: &mut Snapshot, line: Line) {
    snapshot.records = line.records;
    snapshot.automatic_samples = line.automatic_samples;
    snapshot.held_out = line.held_out;
}
