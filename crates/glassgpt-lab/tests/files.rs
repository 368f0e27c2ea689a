//! Models as files: what a session writes is the model it has, and a recipe made of it gives the same bits.

use glassgpt_core::Corpus;
use glassgpt_lab::fingerprint::sha256_of_f64;
use glassgpt_lab::model_file::SavedModel;
use glassgpt_lab::protocol::*;
use glassgpt_lab::recipe::Recipe;
use glassgpt_lab::tensors::safetensors;
use glassgpt_lab::{Answer, Library, Question, Session};

mod support;
use support::*;

fn model_file(session: &Session) -> String {
    match session.ask(&Question::ModelFile).expect("a trained model") {
        Answer::Text(text) => text,
        other => panic!("not a file: {other:?}"),
    }
}

fn recipe(session: &Session, file: &str) -> Result<Recipe, Refusal> {
    let answer = session.ask(&Question::Recipe { model: file.to_string() })?;
    let Answer::Recipe(recipe) = answer else { panic!("not a recipe: {answer:?}") };
    Ok(*recipe)
}

/// Python's base64.b64decode, for the test alone.
fn decoded(text: &str) -> Vec<u8> {
    let value = |letter: u8| match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let bits: Vec<u8> = text.trim_end_matches('=').bytes().map(value).collect();
    let bytes = |four: &[u8]| {
        let group = four.iter().enumerate().fold(0u32, |group, (i, &six)| group | u32::from(six) << (18 - 6 * i));
        group.to_be_bytes()[1..four.len()].to_vec()
    };
    bits.chunks(4).flat_map(bytes).collect()
}

fn own(text: &str) -> CorpusSource {
    CorpusSource::Text { name: "tiny".into(), text: text.into() }
}

#[test]
fn a_session_writes_the_model_of_its_moment() {
    let mut session = session(short());
    run(&mut session, 30);
    session.apply(Command::Seek { branch: None, step: 12 }).expect("it was reached");
    let saved = SavedModel::from_json(model_file(&session).as_bytes()).expect("a model file");
    assert_eq!(saved.params, session.trainer().params());
    assert_eq!(saved.provenance.steps, 12);
    assert_eq!(saved.provenance.loss, session.line().records[11].loss);
    assert_eq!(saved.corpus.as_ref(), Some(&**session.corpus()));

    let Ok(Answer::Bytes(text)) = session.ask(&Question::Safetensors) else { panic!("no bytes") };
    assert_eq!(decoded(&text), safetensors(&session.trainer().setup().plan, session.trainer().params()));
}

#[test]
fn a_recipe_gives_the_same_bits() {
    for corpus in [CorpusSource::Named { name: "words".into() }, own("ada\nbea\nida\n")] {
        let mut session = open(&Spec::new(short(), corpus.clone()));
        run(&mut session, 25);
        let recipe = recipe(&session, &model_file(&session)).expect("a model file");
        match (&recipe.spec.corpus, &corpus) {
            (CorpusSource::Text { name, text }, CorpusSource::Text { name: expected, .. }) => {
                assert_eq!((name, text.as_str()), (expected, "ada\nbea\nida"));
            }
            (found, expected) => assert_eq!(found, expected),
        }
        assert_eq!((recipe.steps, recipe.exact), (25, true));
        let mut again = open(&recipe.spec);
        run(&mut again, recipe.steps);
        assert_eq!(sha256_of_f64(again.trainer().params()), recipe.params_sha256);
        assert_eq!(again.line().records[24].loss, recipe.loss);
    }
}

#[test]
fn another_corpus_of_the_same_name_travels_under_another_name() {
    let corpus = Corpus::parse("ada\nbea\n").expect("a corpus");
    let elsewhere = Library::embedded().with("words", "other words", corpus);
    let spec = Spec::new(short(), CorpusSource::Named { name: "words".into() });
    let mut session = Session::new(&spec, elsewhere).expect("a valid spec");
    run(&mut session, 2);
    let recipe = recipe(&open(&spec), &model_file(&session)).expect("a model file");
    assert_eq!(recipe.spec.corpus, CorpusSource::Text { name: "words of the file".into(), text: "ada\nbea".into() });
}

#[test]
fn a_corpus_that_stayed_at_home_must_be_known_here() {
    let mut session = session(short());
    run(&mut session, 2);
    let mut file: serde_json::Value = serde_json::from_str(&model_file(&session)).expect("JSON");
    file.as_object_mut().expect("an object").remove("documents");
    let found = recipe(&session, &file.to_string()).expect("a corpus of the library");
    assert_eq!(found.spec.corpus, CorpusSource::Named { name: "words".into() });

    file["provenance"]["corpus"] = "diary".into();
    let refusal = recipe(&session, &file.to_string()).expect_err("an unknown corpus");
    assert_eq!(refusal.field.as_deref(), Some("model"));
    assert!(refusal.message.contains("diary"), "{refusal}");
}

#[test]
fn what_cannot_be_a_file_is_refused() {
    let untrained = session(short());
    assert!(untrained.ask(&Question::ModelFile).expect_err("no step yet").message.contains("at least one step"));
    assert!(untrained.ask(&Question::Safetensors).is_ok(), "initial weights are weights");
    let refusal = recipe(&untrained, "emma\nolivia\n").expect_err("not a model");
    assert!(refusal.message.contains("not a glassgpt model"), "{refusal}");
}

#[test]
fn a_model_with_numbers_that_are_none_is_no_file() {
    let mut diverged = 0;
    for seed in 0..20 {
        let config = glassgpt_core::Config { init_std: 1.2, learning_rate: 10.0, seed, steps: 200, ..short() };
        let mut session = open(&Spec::new(config, own("abcdefghijklmno\nxy\nabcdefghijklmnp\nxz")));
        run(&mut session, 200);
        if session.status().phase != Phase::Diverged || session.steps_done() == 0 {
            continue;
        }
        diverged += 1;
        let whole = session.trainer().params().iter().all(|param| param.is_finite());
        for question in [Question::ModelFile, Question::Safetensors] {
            match session.ask(&question) {
                Ok(_) => assert!(whole, "seed {seed}"),
                Err(refusal) => assert!(!whole && refusal.message.contains("diverged"), "seed {seed}: {refusal}"),
            }
        }
    }
    assert!(diverged > 2, "only {diverged} diverged after the first step");
}
