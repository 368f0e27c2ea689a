//! What people do in the lab, and the promises it makes them: replay, resynchronisation, refusals, divergence.

use glassgpt_core::{Config, Preset, Sampling, Schedule};
use glassgpt_lab::intervention::Intervention;
use glassgpt_lab::protocol::*;
use glassgpt_lab::{Address, LIMITS, Library, Place, Reader, Session};
use proptest::prelude::*;

mod support;
use support::*;

#[test]
fn trains_to_the_end_and_writes_what_microgpt_would() {
    let mut session = session(short());
    session.apply(Command::Run { steps: None, pace: None }).expect("ready");
    while session.status().phase == Phase::Running {
        session.advance(7);
    }
    assert_eq!(session.status().phase, Phase::Finished);
    let live = session.snapshot().live_samples;
    let sample = Command::Sample { count: 10, sampling: Sampling::default(), prefix: String::new() };
    session.apply(sample.clone()).expect("a valid request");
    assert_eq!(session.snapshot().samples.expect("just asked for").samples, live.samples);
    session.apply(sample).expect("a valid request");
    assert_ne!(session.snapshot().samples.expect("just asked for").samples, live.samples, "the generator moves on");

    let refusal = session.apply(Command::Step).expect_err("all steps are done");
    assert!(refusal.message.contains("all 40 steps are done"), "{refusal}");
}

#[test]
fn pauses_steps_and_resumes() {
    let mut session = session(short());
    assert_eq!(session.status().phase, Phase::Ready);
    session.apply(Command::Step).expect("ready");
    assert_eq!((session.status().phase, session.steps_done()), (Phase::Paused, 1));
    session.apply(Command::Run { steps: Some(5), pace: Some(100) }).expect("paused");
    assert!(session.apply(Command::Step).is_err(), "running");
    session.advance(2);
    session.apply(Command::Pause).expect("always allowed");
    assert!(session.advance(10).is_empty(), "a paused session does not train");
    session.apply(Command::Run { steps: Some(5), pace: None }).expect("paused");
    session.advance(100);
    assert_eq!((session.status().phase, session.steps_done()), (Phase::Paused, 8));
}

#[test]
fn reset_brings_back_the_same_numbers() {
    let mut session = session(short());
    let start = session.snapshot();
    session.apply(Command::Step).expect("ready");
    let first = session.snapshot().records;
    session.apply(Command::Reset).expect("always allowed");
    let again = session.snapshot();
    assert_eq!((&again.live_samples, &again.status), (&start.live_samples, &start.status));
    session.apply(Command::Step).expect("ready");
    assert_eq!(session.snapshot().records, first);
}

#[test]
fn a_diverging_model_is_a_state_not_an_accident() {
    let config = Config { init_std: 10.0, learning_rate: 10.0, steps: 200, ..Preset::Gist.config() };
    let mut session = session(config);
    session.apply(Command::Run { steps: None, pace: None }).expect("ready");
    session.advance(200);
    assert_eq!(session.status().phase, Phase::Diverged);
    let snapshot = session.snapshot();
    let divergence = snapshot.status.divergence.expect("it diverged");
    assert_eq!(divergence.step as usize, snapshot.records.len() + 1);
    let first: Address = divergence.first.expect("it is known").parse().expect("an address");
    let scene = session.scene(&Place { step: first.step, text: None }).expect("it was reached");
    let bare = Address { step: None, ..first.clone() };
    assert!(!Reader::new(&scene).read(&bare).expect("it exists").values[0].is_finite(), "{first}");
    let json = serde_json::to_string(&session.snapshot()).expect("serializable");
    let back: Snapshot = serde_json::from_str(&json).expect("no NaN and no infinity travel as null");
    assert_eq!(back, session.snapshot());
    session.apply(Command::Reset).expect("a way out");
    assert_eq!(session.status().phase, Phase::Ready);
}

/// No step comes after the last one to find what its update broke.
#[test]
fn a_last_update_that_breaks_the_model_is_a_divergence_however_it_is_sliced() {
    for (eps, found) in
        [(1e-300, "its square is not a finite number"), (1e-320, "a parameter that is not a finite number")]
    {
        let config = Config { schedule: Schedule::Constant, beta2: 0.0, eps, steps: 40, ..Preset::Blog.config() };
        let mut longer = session(config.clone());
        run(&mut longer, 40);
        let steps = longer.steps_done();
        assert_eq!((longer.status().phase, steps > 0), (Phase::Diverged, true), "a step after that finds it");
        ends_diverged(&Config { steps, ..config }, found);
    }
}

/// Trained to its last step, it has diverged there, in slices of any length.
fn ends_diverged(config: &Config, found: &str) {
    let steps = config.steps;
    let told = [1, 2, steps].map(|slice| {
        let mut session = session(config.clone());
        session.apply(Command::Observe { addresses: vec!["loss".parse().expect("an address")] }).expect("it exists");
        let mut sum = session.snapshot();
        let mut events = session.apply(Command::Run { steps: None, pace: None }).expect("ready");
        for _ in 0..steps {
            events.extend(session.advance(slice));
        }
        fold(&mut sum, &events);
        let snapshot = session.snapshot();
        assert_eq!(sum, snapshot);
        assert_eq!((snapshot.status.phase, snapshot.step), (Phase::Diverged, steps));
        assert_eq!(snapshot.records.len() as u32, steps, "the step was done");
        assert_eq!(snapshot.view.as_ref().map(|view| view.step), Some(steps));
        let divergence = snapshot.status.divergence.clone().expect("it diverged");
        assert_eq!(divergence.step, steps);
        assert!(divergence.reason.contains(found), "{}", divergence.reason);
        let broken = session.trainer().params().iter().any(|param| !param.is_finite());
        if let Some(first) = &divergence.first {
            let first: Address = first.parse().expect("an address");
            let scene = session.scene(&Place { step: first.step, text: None }).expect("it was reached");
            let bare = Address { step: None, ..first.clone() };
            assert!(!Reader::new(&scene).read(&bare).expect("it exists").values[0].is_finite(), "{first}");
        } else {
            assert!(!broken, "a parameter that is not finite is found");
        }

        for command in [Command::Step, Command::Run { steps: None, pace: None }] {
            let refusal = session.apply(command).expect_err("no way on");
            assert!(refusal.message.contains("seek an earlier step"), "{refusal}");
        }
        session.apply(Command::Fork { step: steps }).expect("there is room");
        assert_eq!(session.status().phase, Phase::Diverged, "on every branch");
        session.apply(Command::Seek { branch: Some(0), step: steps - 1 }).expect("it was reached");
        assert_ne!(session.status().phase, Phase::Diverged);
        session.apply(Command::Seek { branch: Some(0), step: steps }).expect("it was reached");
        assert_eq!(session.status().divergence.as_ref(), Some(&divergence));
        (serde_json::to_string(&snapshot.records).expect("plain data"), divergence)
    });
    assert!(told.iter().all(|of| *of == told[0]));
}

#[test]
fn refusals_name_the_field_and_change_nothing() {
    let mut session = session(short());
    let before = session.snapshot();
    let start = |config: Config| Command::Start { spec: spec(config) };
    let text = |text: &str| CorpusSource::Text { name: "mine".into(), text: text.into() };
    let many: String = (0..300).map(|i| char::from_u32(0x4e00 + i).expect("a character")).collect();
    let refused = [
        (start(Config { n_head: 3, ..short() }), "n_head"),
        (start(Config { n_embd: LIMITS.n_embd + 4, ..short() }), "n_embd"),
        (start(Config { steps: LIMITS.steps + 1, ..short() }), "steps"),
        (start(Config { learning_rate: f64::NAN, ..short() }), "learning_rate"),
        (start(Config { beta1: 1.0, ..short() }), "beta1"),
        (Command::Start { spec: Spec::new(short(), text(" \n \r\n")) }, "corpus"),
        (Command::Start { spec: Spec::new(short(), text(&many)) }, "corpus"),
        (Command::Start { spec: Spec { samples_every: Some(0), ..spec(short()) } }, "samples_every"),
        (
            Command::Start {
                spec: Spec { samples_every: Some(19), ..spec(Config { steps: LIMITS.steps, ..short() }) },
            },
            "samples_every",
        ),
        (Command::Start { spec: Spec { held_out_every: Some(1), ..spec(short()) } }, "held_out_every"),
        (
            Command::Start { spec: Spec { held_out_every: Some(9), ..Spec::new(short(), text("a\nb\n")) } },
            "held_out_every",
        ),
        (
            Command::Start { spec: Spec { held_out_every: Some(2), ..Spec::new(short(), text("a\n")) } },
            "held_out_every",
        ),
        (Command::Seek { branch: None, step: 1 }, "step"),
        (Command::Seek { branch: Some(1), step: 0 }, "branch"),
        (Command::Fork { step: 1 }, "step"),
        (Command::SetLearningRate { learning_rate: 10.5 }, "learning_rate"),
        (Command::SetLearningRate { learning_rate: f64::NAN }, "learning_rate"),
        (Command::SetTemperature { temperature: -0.5 }, "temperature"),
        (Command::SetTemperature { temperature: 2.5 }, "temperature"),
        (Command::Run { steps: Some(0), pace: None }, "steps"),
        (Command::Run { steps: None, pace: Some(0) }, "pace"),
        (Command::Sample { count: 0, sampling: Sampling::default(), prefix: String::new() }, "count"),
        (Command::Sample { count: 1, sampling: Sampling::default(), prefix: "Ab9".into() }, "prefix"),
        (Command::Sample { count: 1, sampling: Sampling::default(), prefix: "a".repeat(16) }, "prefix"),
        (
            Command::Sample {
                count: 1,
                sampling: Sampling { temperature: 2.5, ..Default::default() },
                prefix: String::new(),
            },
            "temperature",
        ),
        (
            Command::Sample {
                count: 1,
                sampling: Sampling { top_k: Some(0), ..Default::default() },
                prefix: String::new(),
            },
            "top_k",
        ),
    ];
    for (command, field) in refused {
        let refusal = session.apply(command.clone()).expect_err("out of bounds");
        assert_eq!(refusal.field.as_deref(), Some(field), "{command:?}: {refusal}");
    }
    assert_eq!(session.snapshot(), before);
}

#[test]
fn a_text_of_ones_own_is_a_corpus() {
    let corpus = CorpusSource::Text { name: "mine".into(), text: "zoë\r\nnoé\n\n  zoë \n".into() };
    let session = Session::new(&Spec::new(short(), corpus), Library::embedded()).expect("a corpus");
    let experiment = session.experiment();
    assert_eq!((experiment.num_docs, experiment.num_unique, experiment.preset), (3, 2, None));
    assert_eq!(experiment.vocab, ["n", "o", "z", "é", "ë", "BOS"]);
}

#[test]
fn presets_are_recognised() {
    for preset in Preset::ALL {
        let corpus = CorpusSource::Named { name: preset.corpus().into() };
        let session = Session::new(&Spec::new(preset.config(), corpus), Library::embedded()).expect("a preset");
        assert_eq!(session.experiment().preset, Some(preset));
    }
}

#[test]
fn a_session_becomes_what_a_trace_tells_of() {
    let mut other = open(&watched());
    run(&mut other, 20);
    other.apply(Command::Seek { branch: None, step: 15 }).expect("it was reached");
    let trace = other.export();
    let mut session = session(short());
    run(&mut session, 5);
    let mut snapshot = session.snapshot();
    let events =
        session.apply(Command::Import { trace: Box::new(trace.clone()) }).expect("a trace that can be trained");
    let Event::Imported { report, .. } = &events[0].event else { panic!("{events:?}") };
    assert!(report.reproduced, "{report:?}");
    fold(&mut snapshot, &events);
    assert_eq!(snapshot, session.snapshot());
    assert_eq!((session.steps_done(), session.export().steps), (15, trace.steps.clone()));
    fold(&mut snapshot, &run(&mut session, 3));
    assert_eq!(snapshot, session.snapshot());

    let before = session.snapshot();
    for (foreign, reason) in [
        (glassgpt_lab::trace::Trace { format: "a picture".into(), ..trace.clone() }, "not a glassgpt trace"),
        (glassgpt_lab::trace::Trace { version: 2, ..trace.clone() }, "the trace has version 2"),
    ] {
        let refusal = session.apply(Command::Import { trace: Box::new(foreign) }).expect_err("not to be read");
        assert!(refusal.message.contains(reason), "{refusal:?}");
    }
    assert_eq!(session.snapshot(), before);

    let mut long = trace;
    long.spec.config.n_embd = 128;
    long.spec.config.n_layer = 4;
    let step = long.steps[0].clone();
    long.steps =
        (1..=1000).map(|n| StepDetail { record: StepRecord { step: n, ..step.record }, ..step.clone() }).collect();
    let refusal = session.apply(Command::Import { trace: Box::new(long) }).expect_err("too much work");
    assert_eq!(refusal.field.as_deref(), Some("trace"));
    assert_eq!(session.snapshot(), before);
}

/// One of the things a person or a driver may do next.
#[derive(Clone, Debug)]
enum Act {
    Command(Command),
    Advance(u32),
}

fn acts() -> impl Strategy<Value = Act> {
    let sampling = Sampling { temperature: 0.8, top_k: Some(5), top_p: Some(0.9) };
    prop_oneof![
        (1u32..20).prop_map(Act::Advance),
        Just(Act::Command(Command::Step)),
        Just(Act::Command(Command::Run { steps: None, pace: None })),
        (1u32..30).prop_map(|steps| Act::Command(Command::Run { steps: Some(steps), pace: Some(50) })),
        Just(Act::Command(Command::Pause)),
        Just(Act::Command(Command::SetPace { pace: Some(9) })),
        Just(Act::Command(Command::Reset)),
        (proptest::option::of(0u32..3), 0u32..40)
            .prop_map(|(branch, step)| Act::Command(Command::Seek { branch, step })),
        (0u32..15).prop_map(|step| Act::Command(Command::Seek { branch: None, step })),
        (0u32..20).prop_map(|step| Act::Command(Command::Fork { step })),
        prop_oneof![Just(0.0), Just(0.02), Just(0.3)]
            .prop_map(|learning_rate| Act::Command(Command::SetLearningRate { learning_rate })),
        prop_oneof![Just(Schedule::Cosine), Just(Schedule::Constant)]
            .prop_map(|schedule| Act::Command(Command::SetSchedule { schedule })),
        prop_oneof![Just(0.0), Just(1.0)].prop_map(|temperature| Act::Command(Command::SetTemperature { temperature })),
        Just(Act::Command(Command::Start { spec: spec(Config { seed: 7, n_embd: 8, ..short() }) })),
        Just(Act::Command(Command::Sample { count: 2, sampling, prefix: "a".into() })),
        watching(),
    ]
}

/// Watching and looking through glasses.
fn watching() -> impl Strategy<Value = Act> {
    let addresses = [
        "loss",
        "p6/logits[2]",
        "p1/layer0.head1.weights",
        "layer0.q",
        "wte[3].grad",
        "wpe[0][0].update",
        "text:abc/p2/probs",
        "p2/layer0.fc1[5].grad",
        "node:9000",
    ];
    let some = prop::collection::vec(prop::sample::select(addresses.to_vec()), 1..4);
    let parsed = |words: Vec<&str>| words.into_iter().map(|word| word.parse().expect("an address")).collect::<Vec<_>>();
    let glasses = prop_oneof![
        (0u32..6).prop_map(|head| Intervention::ZeroHead { layer: 0, head }),
        Just(Intervention::ZeroMlp { layer: 0 }),
        Just(Intervention::DropScale { layer: 0 }),
    ];
    prop_oneof![
        some.clone().prop_map(move |words| Command::Observe { addresses: parsed(words) }),
        prop::option::of(some).prop_map(move |words| Command::Unobserve { addresses: words.map(parsed) }),
        glasses.prop_map(|intervention| Command::Intervene { intervention }),
        prop::option::of(0u32..4).prop_map(|id| Command::UndoIntervention { id }),
    ]
    .prop_map(Act::Command)
}

/// Does it, and returns the events; a refusal has none.
fn act(session: &mut Session, act: &Act) -> Vec<NumberedEvent> {
    match act {
        Act::Command(command) => session.apply(command.clone()).unwrap_or_default(),
        Act::Advance(steps) => session.advance(*steps),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_snapshot_and_the_events_after_it_are_the_next_snapshot(acts in prop::collection::vec(acts(), 1..30)) {
        let mut session = open(&watched());
        let mut snapshot = session.snapshot();
        for next in &acts {
            let events = act(&mut session, next);
            fold(&mut snapshot, &events);
            prop_assert_eq!(&snapshot, &session.snapshot());
        }
    }

    #[test]
    fn the_same_commands_replay_the_same_numbers(acts in prop::collection::vec(acts(), 1..30)) {
        let (mut one, mut two) = (open(&watched()), open(&watched()));
        for next in &acts {
            prop_assert_eq!(act(&mut one, next), act(&mut two, next));
            let _ = two.snapshot(); // observing changes nothing
        }
    }

    #[test]
    fn the_size_of_the_slices_does_not_matter(slices in prop::collection::vec(1u32..9, 1..40)) {
        let (mut whole, mut sliced) = (open(&watched()), open(&watched()));
        let addresses = ["loss", "p0/probs", "wte.grad"].map(|word| word.parse().expect("an address")).to_vec();
        for session in [&mut whole, &mut sliced] {
            session.apply(Command::Observe { addresses: addresses.clone() }).expect("they exist");
            session.apply(Command::Run { steps: None, pace: None }).expect("ready");
        }
        let steps: u32 = slices.iter().sum();
        whole.advance(steps);
        slices.into_iter().for_each(|steps| drop(sliced.advance(steps)));
        let (mut whole, mut sliced) = (whole.snapshot(), sliced.snapshot());
        (whole.seq, sliced.seq) = (0, 0);
        prop_assert_eq!(whole, sliced);
    }
}
