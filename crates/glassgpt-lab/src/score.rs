//! How likely the model finds some texts, and which document each is nearest to.
//!
//! Why the nearest document: a text that is not in the corpus may still be one with a letter changed, and only beside it can
//! be seen how much the model made up.

mod distance;

use glassgpt_core::TokenId;
use glassgpt_fused::Evaluator;
use serde::Serialize;

use crate::protocol::Refusal;
use crate::scene::Scene;
use crate::tokenized::Tokenized;
use crate::wire_rows;

use distance::Pattern;

/// A text, as the model sees it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Score {
    /// The text.
    pub text: String,
    /// Its tokens, BOS at both ends.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<u32>))]
    pub tokens: Vec<TokenId>,
    /// The loss at each position read, in nats: of its first character after BOS up to BOS after its last, or as far as the
    /// context goes.
    #[cfg_attr(feature = "ts", ts(type = r#"Array<number | "NaN" | "Infinity" | "-Infinity">"#))]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<crate::wire_number::WireNumber>))]
    #[serde(serialize_with = "wire_rows::row")]
    pub losses: Vec<f64>,
    /// Their mean, as training has it.
    #[cfg_attr(feature = "ts", ts(type = r#"number | "NaN" | "Infinity" | "-Infinity""#))]
    #[cfg_attr(feature = "openapi", schema(value_type = crate::wire_number::WireNumber))]
    #[serde(serialize_with = "wire_rows::number")]
    pub loss: f64,
    /// The natural logarithm of the probability that the model writes just this, the ending BOS included: minus the sum of the
    /// losses. Where the text is cut, that it begins as far as it is read.
    #[cfg_attr(feature = "ts", ts(type = r#"number | "NaN" | "Infinity" | "-Infinity""#))]
    #[cfg_attr(feature = "openapi", schema(value_type = crate::wire_number::WireNumber))]
    #[serde(serialize_with = "wire_rows::number")]
    pub ln_probability: f64,
    /// Whether it is too long for the context, so that its end is not read.
    pub is_cut: bool,
    /// Whether it stands in the corpus.
    pub in_corpus: bool,
    /// The document of the corpus that is nearest to it.
    pub nearest: NearestDocument,
}

/// The document nearest to a text: of equally near ones the first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NearestDocument {
    /// Its place in the corpus, from 0.
    pub doc: u32,
    /// Its text.
    pub text: String,
    /// How many characters must be put in, taken out or replaced to make one of the other.
    pub distance: u32,
}

/// The scores of some texts under a scene's model.
pub(crate) fn score(scene: &Scene, tokenized: &Tokenized, texts: &[String]) -> Result<Vec<Score>, Refusal> {
    let mut evaluator = Evaluator::new(&scene.plan);
    let score = |text: &String| {
        let unknown = |error| Refusal::of("texts", format!("{text:?}: {error}"));
        let tokens = scene.tokenizer.encode_document(text).map_err(unknown)?;
        let losses = evaluator.losses(&scene.params, &tokens).to_vec();
        let sum = losses.iter().fold(0.0, |sum, loss| sum + loss);
        Ok(Score {
            text: text.clone(),
            loss: sum * (1.0 / losses.len() as f64),
            ln_probability: -sum,
            is_cut: losses.len() + 1 < tokens.len(),
            in_corpus: tokenized.corpus.contains(text),
            nearest: nearest(&tokens, tokenized),
            losses,
            tokens,
        })
    };
    texts.iter().map(score).collect()
}

/// The first of the documents that are least far from a text. Both have BOS at both ends.
fn nearest(tokens: &[TokenId], tokenized: &Tokenized) -> NearestDocument {
    let bare = |tokens: &'_ [TokenId]| 1..tokens.len() - 1;
    let mut pattern = Pattern::new(&tokens[bare(tokens)], tokenized.tokenizer.vocab_size());
    let mut best = (0, usize::MAX / 2);
    for (place, document) in tokenized.encoded.documents().enumerate() {
        if let Some(distance) = pattern.distance_below(best.1, &document[bare(document)]) {
            best = (place, distance);
            if distance == 0 {
                break;
            }
        }
    }
    let (place, distance) = best;
    NearestDocument { doc: place as u32, text: tokenized.corpus.documents()[place].clone(), distance: distance as u32 }
}
