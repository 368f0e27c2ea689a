//! The corpora an experiment can ask for by name.
//!
//! Why a value passed in: the lab reads no files. Whoever runs it may add corpora it has fetched.

use std::sync::Arc;

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
        Self { shelves: Arc::new(corpora::EMBEDDED.into_iter().map(shelf).collect()), usual: Arc::new(usual) }
    }

    /// One more corpus; it replaces one of the same name.
    #[must_use]
    pub fn with(self, name: &str, about: &str, corpus: Corpus) -> Self {
        let mut shelves = (*self.shelves).clone();
        shelves.retain(|shelf| shelf.entry.name != name);
        shelves.push(Shelf::new(name, about, corpus));
        Self { shelves: Arc::new(shelves), ..self }
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
        self.shelf(name).map(|shelf| shelf.tokenized.corpus.clone())
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

    fn shelf(&self, name: &str) -> Option<&Shelf> {
        self.shelves.iter().find(|shelf| shelf.entry.name == name)
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
            corpora: self.shelves.iter().map(|shelf| shelf.entry.clone()).collect(),
            limits: LIMITS,
        }
    }

    /// The corpus a request means.
    pub(crate) fn find(&self, source: &CorpusSource) -> Result<Arc<Tokenized>, Refusal> {
        match source {
            CorpusSource::Named { name } => {
                let known =
                    || self.shelves.iter().map(|shelf| shelf.entry.name.as_str()).collect::<Vec<_>>().join(", ");
                let missing = || Refusal::of("corpus", format!("corpus is {name:?}; it must be one of {}", known()));
                self.shelf(name).map(|shelf| Arc::clone(&shelf.tokenized)).ok_or_else(missing)
            }
            CorpusSource::Text { name: _, text } => {
                let bytes = u32::try_from(text.len()).unwrap_or(u32::MAX);
                if bytes > LIMITS.corpus_bytes {
                    let max = LIMITS.corpus_bytes;
                    return Err(Refusal::of(
                        "corpus",
                        format!("the corpus has {bytes} bytes; it must have at most {max}"),
                    ));
                }
                let tokenized = Tokenized::new(Corpus::parse(text)?);
                let vocab_size = tokenized.tokenizer.vocab_size() as u32;
                check_whole("corpus", vocab_size, 2, LIMITS.vocab_size).map_err(|_| too_many_characters(vocab_size))?;
                Ok(Arc::new(tokenized))
            }
        }
    }
}

impl Shelf {
    fn new(name: &str, about: &str, corpus: Corpus) -> Self {
        let tokenized = Arc::new(Tokenized::new(corpus));
        let documents = tokenized.corpus.documents();
        let entry = CorpusEntry {
            name: name.to_string(),
            about: about.to_string(),
            num_docs: documents.len() as u32,
            vocab_size: tokenized.tokenizer.vocab_size() as u32,
            examples: documents.iter().take(5).cloned().collect(),
        };
        Self { entry, tokenized }
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
