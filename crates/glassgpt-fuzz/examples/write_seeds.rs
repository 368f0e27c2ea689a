//! Writes the seeds that nobody can write by hand, because they have fingerprints in them: model files and traces.
//!
//! Why kept: when a format changes, `cargo run -p glassgpt-fuzz --example write_seeds` makes them anew.

use std::fs;
use std::path::Path;

use glassgpt_core::{Config, Preset, Sampling};
use glassgpt_lab::protocol::{ClientMessage, Command, CorpusSource, Spec};
use glassgpt_lab::trace::Trace;
use glassgpt_lab::{Answer, Library, Question, Session};

fn main() -> std::io::Result<()> {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds");
    let (short, eventful) = (trained(), eventful());
    fs::write(seeds.join("model/model.json"), model(&short))?;
    fs::write(seeds.join("model/trace.json"), short.export().to_json())?;
    fs::write(seeds.join("model/eventful-trace.json"), eventful.export().to_json())?;
    fs::write(seeds.join("command/import.txt"), import(eventful.export()))
}

/// Two steps of a model as small as can be.
fn trained() -> Session {
    let config = Config { n_embd: 1, n_head: 1, block_size: 2, steps: 3, ..Preset::Blog.config() };
    let corpus = CorpusSource::Text { name: "any".into(), text: "ab\nb\n".into() };
    let mut session = Session::new(&Spec::new(config, corpus), Library::embedded()).expect("valid settings");
    obey(&mut session, Command::Step);
    obey(&mut session, Command::Step);
    session
}

/// One with everything on its way that a trace can tell of.
fn eventful() -> Session {
    let mut session = trained();
    let spec = Spec { samples_every: Some(3), held_out_every: Some(2), ..session.spec().clone() };
    obey(&mut session, Command::Start { spec });
    obey(&mut session, Command::Observe { addresses: vec!["p0/logits[0]".parse().expect("an address")] });
    obey(&mut session, Command::Step);
    obey(&mut session, Command::Sample { count: 1, sampling: Sampling::default(), prefix: "b".into() });
    obey(&mut session, Command::SetLearningRate { learning_rate: 0.5 });
    obey(&mut session, Command::Step);
    obey(&mut session, Command::Seek { branch: None, step: 1 });
    session
}

fn model(session: &Session) -> String {
    match session.ask(&Question::ModelFile) {
        Ok(Answer::Text(text)) => text,
        other => panic!("{other:?} is no model file"),
    }
}

/// A message that asks to import a trace.
fn import(trace: Trace) -> String {
    let message = ClientMessage { id: 1, command: Some(Command::Import { trace: Box::new(trace) }), question: None };
    serde_json::to_string(&message).expect("plain data always has a JSON form") + "\n"
}

fn obey(session: &mut Session, command: Command) {
    session.apply(command).expect("it can be done");
}
