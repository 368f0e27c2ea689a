//! Traces come true or say where they do not; comparisons find the first difference.
//!
//! Why tampered traces: a check that has never failed is not known to be one.

use glassgpt_core::{Config, Preset, Sampling, Schedule};
use glassgpt_lab::compare::compare;
use glassgpt_lab::protocol::*;
use glassgpt_lab::trace::{Trace, TraceError};
use glassgpt_lab::{Library, Session};
use proptest::prelude::*;

mod support;
use support::*;

fn do_all(session: &mut Session, commands: Vec<Command>) {
    for command in commands {
        session.apply(command).expect("a command that is possible");
    }
}

/// A session with a past: forks, changes, documents on request; it stands before the end of its branch.
fn eventful() -> Session {
    let mut session = open(&watched());
    let sample = Command::Sample { count: 3, sampling: Sampling::default(), prefix: String::new() };
    do_all(&mut session, vec![Command::SetTemperature { temperature: 0.9 }, sample.clone()]);
    run(&mut session, 20);
    do_all(&mut session, vec![sample.clone(), Command::Seek { branch: None, step: 12 }, sample.clone()]);
    do_all(&mut session, vec![Command::SetLearningRate { learning_rate: 0.02 }]);
    run(&mut session, 10);
    do_all(&mut session, vec![Command::SetSchedule { schedule: Schedule::Cosine }, sample]);
    run(&mut session, 8);
    let addresses = ["loss", "p0/probs", "layer0.attn_wq[0].update", "text:abc/p1/layer0.fc1"];
    let addresses = addresses.map(|word| word.parse().expect("an address")).to_vec();
    do_all(&mut session, vec![Command::Observe { addresses }, Command::Seek { branch: None, step: 25 }]);
    session
}

fn import(trace: &Trace) -> (Session, glassgpt_lab::trace::ReplayReport) {
    Session::import(trace, Library::embedded()).expect("a trace that can be trained")
}

#[test]
fn a_trace_comes_true_and_leads_to_the_same_moment() {
    let session = eventful();
    let trace = Trace::from_json(session.export().to_json().as_bytes()).expect("a trace");
    assert_eq!(trace, session.export());
    assert_eq!((trace.changes.len(), trace.steps.len(), trace.step), (3, 30, 25));
    let (again, report) = import(&trace);
    assert!(report.reproduced, "{report:?}");
    assert_eq!(report.num_steps, 30);
    assert_eq!(state(&again), state(&session), "parameters, moments and generator");
    assert_eq!((again.line(), again.settings()), (session.line(), session.settings()));
    assert_eq!(again.snapshot().live_samples, session.snapshot().live_samples);
    assert_eq!(again.export().steps, trace.steps);
}

/// Found by the fuzz target `command`: a NaN that was computed has other bits than one that was read.
#[test]
fn a_watched_number_that_is_none_comes_true() {
    let config = Config { n_embd: 4, n_head: 2, block_size: 4, steps: 60, ..Preset::Gist.config() };
    let astray = Config { init_std: 10.0, learning_rate: 10.0, zero_init: false, ..config };
    let mut session = session(astray);
    let addresses = ["wte", "wpe", "lm_head", "layer0.attn_wq", "layer0.attn_wo", "layer0.mlp_fc1", "layer0.mlp_fc2"];
    let addresses = addresses.map(|name| format!("{name}.grad").parse().expect("an address")).to_vec();
    do_all(&mut session, vec![Command::Observe { addresses }]);
    run(&mut session, 60);
    let trace = Trace::from_json(session.export().to_json().as_bytes()).expect("a trace");
    assert!(trace.activations.iter().flat_map(|of| &of.values).any(|x| x.is_nan()), "a gradient has left the numbers");
    let (_, report) = import(&trace);
    assert!(report.reproduced, "{report:?}");
}

#[test]
fn a_diverged_run_diverges_again() {
    let config = Config { init_std: 10.0, learning_rate: 10.0, steps: 200, ..Preset::Gist.config() };
    let mut session = session(config);
    session.apply(Command::Run { steps: None, pace: None }).expect("ready");
    session.advance(200);
    let mut trace = session.export();
    assert!(trace.divergence.is_some());
    let (again, report) = import(&trace);
    assert!(report.reproduced, "{report:?}");
    assert_eq!(again.status().phase, Phase::Diverged);
    trace.divergence = None;
    let (_, report) = import(&trace);
    assert!(report.reproduced, "up to there it is true: {report:?}");
}

#[test]
fn what_is_not_true_is_found() {
    let trace = eventful().export();
    let altered = |how: &dyn Fn(&mut Trace)| {
        let mut other = trace.clone();
        how(&mut other);
        let (_, report) = import(&other);
        assert!(!report.reproduced);
        report
    };
    let next = |x: &mut f64| *x = f64::from_bits(x.to_bits() + 1);
    let found = |report: &glassgpt_lab::trace::ReplayReport| {
        let difference = report.first_difference.clone().expect("a figure differs");
        (difference.step, difference.figure)
    };
    assert_eq!(found(&altered(&|trace| next(&mut trace.steps[4].record.loss))), (5, "loss".into()));
    assert_eq!(found(&altered(&|trace| next(&mut trace.steps[6].losses[1]))), (7, "losses[1]".into()));
    assert_eq!(found(&altered(&|trace| trace.steps[6].losses.truncate(1))).0, 7);
    assert_eq!(found(&altered(&|trace| trace.steps[0].record.doc += 1)), (1, "doc".into()));
    assert_eq!(found(&altered(&|trace| trace.spec.config.seed = 43)).0, 1);
    let late = altered(&|trace| trace.changes[1].settings.learning_rate = 0.021);
    assert_eq!(found(&late), (13, "learning_rate".into()));
    assert!(!late.same_params && !late.same_samples);
    assert!(!altered(&|trace| trace.params_sha256 = "0".repeat(64)).same_params);
    assert!(!altered(&|trace| trace.automatic_samples[1].samples[0].text.push('x')).same_samples);
    assert!(!altered(&|trace| trace.held_out.clear()).same_held_out);
}

#[test]
fn what_is_not_a_trace_is_refused_in_plain_words() {
    let trace = eventful().export();
    let json = trace.to_json();
    let error = |json: &str| Trace::from_json(json.as_bytes()).expect_err("not a trace").to_string();
    assert!(error("emma").contains("not JSON"));
    assert!(error("{}").contains("not a glassgpt trace"));
    assert!(error("{\"format\":\"glassgpt-model\",\"version\":1}").contains("not a glassgpt trace"));
    assert!(error(&json[..json.len() / 2]).contains("ends too early"));
    assert!(error(&json.replace("\"version\":1", "\"version\":2")).contains("version 2"));
    assert!(error(&json.replacen("\"doc\":", "\"document\":", 1)).contains("document"));
    let broken = |how: &dyn Fn(&mut Trace)| {
        let mut other = trace.clone();
        how(&mut other);
        error(&other.to_json())
    };
    assert!(broken(&|trace| trace.step = 31).contains("step is 31; it must be a whole number from 0 to 30"));
    assert!(broken(&|trace| drop(trace.steps.remove(3))).contains("steps[3] says it is step 5; it must be 4"));
    assert!(broken(&|trace| trace.spec.config.steps = 29).contains("its config allows 29"));
    assert!(broken(&|trace| trace.changes.clear()).contains("changes must rise"));
    assert!(broken(&|trace| trace.changes[2].step = 12).contains("changes must rise"));
    assert!(broken(&|trace| trace.drawn[1].numbers = u64::MAX).contains("numbers drawn"));

    let mut bad = trace.clone();
    bad.changes[1].settings.learning_rate = 11.0;
    assert!(
        matches!(Session::import(&bad, Library::embedded()), Err(TraceError::Refused(refusal)) if refusal.field.as_deref() == Some("learning_rate"))
    );
    let library = Library::embedded().with("words", "others", glassgpt_core::Corpus::parse("ab\n").expect("a corpus"));
    let mut whole = trace.clone();
    whole.spec.held_out_every = None;
    let refused = Session::import(&whole, library).expect_err("another corpus");
    assert!(refused.to_string().contains("another corpus called \"words\""), "{refused}");
}

#[test]
fn two_courses_part_at_the_first_step_that_differs() {
    let mut session = session(short());
    run(&mut session, 30);
    session.apply(Command::Seek { branch: None, step: 10 }).expect("reached");
    session.apply(Command::SetLearningRate { learning_rate: 0.02 }).expect("within bounds");
    run(&mut session, 15);
    let [one, other] = [Moment { branch: 0, step: 25 }, Moment { branch: 1, step: 25 }];
    let found = compare((&session, one), (&session, other)).expect("one shape");
    // Step 11 is the first with another rate, step 12 the first with other parameters.
    assert_eq!(found.first_different_step, Some(12));
    let first: glassgpt_lab::Address = found.first_different_address.expect("they differ").parse().expect("an address");
    assert_eq!(first.step, Some(11));
    assert_eq!((found.a.losses.len(), found.b.losses.len()), (25, 25));
    assert_eq!(found.most_changed.len(), 20);
    let apart = |at: usize| (found.most_changed[at].a - found.most_changed[at].b).abs();
    assert!((1..20).all(|i| apart(i - 1) >= apart(i)) && apart(19) > 0.0);
    assert!(found.distance >= apart(0) && found.num_different <= found.num_params);
    let [a, b] = [one, other].map(|at| session.trainer_at(at).expect("reached").params().to_vec());
    assert_eq!(found.num_different as usize, a.iter().zip(&b).filter(|(a, b)| a != b).count());
    let largest = a.iter().zip(&b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert_eq!(apart(0), largest);

    let same = compare((&session, Moment { branch: 1, step: 10 }), (&session, Moment { branch: 0, step: 10 }));
    let same = same.expect("one shape");
    assert_eq!((same.first_different_step, same.first_different_param, same.num_different), (None, None, 0));
    assert_eq!(same.first_different_address, None);
    assert_eq!((same.distance, same.most_changed), (0.0, vec![]));
}

#[test]
fn one_parameter_is_found_by_name() {
    let mut session = session(short());
    run(&mut session, 1);
    // After one step, two moments of one run: every parameter that had a gradient moved.
    let found = compare((&session, Moment { branch: 0, step: 0 }), (&session, session.moment())).expect("one shape");
    let first = found.first_different_param.expect("it trained");
    let trainer = session.trainer();
    let layout = trainer.plan().layout();
    let token = *trainer.last_tokens().iter().min().expect("a document") as usize;
    assert_eq!(first.param, format!("wte[{token}][0]"), "the first token that was read");
    assert_eq!(first.b, trainer.params()[layout.wte.row(token).start]);
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let [one, wide] = [short(), Config { n_embd: 32, ..short() }].map(session);
    let deep = session(Config { n_layer: 2, ..short() });
    let start = Moment { branch: 0, step: 0 };
    let error = |other: &Session| compare((&one, start), (other, start)).expect_err("another shape").message;
    assert!(error(&wide).contains("wte is 27 × 16 in the one and wte is 27 × 32"), "{}", error(&wide));
    assert!(error(&deep).contains("n_layer is 1 in the one and 2"), "{}", error(&deep));
    let text = CorpusSource::Text { name: "mine".into(), text: "ab\n".into() };
    assert!(error(&open(&Spec::new(short(), text))).contains("vocabularies (27 and 3 tokens)"));
    let unreached = compare((&one, start), (&one, Moment { branch: 0, step: 1 })).expect_err("not there");
    assert_eq!(unreached.field.as_deref(), Some("step"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_makes_the_reader_panic(cut in 0usize..40_000, changes in prop::collection::vec((0usize..40_000, any::<u8>()), 0..6)) {
        let mut session = open(&Spec { samples_every: None, ..spec(Config { steps: 2, ..short() }) });
        run(&mut session, 2);
        let mut bytes = session.export().to_json().into_bytes();
        for (at, byte) in changes {
            let len = bytes.len();
            bytes[at % len] = byte;
        }
        if let Ok(trace) = Trace::from_json(&bytes) {
            let _ = Session::import(&trace, Library::embedded());
        }
        let keep = cut.max(1) % (bytes.len() - 1);
        prop_assert!(Trace::from_json(&bytes[..keep]).is_err());
    }
}

#[test]
fn watched_numbers_come_true_too_or_are_named() {
    let mut trace = eventful().export();
    assert_eq!(trace.activations.len(), 4);
    assert_eq!(import(&trace).1.first_different_activation, None);
    let number = &mut trace.activations[2].values[5];
    *number = f64::from_bits(number.to_bits() ^ 1);
    let (_, report) = import(&trace);
    let expected = trace.activations[2].address.to_string();
    assert_eq!((report.reproduced, report.first_different_activation), (false, Some(expected)));
}
