//! What a corpus is made of: documents by length, characters by how often they come, and some documents to look at.
//!
//! Why before training: whoever knows what a model reads is less surprised by what it writes.

use std::collections::BTreeMap;

use glassgpt_core::{Random, TokenId, fmath};
use serde::{Deserialize, Serialize};

use crate::limits::check_seed;
use crate::protocol::{CorpusSource, Refusal};
use crate::tokenized::Tokenized;

/// The most documents shown.
const SHOWN: usize = 20;
/// The most characters shown of one.
const SHOWN_CHARACTERS: usize = 200;

/// A corpus in numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CorpusStatistics {
    /// Its name.
    pub name: String,
    /// Documents in it.
    pub num_docs: u32,
    /// Different documents in it.
    pub num_unique: u32,
    /// Characters in all documents together.
    pub num_chars: u32,
    /// The shortest document, in characters.
    pub shortest: u32,
    /// The longest document, in characters.
    pub longest: u32,
    /// The mean length of a document, in characters.
    pub mean_length: f64,
    /// How many documents have each length there is, the shortest first.
    pub lengths: Vec<LengthCount>,
    /// How often each character comes, in the order of the vocabulary.
    pub characters: Vec<CharacterCount>,
    /// Tokens in the vocabulary: the characters and BOS.
    pub vocab_size: u32,
    /// The loss of guessing every token alike: ln V, in nats.
    pub uniform_loss: f64,
    /// The first documents, in the order of the file: at most 20, of each at most 200 characters.
    pub first: Vec<String>,
    /// The same of the order in which they are trained on if none is held out; empty without a seed.
    pub shuffled: Vec<String>,
}

/// Documents of one length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LengthCount {
    /// Characters.
    pub length: u32,
    /// Documents of so many.
    pub count: u32,
}

/// How often a character comes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CharacterCount {
    /// The character.
    pub character: String,
    /// How often it comes in all documents together.
    pub count: u32,
    /// Documents that begin with it.
    pub begins: u32,
    /// Documents that end with it.
    pub ends: u32,
}

impl CorpusStatistics {
    /// Counts. `seed` is that of the experiment whose order of documents is wanted.
    pub(crate) fn new(source: &CorpusSource, tokenized: &Tokenized, seed: Option<i64>) -> Result<Self, Refusal> {
        let Tokenized { corpus, tokenizer, encoded } = tokenized;
        seed.map_or(Ok(()), check_seed)?;
        let mut by_length = BTreeMap::new();
        let mut counts = vec![[0; 3]; tokenizer.vocab_size()];
        for document in encoded.documents() {
            let characters = &document[1..document.len() - 1]; // without BOS at both ends
            *by_length.entry(characters.len() as u32).or_insert(0) += 1;
            characters.iter().for_each(|&token| counts[token as usize][0] += 1);
            counts[characters[0] as usize][1] += 1; // no document is empty
            counts[characters[characters.len() - 1] as usize][2] += 1;
        }
        let lengths: Vec<LengthCount> =
            by_length.into_iter().map(|(length, count)| LengthCount { length, count }).collect();
        let num_chars = tokenized.lengths().sum::<usize>();
        let character = |(token, &[count, begins, ends]): (usize, &[u32; 3])| CharacterCount {
            character: tokenizer.label(token as TokenId),
            count,
            begins,
            ends,
        };
        let documents = corpus.documents();
        let order = seed.map_or_else(Vec::new, |seed| {
            let mut order: Vec<usize> = (0..documents.len()).collect();
            Random::new(seed).shuffle(&mut order);
            order
        });
        Ok(Self {
            name: source.name().to_string(),
            num_docs: documents.len() as u32,
            num_unique: corpus.n_unique() as u32,
            num_chars: num_chars as u32,
            shortest: lengths.first().map_or(0, |shortest| shortest.length),
            longest: lengths.last().map_or(0, |longest| longest.length),
            mean_length: num_chars as f64 / documents.len() as f64,
            lengths,
            characters: counts[..counts.len() - 1].iter().enumerate().map(character).collect(),
            vocab_size: counts.len() as u32,
            uniform_loss: fmath::ln(counts.len() as f64),
            first: documents.iter().take(SHOWN).map(|document| shown(document)).collect(),
            shuffled: order.into_iter().take(SHOWN).map(|place| shown(&documents[place])).collect(),
        })
    }
}

/// A document, or its beginning.
fn shown(document: &str) -> String {
    document.chars().take(SHOWN_CHARACTERS).collect()
}
