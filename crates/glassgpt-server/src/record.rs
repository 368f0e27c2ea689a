//! What is written down of a session, as text: its base and its commands.
//!
//! Why the corpus's fingerprint: a corpus known by name may be another one tomorrow. A session that would not come back to the
//! bit is not brought back.

use glassgpt_lab::journal::{self, Replay};
use glassgpt_lab::protocol::{Command, Refusal};
use glassgpt_lab::trace::CorpusIdentity;
use glassgpt_lab::{Library, Origin, Session};
use serde::{Deserialize, Serialize};

use crate::store::Recipe;

/// Everything that a session comes from.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Base {
    origin: Origin,
    corpus: CorpusIdentity,
    /// What S4's clients get if they name no temperature.
    temperature: f64,
}

/// Why a session cannot be brought back.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unreadable {
    #[error("what is stored of it cannot be read: {0}")]
    Text(#[from] serde_json::Error),
    #[error("it cannot be set up any more: {0}")]
    Refused(#[from] Refusal),
    #[error(
        "it was trained on the corpus {name} with the fingerprint {stored}; the corpus of that name now has {found}"
    )]
    OtherCorpus { name: String, stored: String, found: String },
}

/// A session's base, as text.
pub(crate) fn base(session: &Session, origin: Origin, temperature: f64) -> String {
    let base = Base { origin, corpus: session.corpus_identity(), temperature };
    serde_json::to_string(&base).expect("plain data always has a JSON form")
}

/// A command, as text.
pub(crate) fn command(command: &Command) -> String {
    serde_json::to_string(command).expect("plain data always has a JSON form")
}

/// What a recipe leads to: a session at its origin, the way from there, and its default temperature.
pub(crate) fn open(recipe: &Recipe, library: Library) -> Result<(Session, Replay, f64), Unreadable> {
    let Base { origin, corpus, temperature } = serde_json::from_str(&recipe.base)?;
    let entry = |entry: &crate::store::Entry| {
        serde_json::from_str(&entry.command).map(|command| journal::Entry { advanced: entry.advanced, command })
    };
    let entries = recipe.log.iter().map(entry).collect::<Result<Vec<_>, _>>()?;
    let (session, replay) = Replay::new(origin, entries, recipe.mark, library)?;
    let found = session.corpus_identity().sha256;
    if found != corpus.sha256 {
        return Err(Unreadable::OtherCorpus { name: corpus.name, stored: corpus.sha256, found });
    }
    Ok((session, replay, temperature))
}
