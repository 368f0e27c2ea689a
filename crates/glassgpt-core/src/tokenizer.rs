//! From characters to numbers and back: every different character of the corpus is a token, and so is BOS.
//!
//! Why so simple: a character vocabulary needs no training and hides nothing. Larger models merge frequent pieces instead.

// § imports
use crate::Corpus;

// § vocabulary
/// A token's number, from 0 to the vocabulary's size minus 1.
pub type TokenId = u32;

/// The vocabulary: the corpus's characters sorted by code point, then BOS, which marks both ends of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tokenizer {
    chars: Vec<char>,
}

// § refusals
/// A text has characters that the vocabulary lacks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} not in the vocabulary: {}; it has {known}", plural(.unknown.len()), quoted(.unknown))]
pub struct UnknownCharacters {
    /// Those characters, each once, in order of appearance.
    pub unknown: Vec<char>,
    /// The vocabulary's characters.
    pub known: String,
}

// § vocabulary
impl Tokenizer {
    /// The vocabulary of `corpus`.
    #[must_use]
    pub fn new(corpus: &Corpus) -> Self {
        let chars: std::collections::BTreeSet<char> = corpus.documents().iter().flat_map(|doc| doc.chars()).collect();
        Self { chars: chars.into_iter().collect() }
    }

    // § accessors
    /// A vocabulary from its characters, as saved with a model. None unless they are sorted and different.
    #[must_use]
    pub fn from_chars(chars: &str) -> Option<Self> {
        let chars: Vec<char> = chars.chars().collect();
        chars.is_sorted_by(|a, b| a < b).then_some(Self { chars })
    }

    /// The characters, in token order.
    #[must_use]
    pub fn chars(&self) -> &[char] {
        &self.chars
    }

    // § bos
    /// The token that stands at both ends of every document.
    #[must_use]
    pub fn bos(&self) -> TokenId {
        self.chars.len() as TokenId
    }

    // § vocabulary
    /// Tokens in the vocabulary, V: the characters and BOS.
    #[must_use]
    pub fn vocab_size(&self) -> usize {
        self.chars.len() + 1
    }

    // § encode
    /// The tokens of a text, without BOS.
    ///
    /// # Errors
    /// Names every character that has no token.
    pub fn encode(&self, text: &str) -> Result<Vec<TokenId>, UnknownCharacters> {
        let mut unknown = Vec::new();
        let mut ids = Vec::with_capacity(text.len());
        for c in text.chars() {
            match self.chars.binary_search(&c) {
                Ok(id) => ids.push(id as TokenId),
                Err(_) if unknown.contains(&c) => {}
                Err(_) => unknown.push(c),
            }
        }
        if unknown.is_empty() {
            Ok(ids)
        } else {
            Err(UnknownCharacters { unknown, known: self.chars.iter().collect() })
        }
    }

    /// The tokens of a document: BOS, its characters, BOS.
    ///
    /// # Errors
    /// As [`Tokenizer::encode`].
    pub fn encode_document(&self, document: &str) -> Result<Vec<TokenId>, UnknownCharacters> {
        let mut ids = self.encode(document)?;
        ids.insert(0, self.bos());
        ids.push(self.bos());
        Ok(ids)
    }

    // § decode
    /// The character of a token; None for BOS and for numbers outside the vocabulary.
    #[must_use]
    pub fn char(&self, token: TokenId) -> Option<char> {
        self.chars.get(token as usize).copied()
    }

    /// The text of some tokens. BOS has none.
    #[must_use]
    pub fn decode(&self, tokens: &[TokenId]) -> String {
        tokens.iter().filter_map(|&token| self.char(token)).collect()
    }

    /// How a token is shown: its character, or `BOS`.
    #[must_use]
    pub fn label(&self, token: TokenId) -> String {
        self.char(token).map_or_else(|| "BOS".to_string(), String::from)
    }
}

// § refusals
fn plural(n: usize) -> &'static str {
    if n == 1 { "this character is" } else { "these characters are" }
}

fn quoted(chars: &[char]) -> String {
    let quoted: Vec<String> = chars.iter().map(|c| format!("{c:?} (U+{:04X})", *c as u32)).collect();
    quoted.join(", ")
}
