//! Questions: each has an answer, a wrong one a refusal that names the field, and none leaves a trace in the session.

use glassgpt_core::Sampling;
use glassgpt_core::golden::TRACES;
use glassgpt_lab::embedding_map::Table;
use glassgpt_lab::engine::libm_mismatch;
use glassgpt_lab::expression::Leaf;
use glassgpt_lab::glass::Glass;
use glassgpt_lab::intervention::Intervention;
use glassgpt_lab::protocol::*;
use glassgpt_lab::{Address, Answer, LIMITS, Place, Question, Reader, Reading, Session};

mod support;
use support::*;

fn address(text: &str) -> Address {
    text.parse().expect("an address")
}

/// A session that went back: its branch goes on beyond the present moment.
fn travelled() -> Session {
    let mut session = open(&watched());
    run(&mut session, 20);
    session
        .apply(Command::Intervene { intervention: Intervention::ZeroHead { layer: 0, head: 2 } })
        .expect("it exists");
    session.apply(Command::Seek { branch: None, step: 12 }).expect("it was reached");
    session
}

fn at(step: u32, text: &str) -> Place {
    Place { step: Some(step), text: Some(text.to_string()) }
}

fn two_ways() -> Vec<Sampling> {
    vec![
        Sampling { temperature: 0.0, ..Sampling::default() },
        Sampling { temperature: 1.5, top_k: Some(4), top_p: Some(0.9) },
    ]
}

fn questions() -> Vec<Question> {
    let one = || address("step:5/text:abc/p1/layer0.head1.weights[0]");
    let here = Place::default;
    vec![
        Question::Plan { spec: watched() },
        Question::Corpus { source: CorpusSource::Named { name: "names".into() }, seed: Some(-3) },
        Question::Read { addresses: vec![address("loss"), address("step:3/p0/probs"), address("text:abc/wte.grad")] },
        Question::Spread { addresses: vec![address("wte.grad"), address("step:3/layer0.relu")], bins: 31, range: None },
        Question::Course { address: address("wte[3][1]"), first: 2, count: 100 },
        Question::EmbeddingMap { matrix: Table::Wte, step: None, reference: None },
        Question::EmbeddingMap { matrix: Table::Wpe, step: Some(3), reference: Some(0) },
        Question::Score { step: Some(7), texts: vec![String::new(), "abc".into(), "a".into()] },
        Question::Write { step: Some(7), prefix: "ab".into(), samplings: two_ways(), count: 3, seed: -5 },
        Question::Write {
            step: None,
            prefix: String::new(),
            samplings: vec![Sampling::default()],
            count: 100,
            seed: 0,
        },
        Question::NextToken { step: Some(7), text: "ab".into(), samplings: two_ways(), random: Some(0.5) },
        Question::NextToken { step: None, text: String::new(), samplings: two_ways(), random: None },
        Question::Why { address: one(), depth: 2, limit: None },
        Question::Why { address: address("layer0.attn_wq[1][2].update"), depth: 1, limit: Some(50) },
        Question::Consumers { address: one() },
        Question::Gradient { address: one() },
        Question::Nudge { address: one(), epsilon: None },
        Question::Tensors { at: here() },
        Question::Cells { at: at(20, "a") },
        Question::Raster { at: at(0, "abc") },
        Question::Nodes { at: here(), first: 5000, count: 10 },
        Question::Neighbourhood { address: address("p1/layer0.q[3]"), back: 2, on: 1 },
        Question::Stops { at: here(), first: 0, count: 1000 },
        Question::Effect { at: at(20, "abc"), interventions: None, documents: Some(50) },
        Question::Lens { at: here(), interventions: Some(Vec::new()) },
        Question::Attribution { at: here(), position: 1, token: 3, neurons: true, interventions: None },
        Question::Compare { a: Moment { branch: 0, step: 3 }, b: Moment { branch: 0, step: 20 } },
        Question::Details { first: 1, count: 100 },
        Question::Trace,
        Question::LossCsv,
        Question::ModelFile,
        Question::Safetensors,
        Question::Verify { trace: trace("shape-two-layers") },
        Question::Expression {
            source: "L = relu(a * b + 10)".into(),
            leaves: vec![Leaf { name: "a".into(), value: 2.0 }, Leaf { name: "b".into(), value: -3.0 }],
        },
        Question::Expression { source: "1 +".into(), leaves: Vec::new() },
    ]
}

/// A run that CPython wrote down.
fn trace(name: &str) -> String {
    TRACES.iter().find(|(known, _)| *known == name).expect("it travels with the program").1.to_string()
}

fn verifying(trace: &str) -> Question {
    Question::Verify { trace: trace.to_string() }
}

#[test]
fn a_run_that_cpython_wrote_down_comes_out_the_same() {
    let session = travelled();
    let Ok(Answer::Verdict(verdict)) = session.ask(&verifying(&trace("gist-names"))) else { panic!("a verdict") };
    assert_eq!((verdict.run.as_str(), verdict.steps), ("gist-names", 500));
    let nearness = &verdict.nearness;
    assert_eq!((nearness.losses_alike, nearness.samples_same), (500, verdict.samples.len() as u32));
    if libm_mismatch().is_none() {
        assert_eq!((verdict.first_difference.clone(), nearness.losses_same), (None, 500));
    }
    // One digit changed in the seventh decimal: unlike, and still alike to four.
    let gist = trace("gist-names");
    let line = gist.lines().find(|line| line.starts_with("step 3 loss ")).expect("a step");
    let changed = gist.replace(line, &format!("{}9", &line[..line.len() - 9]));
    let Ok(Answer::Verdict(verdict)) = session.ask(&verifying(&changed)) else { panic!("a verdict") };
    assert_eq!((verdict.losses_ok, verdict.nearness.largest_at, verdict.nearness.losses_alike), (false, Some(3), 500));
}

fn writing(step: u32, prefix: &str, samplings: Vec<Sampling>, count: u32, seed: i64) -> Question {
    Question::Write { step: Some(step), prefix: prefix.into(), samplings, count, seed }
}

fn next_token(text: String, samplings: Vec<Sampling>, random: Option<f64>) -> Question {
    Question::NextToken { step: None, text, samplings, random }
}

#[test]
fn every_question_has_an_answer_and_leaves_no_trace() {
    let mut asked = travelled();
    let mut silent = travelled();
    for question in questions() {
        let json = serde_json::to_string(&question).expect("plain data");
        assert_eq!(serde_json::from_str::<Question>(&json).expect("the same plain data"), question);
        let answer = asked.ask(&question).unwrap_or_else(|refusal| panic!("{json}: {refusal}"));
        assert!(serde_json::to_string(&answer).is_ok(), "{json}");
        assert_eq!(asked.ask(&question).expect("as before"), answer, "{json}");
        assert_eq!(asked.snapshot(), silent.snapshot(), "{json}");
    }
    run(&mut asked, 5);
    run(&mut silent, 5);
    assert_eq!(asked.snapshot(), silent.snapshot());
    assert_eq!(state(&asked), state(&silent));
}

#[test]
fn a_wrong_question_is_refused_by_the_field_at_fault() {
    let session = travelled();
    let wrong = [
        (Question::Read { addresses: Vec::new() }, "addresses"),
        (Question::Read { addresses: vec![address("loss"); LIMITS.addresses as usize + 1] }, "addresses"),
        (
            Question::Read { addresses: vec![address("wte"); 1000].into_iter().chain([address("p99/loss")]).collect() },
            "addresses",
        ),
        (Question::Read { addresses: vec![address("p99/loss")] }, "address"),
        (Question::Read { addresses: vec![address("step:21/loss")] }, "step"),
        (Question::Read { addresses: vec![address("text:%20/loss")] }, "text"),
        (Question::Spread { addresses: Vec::new(), bins: 1, range: None }, "addresses"),
        (Question::Spread { addresses: vec![address("wte")], bins: 0, range: None }, "bins"),
        (Question::Spread { addresses: vec![address("wte")], bins: 201, range: None }, "bins"),
        (Question::Spread { addresses: vec![address("wte")], bins: 9, range: Some([1.0, 1.0]) }, "range"),
        (Question::Course { address: address("wte[0]"), first: 0, count: 1 }, "address"),
        (Question::Course { address: address("p0/logits[0]"), first: 0, count: 1 }, "address"),
        (Question::Course { address: address("wte[0][0].grad"), first: 0, count: 1 }, "address"),
        (Question::Course { address: address("step:1/wte[0][0]"), first: 0, count: 1 }, "address"),
        (Question::Course { address: address("wte[0][16]"), first: 0, count: 1 }, "address"),
        (Question::Course { address: address("wte[0][0]"), first: 21, count: 1 }, "first"),
        (Question::Course { address: address("wte[0][0]"), first: 0, count: 0 }, "count"),
        (Question::Course { address: address("wte[0][0]"), first: 0, count: 10_001 }, "count"),
        (Question::EmbeddingMap { matrix: Table::LmHead, step: Some(21), reference: None }, "step"),
        (Question::EmbeddingMap { matrix: Table::LmHead, step: None, reference: Some(21) }, "reference"),
        (Question::Score { step: Some(21), texts: vec!["a".into()] }, "step"),
        (Question::Score { step: None, texts: Vec::new() }, "texts"),
        (Question::Score { step: None, texts: vec!["a".into(); LIMITS.scored_texts as usize + 1] }, "texts"),
        (Question::Score { step: None, texts: vec!["a".repeat(LIMITS.scored_characters as usize + 1)] }, "texts"),
        (Question::Score { step: None, texts: vec!["fine".into(), "\u{fe0f}".into()] }, "texts"),
        (writing(21, "a", two_ways(), 1, 0), "step"),
        (writing(1, "\u{fe0f}", two_ways(), 1, 0), "prefix"),
        (writing(1, &"a".repeat(16), two_ways(), 1, 0), "prefix"),
        (writing(1, "a", Vec::new(), 1, 0), "samplings"),
        (writing(1, "a", vec![Sampling::default(); 9], 1, 0), "samplings"),
        (writing(1, "a", two_ways(), 0, 0), "count"),
        (writing(1, "a", two_ways(), 51, 0), "count"),
        (writing(1, "a", two_ways(), 2, (1 << 53) - 1), "seed"),
        (writing(1, "a", vec![Sampling { temperature: 2.5, ..Sampling::default() }], 1, 0), "temperature"),
        (writing(1, "a", vec![Sampling { top_k: Some(0), ..Sampling::default() }], 1, 0), "top_k"),
        (writing(1, "a", vec![Sampling { top_p: Some(0.0), ..Sampling::default() }], 1, 0), "top_p"),
        (next_token("a".repeat(16), two_ways(), None), "text"),
        (next_token("\u{fe0f}".into(), two_ways(), None), "text"),
        (next_token("a".into(), Vec::new(), None), "samplings"),
        (next_token("a".into(), two_ways(), Some(1.0)), "random"),
        (next_token("a".into(), two_ways(), Some(f64::NAN)), "random"),
        (Question::Why { address: address("p0/logits"), depth: 0, limit: None }, "address"),
        (Question::Why { address: address("loss"), depth: 0, limit: Some(0) }, "limit"),
        (Question::Nudge { address: address("loss"), epsilon: Some(7.0) }, "epsilon"),
        (Question::Nodes { at: Place::default(), first: u32::MAX, count: 1 }, "first"),
        (Question::Nodes { at: Place::default(), first: 0, count: 0 }, "count"),
        (Question::Stops { at: Place::default(), first: 0, count: 1001 }, "count"),
        (Question::Effect { at: Place::default(), interventions: None, documents: Some(0) }, "documents"),
        (verifying(""), "trace"),
        (verifying("step 1 doc 'a' n 2 grad_sha256"), "trace"),
        (verifying(&trace("gist-names").replace("corpus names", "corpus nowhere")), "corpus"),
        (verifying(&trace("gist-names").replace("n_embd 16", "n_embd 1000")), "n_embd"),
        (verifying(&trace("gist-names").replace("steps 500", "steps 499")), "steps"),
        (verifying(&trace("gist-names").replace("temperature 0.5", "temperature 9")), "temperature"),
        (Question::Details { first: 1, count: 0 }, "count"),
        (Question::Compare { a: Moment { branch: 0, step: 3 }, b: Moment { branch: 0, step: 21 } }, "step"),
        (Question::Compare { a: Moment { branch: 9, step: 3 }, b: Moment { branch: 0, step: 2 } }, "branch"),
    ];
    for (question, field) in wrong {
        let refusal = session.ask(&question).expect_err("refused");
        assert_eq!(refusal.field.as_deref(), Some(field), "{refusal}");
    }
}

#[test]
fn the_past_is_read_as_it_was() {
    let mut session = open(&watched());
    let mut then = Vec::new();
    let read = |session: &Session, address: Address| match session.ask(&Question::Read { addresses: vec![address] }) {
        Ok(Answer::Readings(readings)) => readings[0].values.clone(),
        other => panic!("{other:?}"),
    };
    for step in 0..20 {
        then.push((step, read(&session, address("p1/layer0.fc1")), read(&session, address("layer0.mlp_fc2.v_hat"))));
        session.apply(Command::Step).expect("waiting");
    }
    for (step, activations, memory) in then {
        let again = |name: &str| read(&session, Address { step: Some(step), ..address(name) });
        assert_eq!(again("p1/layer0.fc1"), activations, "step {step}");
        assert_eq!(again("layer0.mlp_fc2.v_hat"), memory, "step {step}");
    }
}

/// Every part of every matrix and every kind of activation, at a step.
fn everything(session: &Session, step: u32) -> Vec<Address> {
    let parts = ["", ".grad", ".m", ".v", ".m_hat", ".v_hat", ".update", ".next"];
    let matrices = session.experiment().matrices.iter().flat_map(|of| parts.map(|part| format!("{}{part}", of.name)));
    let layered = ["q", "k", "v", "relu", "fc1", "residual", "head1.head_output", "head3.weights"];
    let tensors = layered.iter().map(|name| format!("layer0.{name}"));
    let others = ["loss", "p*/loss", "logits", "probs", "emb_norm", "p0/logits.grad", "loss.grad"].map(String::from);
    let all = matrices.chain(tensors).chain(others);
    all.map(|name| Address { step: Some(step), ..address(&name) }).collect()
}

#[test]
fn a_number_has_the_same_bits_wherever_it_is_read_from() {
    let mut session = open(&watched());
    run(&mut session, 14);
    session.apply(Command::SetLearningRate { learning_rate: 0.3 }).expect("within bounds");
    run(&mut session, 20);
    session.apply(Command::SetSchedule { schedule: glassgpt_core::Schedule::Cosine }).expect("a schedule");
    // The engine shows step 33, and the settings have changed since: for each step another way of reading.
    for step in [34, 33, 32, 14, 13, 0] {
        let addresses = everything(&session, step);
        let Ok(Answer::Readings(found)) = session.ask(&Question::Read { addresses: addresses.clone() }) else {
            panic!("they exist")
        };
        let scene = session.scene(&Place { step: Some(step), text: None }).expect("it was reached");
        let by_the_tape = Reader::new(&scene);
        for (address, found) in addresses.iter().zip(found) {
            let expected = by_the_tape.read(address).expect("it exists");
            let bits = |reading: &Reading| reading.values.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
            assert_eq!((bits(&found), &found), (bits(&expected), &expected), "{address}");
        }
    }
}

#[test]
fn a_model_too_large_for_the_tape_is_read_and_not_explained() {
    let config = glassgpt_core::Config { n_embd: 128, n_layer: 4, block_size: 64, ..short() };
    let corpus = CorpusSource::Text { name: "long".into(), text: "abcdefgh".repeat(10) };
    let session = Session::new(&Spec::new(config, corpus), glassgpt_lab::Library::embedded()).expect("a valid spec");
    let scene = session.scene(&Place::default()).expect("the present");
    assert!(Glass::check_fits(&scene).is_err());
    assert!(session.ask(&Question::Read { addresses: vec![address("p60/layer3.residual")] }).is_ok());
    for refused in [
        Question::Read { addresses: vec![address("p60/layer3.residual.grad")] },
        Question::Why { address: address("loss"), depth: 0, limit: None },
        Question::Raster { at: Place::default() },
    ] {
        let refusal = session.ask(&refused).expect_err("too large");
        assert!(refusal.message.contains("at most 4000000"), "{refusal}");
    }
    let short = Question::Why { address: address("text:a/loss"), depth: 0, limit: None };
    assert!(session.ask(&short).is_ok(), "a short text fits");
}

/// Reads what is being watched.
fn watched_numbers(events: &[NumberedEvent]) -> Vec<(String, Vec<u64>)> {
    let Some(Event::Observed { readings }) =
        events.iter().map(|of| &of.event).rfind(|event| matches!(event, Event::Observed { .. }))
    else {
        panic!("nothing was told: {events:?}")
    };
    let bits = |values: &[f64]| values.iter().map(|x| x.to_bits()).collect();
    readings.iter().map(|reading| (reading.address.to_string(), bits(&reading.values))).collect()
}

#[test]
fn what_is_watched_after_a_divergence_is_the_last_step_that_went_well() {
    let corpus = CorpusSource::Text { name: "mine".into(), text: "abcdefghijklmno\nxy\nabcdefghijklmnp\nxz".into() };
    let addresses = ["p*/loss", "wte.grad", "layer0.attn_wq.update"].map(address).to_vec();
    let mut diverged = 0;
    for seed in 0..20 {
        let config = glassgpt_core::Config { init_std: 1.2, learning_rate: 10.0, seed, steps: 1000, ..short() };
        let mut session =
            Session::new(&Spec::new(config, corpus.clone()), glassgpt_lab::Library::embedded()).expect("valid");
        session.apply(Command::Run { steps: None, pace: None }).expect("ready");
        session.advance(1000);
        if session.status().phase != Phase::Diverged || session.steps_done() == 0 {
            continue;
        }
        diverged += 1;
        let told =
            watched_numbers(&session.apply(Command::Observe { addresses: addresses.clone() }).expect("they exist"));
        for (place, bits) in told {
            let answer = session.ask(&Question::Read { addresses: vec![address(&place)] });
            let Ok(Answer::Readings(found)) = answer else { panic!("{answer:?}") };
            let found: Vec<u64> = found[0].values.iter().map(|x| x.to_bits()).collect();
            assert!(found == bits, "seed {seed}: {place}");
        }
    }
    assert!(diverged > 2, "only {diverged} diverged after the first step");
}

#[test]
fn watching_is_bounded_whatever_is_started() {
    let mut session = open(&watched());
    let parts = ["", ".grad", ".m", ".v", ".m_hat", ".v_hat", ".update", ".next"];
    let names = session.experiment().matrices.iter().map(|matrix| matrix.name.clone()).collect::<Vec<_>>();
    let all: Vec<Address> = names.iter().flat_map(|name| parts.map(|part| address(&format!("{name}{part}")))).collect();
    session.apply(Command::Observe { addresses: all }).expect("the default model is small");
    let wide = Spec::new(glassgpt_core::Config { n_embd: 128, ..short() }, spec(short()).corpus);
    let events = session.apply(Command::Start { spec: wide }).expect("a valid spec");
    let numbers: usize = watched_numbers(&events).iter().map(|(_, bits)| bits.len()).sum();
    assert!(numbers > 0 && numbers <= LIMITS.observed_numbers as usize, "{numbers}");

    let texts = |n: u32| (0..n).map(|i| address(&format!("text:{}/p0/loss", "ab".repeat(i as usize)))).collect();
    let mut fresh = open(&watched());
    fresh.apply(Command::Observe { addresses: texts(LIMITS.watched_texts) }).expect("as many as allowed");
    let refusal = fresh.apply(Command::Observe { addresses: texts(LIMITS.watched_texts + 1) }).expect_err("one more");
    assert_eq!(refusal.field.as_deref(), Some("addresses"));
    let many: Vec<Address> = texts(LIMITS.places + 1);
    let refusal = fresh.ask(&Question::Read { addresses: many }).expect_err("too many places");
    assert!(refusal.message.contains("at most 64"), "{refusal}");
    let longer = address("p9/loss");
    fresh.apply(Command::Observe { addresses: vec![longer] }).expect("a position that other documents have");
}

#[test]
fn an_import_keeps_what_is_watched_and_numbers_no_intervention_twice() {
    let trace = travelled().export();
    let mut session = travelled();
    session.apply(Command::Observe { addresses: vec![address("loss")] }).expect("it exists");
    session.apply(Command::Import { trace: Box::new(trace) }).expect("it can be trained");
    let snapshot = session.snapshot();
    assert_eq!((snapshot.interventions.active.len(), snapshot.interventions.next_id), (0, 1));
    assert_eq!(snapshot.readings.len(), 1);
}
