//! The training data: documents, one a line, read the way microgpt.py reads `input.txt`.
//!
//! Why care about white space: which characters Python strips decides the vocabulary, and so every number after it.

// § imports
use std::collections::HashSet;

// § documents
/// A list of documents, none empty, in file order.
#[derive(Clone, Debug, PartialEq)]
pub struct Corpus {
    documents: Vec<String>,
    known: HashSet<String>,
}

// § refusals
/// Why a text cannot be a corpus.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CorpusError {
    /// No line had anything in it.
    #[error("the corpus is empty; it needs at least one line that is not blank")]
    Empty,
    /// The bytes are not UTF-8.
    #[error("the corpus is not UTF-8: byte {offset} (line {line}) does not belong to any character")]
    NotUtf8 {
        /// Offset of the first bad byte.
        offset: usize,
        /// Its line, from 1.
        line: usize,
    },
    /// More text than an experiment may hold.
    #[error("the corpus is too large; it must have at most {max} bytes")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The limit.
        max: usize,
    },
}

/// The largest corpus, in bytes.
pub const MAX_CORPUS_BYTES: usize = 64 << 20;

// § documents
impl Corpus {
    /// Reads one document a line. Lines end with `\n`, `\r\n` or `\r`; blank ones are dropped.
    ///
    /// # Errors
    /// [`CorpusError`] if nothing is left or the text is too large.
    pub fn parse(text: &str) -> Result<Self, CorpusError> {
        if text.len() > MAX_CORPUS_BYTES {
            return Err(CorpusError::TooLarge { bytes: text.len(), max: MAX_CORPUS_BYTES });
        }
        let lines = text.split(['\n', '\r']).map(|line| line.trim_matches(is_python_space));
        let documents: Vec<String> = lines.filter(|line| !line.is_empty()).map(String::from).collect();
        if documents.is_empty() {
            return Err(CorpusError::Empty);
        }
        let known = documents.iter().cloned().collect();
        Ok(Self { documents, known })
    }

    // § refusals
    /// [`Corpus::parse`] for the bytes of a file.
    ///
    /// # Errors
    /// [`CorpusError`] if they are not UTF-8, or as `parse`.
    pub fn from_utf8(bytes: &[u8]) -> Result<Self, CorpusError> {
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let offset = error.valid_up_to();
            let ends = |&i: &usize| bytes[i] == b'\n' || (bytes[i] == b'\r' && bytes[i + 1] != b'\n');
            let line = 1 + (0..offset).filter(ends).count();
            CorpusError::NotUtf8 { offset, line }
        })?;
        Self::parse(text)
    }

    // § accessors
    /// The documents, in file order.
    #[must_use]
    pub fn documents(&self) -> &[String] {
        &self.documents
    }

    /// Whether `text` is one of the documents: a model that says it may have read it in training, or not.
    #[must_use]
    pub fn contains(&self, text: &str) -> bool {
        self.known.contains(text)
    }

    /// How many different documents there are.
    #[must_use]
    pub fn n_unique(&self) -> usize {
        self.known.len()
    }
}

// § documents
/// What Python's `str.strip` removes: Unicode white space, and the four separators U+001C to U+001F.
fn is_python_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}
