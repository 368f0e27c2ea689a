//! The questions that the Lab's pictures are drawn from: each answer against what is known from elsewhere.

use glassgpt_core::{Config, Preset};
use glassgpt_lab::protocol::*;
use glassgpt_lab::{Answer, LIMITS, Library, Question, Session};

mod support;
use support::*;

fn own(text: &str) -> CorpusSource {
    CorpusSource::Text { name: "own".into(), text: text.into() }
}

/// Asks what must have an answer of this kind.
macro_rules! ask {
    ($session:expr, $question:expr, $kind:ident) => {{
        match $session.ask(&$question) {
            Ok(Answer::$kind(answer)) => answer,
            other => panic!("{other:?}"),
        }
    }};
}

fn refusal(session: &Session, question: &Question) -> Refusal {
    session.ask(question).expect_err("refused")
}

#[test]
fn a_plan_is_the_experiment_that_would_be_started() {
    let session = open(&watched());
    let longer = "a\nlonger\nlongest of all\n";
    let specs = [
        watched(),
        Spec::new(Preset::Gist.config(), CorpusSource::Named { name: "names".into() }),
        Spec::new(Config { n_embd: 32, n_layer: 3, block_size: 5, ..short() }, own(longer)),
        Spec { held_out_every: Some(2), ..Spec::new(short(), own(longer)) },
    ];
    for spec in specs {
        let planned = ask!(session, Question::Plan { spec: spec.clone() }, Plan);
        let (started, again) = (open(&spec), open(&spec));
        assert_eq!(*planned, *started.experiment());
        assert_eq!(*ask!(again, Question::Plan { spec }, Plan), *started.experiment(), "planned while it stands");
    }
    let cut = Spec::new(Config { block_size: 7, ..short() }, own(longer));
    assert_eq!(ask!(session, Question::Plan { spec: cut }, Plan).num_cut, 1);
}

#[test]
fn what_cannot_be_started_cannot_be_planned() {
    let session = open(&watched());
    let named = |name: &str| CorpusSource::Named { name: name.into() };
    let specs = [
        Spec::new(Config { n_head: 3, ..short() }, named("words")),
        Spec::new(Config { steps: LIMITS.steps + 1, ..short() }, named("words")),
        Spec::new(short(), named("nothing")),
        Spec::new(short(), own(" ")),
        Spec::new(Config { n_embd: 128, n_layer: 4, ..short() }, own(&('\u{4e00}'..'\u{9000}').collect::<String>())),
        Spec { held_out_every: Some(1), ..watched() },
        Spec { samples_every: Some(0), ..watched() },
    ];
    for spec in specs {
        let expected = Session::new(&spec, Library::embedded()).expect_err("refused");
        assert_eq!(refusal(&session, &Question::Plan { spec }), expected);
    }
}
