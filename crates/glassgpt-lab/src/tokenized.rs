//! A corpus with what every experiment on it needs first: its vocabulary and its documents as tokens.
//!
//! Why kept: they depend on the corpus alone, and a page starts an experiment for every move of a slider.

use std::sync::Arc;

use glassgpt_core::{Corpus, Encoded, Tokenizer};

/// A corpus that has been read.
#[derive(Clone, Debug)]
pub(crate) struct Tokenized {
    pub(crate) corpus: Arc<Corpus>,
    pub(crate) tokenizer: Tokenizer,
    pub(crate) encoded: Arc<Encoded>,
}

impl Tokenized {
    pub(crate) fn new(corpus: Corpus) -> Self {
        let tokenizer = Tokenizer::new(&corpus);
        let encoded = Arc::new(Encoded::new(&corpus, &tokenizer));
        Self { corpus: Arc::new(corpus), tokenizer, encoded }
    }

    /// The documents' lengths in characters, in file order.
    pub(crate) fn lengths(&self) -> impl Iterator<Item = usize> {
        self.encoded.documents().map(|tokens| tokens.len() - 2) // without BOS at both ends
    }
}
