//! Time travel: every moment comes back to the last bit, the past is kept, and nothing that is watched is disturbed.
//!
//! Why hashes of everything: a moment that is almost the same is another moment.

use glassgpt_core::{Config, Preset, Sampling, Schedule, Setup};
use glassgpt_lab::protocol::*;
use glassgpt_lab::{LIMITS, Library, Session};
use proptest::prelude::*;

mod support;
use support::*;

fn seek(session: &mut Session, branch: u32, step: u32) -> Vec<NumberedEvent> {
    session.apply(Command::Seek { branch: Some(branch), step }).expect("a moment that was reached")
}

fn learning_rate(session: &mut Session, learning_rate: f64) -> Vec<NumberedEvent> {
    session.apply(Command::SetLearningRate { learning_rate }).expect("within bounds")
}

fn sample(session: &mut Session, count: u32, temperature: f64) -> Vec<Sample> {
    let sampling = Sampling { temperature, ..Sampling::default() };
    session.apply(Command::Sample { count, sampling, prefix: "a".into() }).expect("a valid request");
    session.snapshot().samples.expect("just asked for").samples
}

#[test]
fn every_moment_of_an_undisturbed_run_comes_back_to_the_bit() {
    let config = Config { steps: 150, ..Preset::Gist.config() };
    let mut plain = session(config.clone());
    let mut session = session(config);
    run(&mut session, 150);
    let mut undisturbed = vec![(state(&plain), plain.snapshot())];
    for _ in 0..150 {
        plain.apply(Command::Step).expect("not finished");
        undisturbed.push((state(&plain), plain.snapshot()));
    }
    // Far and near, back and forth: 61 has no divisor in common with 151, so that every step is visited.
    for i in 0..151u32 {
        let step = i * 61 % 151;
        seek(&mut session, 0, step);
        let (then, seen) = &undisturbed[step as usize];
        assert_eq!(&state(&session), then, "after step {step}");
        let now = session.snapshot();
        assert_eq!((&now.view, &now.live_samples, now.step), (&seen.view, &seen.live_samples, step));
        assert_eq!(now.records.len(), 150, "the curve stays whole");
        assert_eq!(session.trainer().grads(), session.trainer_at(session.moment()).expect("here").grads());
    }
    for step in 0..=150 {
        let trainer = session.trainer_at(Moment { branch: 0, step }).expect("a moment that was reached");
        assert_eq!(glassgpt_lab::fingerprint::sha256_of_f64(trainer.params()), undisturbed[step as usize].0.1[0]);
    }
}

#[test]
fn with_less_memory_every_moment_still_comes_back_to_the_bit() {
    let config = Config { steps: 150, ..Preset::Gist.config() };
    let (mut roomy, mut modest) = (session(config.clone()), session(config.clone()));
    modest.set_keyframe_bytes(0);
    for session in [&mut roomy, &mut modest] {
        run(session, 75);
    }
    assert_eq!((roomy.keyframes().0, modest.keyframes().0), (2, 0), "one every 32 steps, or none");
    roomy.set_keyframe_bytes(0);
    assert_eq!(roomy.keyframes().0, 0, "what is there makes room at once");
    roomy.set_keyframe_bytes(LIMITS.keyframe_bytes as usize);
    for session in [&mut roomy, &mut modest] {
        run(session, 75);
        seek(session, 0, 70);
    }
    assert_eq!(state(&roomy), state(&modest));
    modest.apply(Command::Reset).expect("always possible");
    run(&mut modest, 150);
    assert_eq!(modest.keyframes().0, 0, "another run of the same session is as modest");
    let spec = modest.origin().spec;
    modest.apply(Command::Start { spec }).expect("a valid experiment");
    run(&mut modest, 64);
    assert_eq!(modest.keyframes().0, 0);
}

#[test]
fn going_on_from_the_past_begins_a_branch_and_keeps_the_past() {
    let mut session = open(&watched());
    run(&mut session, 40);
    let first = session.snapshot();
    let end = state(&session);
    seek(&mut session, 0, 20);
    assert_eq!(session.status().phase, Phase::Paused);
    let events = session.apply(Command::Step).expect("there is a way on");
    assert!(matches!(&events[0].event, Event::Forked { branch } if (branch.begin, branch.parent) == (20, Some(0))));
    assert_eq!(session.moment(), Moment { branch: 1, step: 21 });
    assert_eq!(session.snapshot().records, first.records[..21], "nothing was changed, so the numbers are the same");
    learning_rate(&mut session, 0.2);
    run(&mut session, 100);
    assert_ne!(state(&session), end);
    seek(&mut session, 0, 40);
    assert_eq!(state(&session), end);
    let back = session.snapshot();
    assert_eq!(
        (back.records, back.held_out, back.automatic_samples),
        (first.records, first.held_out, first.automatic_samples)
    );
    let branches: Vec<_> = back.branches.iter().map(|b| (b.id, b.parent, b.begin, b.end, b.changes.len())).collect();
    assert_eq!(branches, [(0, None, 0, 40, 1), (1, Some(0), 20, 40, 2)]);
}

#[test]
fn a_branch_with_changes_is_the_run_that_had_them_from_the_start() {
    // The long way round: forth, back, a fork, a change, a fork of the fork.
    let mut session = open(&watched());
    run(&mut session, 35);
    seek(&mut session, 0, 10);
    learning_rate(&mut session, 0.03);
    session.apply(Command::SetSchedule { schedule: Schedule::Constant }).expect("a schedule");
    run(&mut session, 25);
    session.apply(Command::Fork { step: 33 }).expect("a moment that was reached");
    session.apply(Command::SetTemperature { temperature: 1.0 }).expect("within bounds");
    run(&mut session, 7);
    // The short way.
    let mut short = open(&watched());
    run(&mut short, 10);
    learning_rate(&mut short, 0.03);
    session_schedule(&mut short);
    run(&mut short, 23);
    short.apply(Command::SetTemperature { temperature: 1.0 }).expect("within bounds");
    run(&mut short, 7);
    assert_eq!(state(&session), state(&short));
    assert_eq!(session.line(), short.line());
    assert_eq!(session.details(1..41), short.details(1..41));
    for step in (0..=40).rev() {
        seek(&mut session, 2, step);
        seek(&mut short, 0, step);
        assert_eq!(state(&session), state(&short), "after step {step}");
        assert_eq!(session.settings(), short.settings(), "after step {step}");
    }
}

fn session_schedule(session: &mut Session) {
    session.apply(Command::SetSchedule { schedule: Schedule::Constant }).expect("a schedule");
}

#[test]
fn a_change_on_the_parent_does_not_reach_a_child_that_was_there_before() {
    let mut session = session(short());
    run(&mut session, 10);
    session.apply(Command::Fork { step: 10 }).expect("a moment that was reached");
    seek(&mut session, 0, 10);
    learning_rate(&mut session, 0.5);
    assert_eq!(session.moment().branch, 0, "the end of a branch needs no fork");
    seek(&mut session, 1, 10);
    assert_eq!(session.settings().learning_rate, 0.01);
    seek(&mut session, 0, 10);
    assert_eq!(session.settings().learning_rate, 0.5);
    seek(&mut session, 0, 9);
    assert_eq!(session.settings().learning_rate, 0.01);
}

#[test]
fn the_generator_is_a_part_of_every_moment() {
    let mut session = session(short());
    run(&mut session, 5);
    let first = sample(&mut session, 3, 0.8);
    let after_first = state(&session);
    run(&mut session, 5);
    let greedy = state(&session);
    sample(&mut session, 2, 0.0);
    assert_eq!(state(&session), greedy, "the likeliest token needs no chance");
    sample(&mut session, 20, 1.5);
    let end = state(&session);
    seek(&mut session, 0, 4);
    assert_ne!(state(&session).2, after_first.2);
    seek(&mut session, 0, 5);
    assert_eq!(state(&session), after_first);
    assert_ne!(sample(&mut session, 3, 0.8), first, "the stream goes on where it stopped");
    seek(&mut session, 0, 5);
    assert_eq!(state(&session), after_first, "a look into the past leaves no trace");
    sample(&mut session, 1, 1.0);
    let drawn = state(&session);
    session.apply(Command::Step).expect("there is a way on");
    seek(&mut session, 1, 5);
    assert_eq!(state(&session), drawn, "unless it went on from there");
    seek(&mut session, 0, 10);
    assert_eq!(state(&session), end);
}

/// Where the likeliest token is always taken, nothing is drawn, and the generator stands where it stood.
#[test]
fn writing_at_a_tiny_temperature_leaves_the_generator_where_it_is() {
    for temperature in [0.0, 1e-308, 1e-301] {
        let mut session = session(short());
        run(&mut session, 10);
        let before = state(&session).2;
        sample(&mut session, 3, temperature);
        assert_eq!(state(&session).2, before, "{temperature}");
        seek(&mut session, 0, 4);
        seek(&mut session, 0, 10);
        assert_eq!(state(&session).2, before, "after a journey, {temperature}");
        assert_eq!(session.export().drawn, [], "{temperature}");
    }
}

#[test]
fn watching_changes_nothing() {
    let unwatched = Spec { samples_every: None, ..spec(short()) };
    let mut plain = open(&unwatched);
    run(&mut plain, 40);
    let mut watched = open(&Spec { samples_every: Some(1), ..unwatched });
    watched.apply(Command::SetTemperature { temperature: 1.5 }).expect("within bounds");
    for _ in 0..40 {
        watched.apply(Command::Step).expect("not finished");
        let _ = watched.details(1..41);
        let _ = watched.snapshot();
    }
    assert_eq!(state(&watched), state(&plain), "parameters, moments and generator");
    let setup = Setup::new(short(), plain.corpus()).expect("valid settings");
    let mut bare = glassgpt_fused::Trainer::new(setup);
    while bare.steps_done() < 40 {
        bare.step();
    }
    assert_eq!((bare.params(), bare.adam()), (watched.trainer().params(), watched.trainer().adam()));
    assert_eq!(bare.setup().random, watched.trainer().setup().random, "as if there were no session at all");
    assert_eq!(watched.snapshot().records, plain.snapshot().records);
    let automatic = watched.snapshot().automatic_samples;
    assert_eq!(automatic.iter().map(|at| at.step).collect::<Vec<_>>(), (0..=40).collect::<Vec<_>>());
    assert!(automatic.iter().all(|at| at.samples.len() == 5 && at.temperature == if at.step == 0 { 0.5 } else { 1.5 }));
    assert!(plain.snapshot().automatic_samples.is_empty());
}

#[test]
fn every_figure_of_every_step_is_kept() {
    let mut session = open(&watched());
    run(&mut session, 12);
    let details = session.details(1..100);
    assert_eq!(details.len(), 12);
    for detail in &details {
        let record = detail.record;
        let trainer = session.trainer_at(Moment { branch: 0, step: record.step }).expect("reached");
        assert_eq!(detail.losses, trainer.losses());
        assert_eq!(
            trainer.losses().iter().fold(0.0, |sum, loss| sum + loss) * (1.0 / detail.losses.len() as f64),
            record.loss
        );
        let norms = trainer.plan().layout().matrices().map(|matrix| trainer.grad_norm_of(matrix.range()));
        assert_eq!(detail.matrix_grad_norms, norms.collect::<Vec<_>>());
        let doc = &session.corpus().documents()[record.doc as usize];
        assert_eq!(&trainer.setup().tokenizer.decode(trainer.last_tokens()), doc, "step {}", record.step);
        assert_ne!(record.doc % 10, 9, "every tenth document is held out");
        assert_eq!(detail.step_us, None);
    }
    assert_eq!(session.details(0..1), []);
    assert_eq!(session.details(12..14), details[11..]);
}

#[test]
fn a_clock_adds_times_and_changes_nothing_else() {
    let mut timed = open(&watched());
    let mut plain = open(&watched());
    let mut now = 0.0;
    let mut clock = || {
        now += 10.0;
        now
    };
    for session in [&mut timed, &mut plain] {
        session.apply(Command::Run { steps: None, pace: None }).expect("ready");
    }
    let events = timed.advance_timed(8, &mut clock);
    let Event::Trained { mean_step_us, .. } = &events[0].event else { panic!("{events:?}") };
    assert_eq!(*mean_step_us, Some(10.0));
    plain.advance(8);
    assert_eq!(timed.snapshot(), plain.snapshot());
    assert!(timed.details(1..9).iter().all(|detail| detail.step_us == Some(10.0)));
    timed.apply(Command::Pause).expect("always allowed");
    let events = timed.apply_timed(Command::Step, &mut clock).expect("paused");
    assert!(matches!(events[0].event, Event::Trained { mean_step_us: Some(us), .. } if us == 10.0));
}

#[test]
fn held_out_documents_are_measured_and_never_trained_on() {
    let spec = Spec { held_out_every: Some(5), ..spec(Config { steps: 120, ..short() }) };
    let mut session = open(&spec);
    run(&mut session, 120);
    let held_out = session.snapshot().held_out;
    assert_eq!(held_out.iter().map(|at| at.step).collect::<Vec<_>>(), [0, 50, 100, 120]);
    let losses: Vec<f64> = held_out.iter().map(|at| at.loss.expect("finite")).collect();
    assert!((losses[0] - session.experiment().uniform_loss).abs() < 0.2 && losses[3] < losses[0], "{losses:?}");
    let experiment = session.experiment();
    assert_eq!(experiment.num_held_out, experiment.num_docs / 5);
    assert_eq!(experiment.preset, None);
    let whole = open(&support::spec(spec.config.clone()));
    assert_eq!(experiment.vocab, whole.experiment().vocab, "the vocabulary is the whole corpus's");
    assert_eq!(whole.snapshot().held_out, []);
}

#[test]
fn baselines_of_a_corpus_fall_as_they_look_further() {
    for preset in Preset::ALL {
        let corpus = CorpusSource::Named { name: preset.corpus().into() };
        let session = open(&Spec::new(preset.config(), corpus));
        let Experiment { uniform_loss, unigram_loss, bigram_loss, .. } = *session.experiment();
        assert!(uniform_loss > unigram_loss && unigram_loss > bigram_loss && bigram_loss > 0.0);
    }
}

#[test]
fn a_diverged_branch_ends_there_and_the_way_back_is_open() {
    let mut session = session(Config { steps: 200, init_std: 1.0, ..Preset::Gist.config() });
    run(&mut session, 20);
    let before = state(&session);
    learning_rate(&mut session, 10.0);
    session.apply(Command::SetSchedule { schedule: Schedule::Constant }).expect("a schedule");
    session.apply(Command::Run { steps: None, pace: None }).expect("paused");
    session.advance(200);
    assert_eq!(session.status().phase, Phase::Diverged, "the largest steps lead astray");
    let end = session.steps_done();
    let divergence = session.status().divergence.clone();
    seek(&mut session, 0, 20);
    assert_eq!((session.status().phase, &session.status().divergence), (Phase::Paused, &None));
    assert_eq!(state(&session).1, before.1);
    seek(&mut session, 0, end);
    assert_eq!((session.status().phase, &session.status().divergence), (Phase::Diverged, &divergence));
    assert!(session.apply(Command::Step).expect_err("no way on").message.contains("seek an earlier step"));
    seek(&mut session, 0, 20);
    learning_rate(&mut session, 0.001);
    run(&mut session, 5);
    assert_eq!((session.moment(), session.status().phase), (Moment { branch: 1, step: 25 }, Phase::Paused));
}

#[test]
fn branches_are_bounded_and_the_refusal_says_so() {
    let mut session = session(short());
    run(&mut session, 4);
    for _ in 1..LIMITS.branches {
        session.apply(Command::Fork { step: 2 }).expect("room for one more");
    }
    let before = session.snapshot();
    let refusal = session.apply(Command::Fork { step: 2 }).expect_err("full");
    assert!(refusal.message.contains("at most 32"), "{refusal}");
    seek(&mut session, 0, 3);
    for command in
        [Command::Step, Command::Run { steps: None, pace: None }, Command::SetLearningRate { learning_rate: 0.5 }]
    {
        let here = session.snapshot();
        session.apply(command).expect_err("full");
        assert_eq!(session.snapshot(), here);
    }
    seek(&mut session, 0, 4);
    session.apply(Command::Step).expect("the end of a branch goes on");
    session.apply(Command::Reset).expect("a way out");
    assert_eq!((session.snapshot().branches.len(), before.branches.len()), (1, 32));

    let mut long = support::session(Config { steps: LIMITS.steps, ..short() });
    for _ in 1..LIMITS.kept_steps / LIMITS.steps {
        long.apply(Command::Fork { step: 0 }).expect("room for one more");
    }
    let refusal = long.apply(Command::Fork { step: 0 }).expect_err("full");
    assert!(refusal.message.contains("at most 100000 are kept"), "{refusal}");
}

#[test]
fn changes_are_bounded_and_the_refusal_says_so() {
    let mut session = session(Config { steps: 2_000, n_embd: 4, n_head: 1, ..short() });
    for i in 0..LIMITS.changes {
        session.apply(Command::Step).expect("not finished");
        learning_rate(&mut session, if i % 2 == 0 { 0.5 } else { 0.25 });
    }
    session.apply(Command::Step).expect("not finished");
    let refusal = session.apply(Command::SetLearningRate { learning_rate: 1.0 }).expect_err("full");
    assert!(refusal.message.contains("1000 times"), "{refusal}");
    session.apply(Command::Fork { step: session.steps_done() }).expect("a way out");
    learning_rate(&mut session, 1.0);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_journey_leads_to_the_moment_itself(
        steps in prop::collection::vec((0u32..=70, 1u32..40, prop::sample::select(vec![0.0, 0.01, 0.2])), 1..7),
        target in 0u32..=70,
        seed in 0i64..5,
    ) {
        let config = Config { steps: 70, n_embd: 8, n_layer: 2, seed, ..Preset::Gist.config() };
        let mut session = support::session(config);
        for (back, forth, rate) in steps {
            let end = session.end_of(session.moment().branch).expect("here");
            let branch = session.moment().branch;
            seek(&mut session, branch, back.min(end));
            learning_rate(&mut session, rate);
            if matches!(session.status().phase, Phase::Ready | Phase::Paused) {
                run(&mut session, forth);
            }
        }
        // The same settings from the start, without any detour.
        let branch = session.moment().branch;
        let target = target.min(session.end_of(branch).expect("here"));
        let mut straight = support::session(session.experiment().config.clone());
        for step in 0..target {
            seek(&mut session, branch, step);
            let rate = session.settings().learning_rate;
            learning_rate(&mut straight, rate);
            straight.apply(Command::Step).expect("not finished");
        }
        seek(&mut session, branch, target);
        prop_assert_eq!(state(&session), state(&straight));
        prop_assert_eq!(&session.line().records[..target as usize], &straight.line().records[..]);
    }
}

#[test]
fn a_session_in_a_library_of_ones_own_travels_as_well() {
    let library = Library::embedded().with("two", "two", glassgpt_core::Corpus::parse("ab\nba\n").expect("a corpus"));
    let corpus = CorpusSource::Named { name: "two".into() };
    let mut session = Session::new(&Spec::new(short(), corpus), library).expect("a valid spec");
    run(&mut session, 3);
    let end = state(&session);
    seek(&mut session, 0, 1);
    seek(&mut session, 0, 3);
    assert_eq!(state(&session), end);
}
