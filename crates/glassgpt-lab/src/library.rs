//! The corpora an experiment can ask for by name.
//!
//! Why a value passed in: the lab reads no files. Whoever runs it may add corpora it has fetched.
//!
//! Why corpora that are lent are apart: they can be taken back. A session that begins with one takes its text along, as if it had
//! been pasted, and needs the library no more.

use std::borrow::Cow;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use glassgpt_core::{Config, Corpus, Preset, corpora};

use crate::Session;
use crate::limits::{LIMITS, check_whole};
use crate::protocol::{Catalog, CorpusEntry, CorpusSource, PresetEntry, Refusal, Spec, UsualEntry};
use crate::statistics::CorpusStatistics;
use crate::tokenized::Tokenized;

/// Named corpora, the default first. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Library {
    shelves: Arc<Vec<Shelf>>,
    /// The same for all clones.
    lent: Arc<RwLock<Vec<Shelf>>>,
    usual: Arc<UsualEntry>,
}

#[derive(Clone, Debug)]
struct Shelf {
    entry: CorpusEntry,
    tokenized: Arc<Tokenized>,
}

impl Library {
    /// The corpora built into the program.
    #[must_use]
    pub fn embedded() -> Self {
        let shelf = |corpus: corpora::Embedded| {
            Shelf::new(corpus.name, corpus.about, Corpus::parse(corpus.text).expect("the embedded corpora are valid"))
        };
        let first = Preset::ALL[0];
        let usual = UsualEntry { corpus: first.corpus().to_string(), config: first.config() };
        Self {
            shelves: Arc::new(corpora::EMBEDDED.into_iter().map(shelf).collect()),
            lent: Arc::default(),
            usual: Arc::new(usual),
        }
    }

    /// One more corpus; it replaces one of the same name.
    #[must_use]
    pub fn with(self, name: &str, about: &str, corpus: Corpus) -> Self {
        let mut shelves = (*self.shelves).clone();
        shelves.retain(|shelf| shelf.entry.name != name);
        shelves.push(Shelf::new(name, about, corpus));
        Self { shelves: Arc::new(shelves), ..self }
    }

    /// One more corpus, for as long as it is not taken back; for all clones of this library.
    ///
    /// # Errors
    /// If the name is taken, or the text is none that a session could be started with.
    pub fn lend(&self, name: &str, about: &str, text: &str) -> Result<CorpusEntry, Refusal> {
        let shelf = Shelf::of(name, about, tokenized(text)?);
        let entry = shelf.entry.clone();
        let mut lent = self.lent_mut();
        if self.shelves.iter().chain(&*lent).any(|shelf| shelf.entry.name == name) {
            return Err(Refusal::of("name", format!("name is {name:?}; there is a corpus of that name already")));
        }
        lent.push(shelf);
        Ok(entry)
    }

    /// Takes back a corpus that was lent, if there is one of that name. Sessions that have it keep it.
    pub fn take_back(&self, name: &str) -> bool {
        let mut lent = self.lent_mut();
        let before = lent.len();
        lent.retain(|shelf| shelf.entry.name != name);
        lent.len() < before
    }

    /// Whether the corpus called `name` is lent.
    #[must_use]
    pub fn is_lent(&self, name: &str) -> bool {
        self.lent().iter().any(|shelf| shelf.entry.name == name)
    }

    /// How many corpora are lent.
    #[must_use]
    pub fn n_lent(&self) -> usize {
        self.lent().len()
    }

    /// A spec that needs no corpus that may be taken back: such a one comes along as text.
    pub(crate) fn with_text<'a>(&self, spec: &'a Spec) -> Cow<'a, Spec> {
        let CorpusSource::Named { name } = &spec.corpus else { return Cow::Borrowed(spec) };
        let lent = self.lent();
        let Some(shelf) = lent.iter().find(|shelf| shelf.entry.name == *name) else { return Cow::Borrowed(spec) };
        let text = shelf.tokenized.corpus.documents().join("\n") + "\n";
        Cow::Owned(Spec { corpus: CorpusSource::Text { name: name.clone(), text }, ..spec.clone() })
    }

    fn lent(&self) -> RwLockReadGuard<'_, Vec<Shelf>> {
        self.lent.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn lent_mut(&self) -> RwLockWriteGuard<'_, Vec<Shelf>> {
        self.lent.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// With another experiment for those who ask for none.
    ///
    /// # Errors
    /// A [`Refusal`] if there is no such corpus, or the lab does not allow these settings.
    pub fn beginning_with(self, corpus: &str, config: Config) -> Result<Self, Refusal> {
        let usual = UsualEntry { corpus: corpus.to_string(), config };
        let source = CorpusSource::Named { name: usual.corpus.clone() };
        drop(Session::new(&Spec::new(usual.config.clone(), source), self.clone())?);
        Ok(Self { usual: Arc::new(usual), ..self })
    }

    /// The corpus called `name`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Arc<Corpus>> {
        self.on_shelf(name).map(|tokenized| tokenized.corpus.clone())
    }

    /// The corpus a request means: one known by name, or the text it brings.
    ///
    /// # Errors
    /// If there is none of that name, or the text is too large, empty, or of too many different characters.
    pub fn corpus(&self, source: &CorpusSource) -> Result<Arc<Corpus>, Refusal> {
        Ok(self.find(source)?.corpus.clone())
    }

    /// A corpus in numbers, as [`Question::Corpus`](crate::Question::Corpus) has it, without a session to ask. Nothing of
    /// it is kept.
    ///
    /// # Errors
    /// As [`Library::corpus`], or if the seed is out of its bounds.
    pub fn statistics(&self, source: &CorpusSource, seed: Option<i64>) -> Result<CorpusStatistics, Refusal> {
        let tokenized = self.find(source)?;
        CorpusStatistics::new(source, &tokenized, seed)
    }

    fn on_shelf(&self, name: &str) -> Option<Arc<Tokenized>> {
        let lent = self.lent();
        let shelf = self.shelves.iter().chain(&*lent).find(|shelf| shelf.entry.name == name);
        shelf.map(|shelf| shelf.tokenized.clone())
    }

    /// Whatever can be asked for by name, the default first.
    #[must_use]
    pub fn entries(&self) -> Vec<CorpusEntry> {
        self.shelves.iter().chain(&*self.lent()).map(|shelf| shelf.entry.clone()).collect()
    }

    /// What there is to choose from, for people and pages.
    #[must_use]
    pub fn catalog(&self, version: &str) -> Catalog {
        let preset =
            |preset: Preset| PresetEntry { preset, corpus: preset.corpus().to_string(), config: preset.config() };
        Catalog {
            version: version.to_string(),
            presets: Preset::ALL.map(preset).to_vec(),
            usual: (*self.usual).clone(),
            corpora: self.entries(),
            limits: LIMITS,
        }
    }

    /// The corpus a request means.
    pub(crate) fn find(&self, source: &CorpusSource) -> Result<Arc<Tokenized>, Refusal> {
        match source {
            CorpusSource::Named { name } => {
                let known = || self.entries().into_iter().map(|entry| entry.name).collect::<Vec<_>>().join(", ");
                let missing = || Refusal::of("corpus", format!("corpus is {name:?}; it must be one of {}", known()));
                self.on_shelf(name).ok_or_else(missing)
            }
            CorpusSource::Text { name: _, text } => tokenized(text).map(Arc::new),
        }
    }
}

/// A text that may be trained on.
fn tokenized(text: &str) -> Result<Tokenized, Refusal> {
    let (bytes, max) = (u32::try_from(text.len()).unwrap_or(u32::MAX), LIMITS.corpus_bytes);
    if bytes > max {
        return Err(Refusal::of("corpus", format!("the corpus has {bytes} bytes; it must have at most {max}")));
    }
    let tokenized = Tokenized::new(Corpus::parse(text)?);
    let vocab_size = tokenized.tokenizer.vocab_size() as u32;
    check_whole("corpus", vocab_size, 2, LIMITS.vocab_size).map_err(|_| too_many_characters(vocab_size))?;
    Ok(tokenized)
}

impl Shelf {
    fn new(name: &str, about: &str, corpus: Corpus) -> Self {
        Self::of(name, about, Tokenized::new(corpus))
    }

    fn of(name: &str, about: &str, tokenized: Tokenized) -> Self {
        let documents = tokenized.corpus.documents();
        let entry = CorpusEntry {
            name: name.to_string(),
            about: about.to_string(),
            num_docs: documents.len() as u32,
            vocab_size: tokenized.tokenizer.vocab_size() as u32,
            examples: documents.iter().take(5).cloned().collect(),
        };
        Self { entry, tokenized: Arc::new(tokenized) }
    }
}

fn too_many_characters(vocab_size: u32) -> Refusal {
    let max = LIMITS.vocab_size;
    let message = format!(
        "the corpus has {} different characters, so its vocabulary has {vocab_size} tokens; it must have at most {max}",
        vocab_size - 1
    );
    Refusal::of("corpus", message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Command;

    const TEXT: &str = "  anna \n\nbob\r\ncléo\n";

    #[test]
    fn a_session_keeps_the_text_of_a_corpus_that_was_lent() {
        let library = Library::embedded();
        let elsewhere = library.clone();
        let entry = elsewhere.lend("class", "ours", TEXT).expect("a good text");
        assert_eq!((entry.num_docs, library.n_lent()), (3, 1));
        let named = CorpusSource::Named { name: "class".into() };
        let spec = Spec::new(Preset::ALL[0].config(), named);
        let mut session = Session::new(&spec, library.clone()).expect("it is known by name");
        session.apply(Command::Start { spec: spec.clone() }).expect("a second time, too");
        let origin = session.origin();
        assert!(library.take_back("class") && !library.take_back("class"));
        let message = Session::new(&spec, library.clone()).expect_err("it is gone").message;
        assert!(message.contains("\"class\"; it must be one of names"), "{message}");
        let again = Session::from_origin(origin, library).expect("it brought its text");
        assert_eq!(again.corpus_identity(), session.corpus_identity());
        assert_eq!(again.snapshot().experiment, session.snapshot().experiment);
    }

    #[test]
    fn a_name_is_lent_once() {
        let library = Library::embedded();
        library.lend("class", "ours", TEXT).expect("a good text");
        for taken in ["class", "names"] {
            let refusal = library.lend(taken, "", TEXT).expect_err("taken");
            assert_eq!(refusal.field.as_deref(), Some("name"), "{taken}");
        }
        assert!(!library.take_back("names"), "what is built in stays");
        assert_eq!(library.lend("empty", "", " \n").expect_err("nothing in it").field.as_deref(), Some("corpus"));
    }
}
