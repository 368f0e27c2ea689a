//! Any bytes as a model file or a trace: what is read prints and reads again, and can be used.
//!
//! Why the fingerprint is mended: no fuzzer guesses a SHA-256, and behind it lie the checks of everything else.

use std::cell::LazyCell;

use glassgpt_core::{Corpus, Random, Sampling, sample};
use glassgpt_lab::engine::EngineKind;
use glassgpt_lab::fingerprint::{sha256_of_f64, sha256_of_lines};
use glassgpt_lab::model_file::SavedModel;
use glassgpt_lab::trace::Trace;
use glassgpt_lab::{Answer, Question, Session};
use serde_json::Value;

use crate::again::print;
use crate::small;

thread_local! {
    static SESSION: LazyCell<Session> = const { LazyCell::new(small::session) };
}

/// Reads the bytes as both, as they are and with the fingerprints they should have.
///
/// # Panics
/// If what was read does not print and read again to the same.
pub fn model(bytes: &[u8]) {
    read_both(bytes);
    if let Some(mended) = mended(bytes) {
        read_both(mended.as_bytes());
    }
}

fn read_both(bytes: &[u8]) {
    match SavedModel::from_json(bytes) {
        Ok(model) => use_model(&model, bytes),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
    match Trace::from_json(bytes) {
        Ok(trace) => use_trace(&trace),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

fn use_model(model: &SavedModel, bytes: &[u8]) {
    let text = model.to_json().expect("what was read is finite");
    let again =
        SavedModel::from_json(text.as_bytes()).unwrap_or_else(|error| panic!("{error} in what was written: {text}"));
    assert_eq!(again, *model);
    assert_eq!(again.to_json().expect("the same numbers"), text);
    let file = std::str::from_utf8(bytes).expect("JSON is UTF-8").to_string();
    if let Ok(Answer::Recipe(recipe)) = SESSION.with(|session| session.ask(&Question::Recipe { model: file }))
        && small::is_small(&recipe.spec)
    {
        drop(Session::new(&recipe.spec, small::library()));
    }
    let mut predictor = EngineKind::Fused.predictor(&model.plan, &model.params);
    let bos = model.tokenizer.bos();
    if let Ok(text) = sample(&mut predictor, &mut Random::new(1), &Sampling::default(), bos, &[]) {
        assert!(text.len() <= model.plan.config().block_size as usize && text.iter().all(|&token| token < bos));
    }
}

fn use_trace(trace: &Trace) {
    let text = trace.to_json();
    let again = Trace::from_json(text.as_bytes()).unwrap_or_else(|error| panic!("{error} in what was written: {text}"));
    assert_eq!(again.to_json(), text);
    if small::is_short(trace)
        && let Ok((session, report)) = Session::import(trace, small::library())
    {
        print(&report);
        print(&session.snapshot());
    }
}

/// The same file with the fingerprints of its own numbers and documents.
fn mended(bytes: &[u8]) -> Option<String> {
    let mut file: Value = serde_json::from_slice(bytes).ok()?;
    if let Some(params) = file.get("params") {
        let params: Vec<f64> = params.as_array()?.iter().filter_map(Value::as_f64).collect();
        let documents = file.get("documents").cloned().and_then(|documents| serde_json::from_value(documents).ok());
        let provenance = file.get_mut("provenance")?;
        *provenance.get_mut("params_sha256")? = sha256_of_f64(&params).into();
        if let (Some(sha256), Some::<Vec<String>>(documents)) = (provenance.get_mut("documents_sha256"), documents)
            && let Ok(corpus) = Corpus::parse(&documents.join("\n"))
        {
            *sha256 = sha256_of_lines(corpus.documents()).into();
        }
    } else {
        let source = serde_json::from_value(file.get("spec")?.get("corpus")?.clone()).ok()?;
        let documents = documents(&source)?;
        *file.get_mut("corpus")?.get_mut("sha256")? = sha256_of_lines(&documents).into();
    }
    Some(file.to_string())
}

fn documents(source: &glassgpt_lab::protocol::CorpusSource) -> Option<Vec<String>> {
    use glassgpt_lab::protocol::CorpusSource::{Named, Text};
    Some(match source {
        Named { name } => small::library().get(name)?.documents().to_vec(),
        Text { text, .. } => Corpus::parse(text).ok()?.documents().to_vec(),
    })
}
