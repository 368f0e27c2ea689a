//! The documents of a corpus as tokens, in one piece of memory.
//!
//! Why apart from the order in which they are trained on: tokens depend on the corpus alone, so many experiments share them.

use crate::{Corpus, TokenId, Tokenizer};

/// Documents in file order, each with BOS at both ends. At least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoded {
    tokens: Vec<TokenId>,
    /// Where each document begins, and where the last one ends.
    starts: Vec<usize>,
}

impl Encoded {
    /// The documents of `corpus`.
    ///
    /// # Panics
    /// If the corpus has a character that the vocabulary lacks.
    #[must_use]
    pub fn new(corpus: &Corpus, tokenizer: &Tokenizer) -> Self {
        let mut encoded = Self { tokens: Vec::new(), starts: vec![0] };
        for document in corpus.documents() {
            let tokens = tokenizer.encode_document(document);
            encoded.push(&tokens.expect("the vocabulary has every character of the corpus"));
        }
        encoded
    }

    /// Some of these documents, by their places.
    #[must_use]
    pub fn part(&self, places: impl Iterator<Item = usize>) -> Self {
        let mut part = Self { tokens: Vec::new(), starts: vec![0] };
        places.for_each(|place| part.push(self.document(place)));
        part
    }

    fn push(&mut self, document: &[TokenId]) {
        self.tokens.extend_from_slice(document);
        self.starts.push(self.tokens.len());
    }

    /// How many documents there are.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a corpus is never empty")]
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// The document at a place in the file, from 0.
    #[must_use]
    pub fn document(&self, place: usize) -> &[TokenId] {
        &self.tokens[self.starts[place]..self.starts[place + 1]]
    }

    /// All of them.
    pub fn documents(&self) -> impl Iterator<Item = &[TokenId]> {
        self.starts.windows(2).map(|pair| &self.tokens[pair[0]..pair[1]])
    }
}
