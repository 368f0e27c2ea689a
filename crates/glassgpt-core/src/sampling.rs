//! Writing: ask for the next token's probabilities, draw one, read it, ask again.
//!
//! Why generic over the engine: the loop, the temperature and the draw are written once and serve both.

// § imports
use crate::model::max;
use crate::{Random, TokenId, fmath};

// § predictor
/// Something that reads tokens and says what may come next.
pub trait Predictor {
    /// The longest text it can read, T.
    fn block_size(&self) -> usize;
    /// Starts over with an empty context.
    fn forget(&mut self);
    /// Reads the next token. Returns V logits.
    fn read(&mut self, token: TokenId) -> &[f64];
}

// § temperature
/// How to draw from the probabilities.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(optional_fields))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Sampling {
    /// Below 1 the likely tokens get likelier, above 1 the choice gets freer; 0 always takes the likeliest. 0 to 100.
    pub temperature: f64,
    /// Draw only from the k likeliest tokens.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub top_k: Option<u32>,
    /// Draw only from the likeliest tokens that together reach this probability. Above 0, up to 1.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub top_p: Option<f64>,
}

impl Default for Sampling {
    /// Temperature 0.5 and no cut, as in microgpt.py.
    fn default() -> Self {
        Self { temperature: 0.5, top_k: None, top_p: None }
    }
}

// § refusals
/// Why nothing can be drawn.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SamplingError {
    /// A setting lies outside its bounds.
    #[error("{field} is {value}; it must be {range}")]
    OutOfRange {
        /// The setting's name.
        field: &'static str,
        /// The value given.
        value: String,
        /// The values allowed.
        range: &'static str,
    },
    /// The prefix leaves no room for a letter.
    #[error(
        "prefix has {len} characters; it must have at most {max}, because the context holds {block_size} tokens and BOS is one"
    )]
    PrefixTooLong {
        /// Its length.
        len: usize,
        /// The most that fits.
        max: usize,
        /// The context's length.
        block_size: usize,
    },
    /// The model's probabilities are not numbers.
    #[error("the model has diverged: its probabilities are not numbers, so nothing can be drawn from them")]
    Diverged,
}

impl Sampling {
    /// Checks the settings.
    ///
    /// # Errors
    /// The first one out of bounds.
    pub fn check(&self) -> Result<(), SamplingError> {
        let refuse = |field, value: String, range| Err(SamplingError::OutOfRange { field, value, range });
        if !(0.0..=100.0).contains(&self.temperature) {
            return refuse("temperature", self.temperature.to_string(), "a number from 0 to 100");
        }
        if let Some(k) = self.top_k.filter(|&k| k == 0) {
            return refuse("top_k", k.to_string(), "a whole number of at least 1");
        }
        if let Some(p) = self.top_p.filter(|&p| !(p > 0.0 && p <= 1.0)) {
            return refuse("top_p", p.to_string(), "a number above 0 and at most 1");
        }
        Ok(())
    }

    // § temperature
    /// Whether the likeliest token is always taken: at 0, and at temperatures so small that dividing by them would overflow.
    #[must_use]
    pub fn is_greedy(&self) -> bool {
        self.temperature < 1e-300
    }

    /// The weights to draw by: softmax of the logits over the temperature, cut by `top_k` and `top_p` (cut tokens get 0).
    pub fn weights(&self, logits: &[f64], weights: &mut Vec<f64>) {
        weights.clear();
        if self.is_greedy() {
            let likeliest = likeliest(logits);
            weights.extend(logits.iter().enumerate().map(|(i, logit)| f64::from(i == likeliest) + logit * 0.0));
            return;
        }
        let inverse = fmath::pow(self.temperature, -1.0);
        weights.extend(logits.iter().map(|logit| logit * inverse));
        softmax_in_place(weights);
        self.cut(weights);
    }

    // § top-k-top-p
    fn cut(&self, weights: &mut [f64]) {
        if self.top_k.is_none() && self.top_p.is_none() {
            return;
        }
        let mut order: Vec<usize> = (0..weights.len()).collect();
        order.sort_by(|&a, &b| weights[b].total_cmp(&weights[a]));
        let mut keep = self.top_k.map_or(order.len(), |k| (k as usize).min(order.len()));
        if let Some(p) = self.top_p {
            let mut sum = 0.0;
            let reached = order.iter().position(|&i| {
                sum += weights[i];
                sum >= p
            });
            keep = keep.min(reached.map_or(order.len(), |last| last + 1));
        }
        for &i in &order[keep..] {
            weights[i] = 0.0;
        }
    }
}

// § generate
/// Draws one document: BOS, then the prefix, then tokens until BOS comes up or the context is full. Without BOS.
///
/// # Errors
/// [`SamplingError`] if the prefix is too long or the model has diverged. Nothing is drawn for a prefix too long.
pub fn sample(
    predictor: &mut impl Predictor,
    random: &mut Random,
    sampling: &Sampling,
    bos: TokenId,
    prefix: &[TokenId],
) -> Result<Vec<TokenId>, SamplingError> {
    sampling.check()?;
    let block_size = predictor.block_size();
    if prefix.len() >= block_size {
        return Err(SamplingError::PrefixTooLong { len: prefix.len(), max: block_size - 1, block_size });
    }
    predictor.forget();
    let mut text = Vec::with_capacity(block_size);
    let mut weights = Vec::new();
    let mut token = bos; // § bos-start
    for position in 0..block_size {
        let logits = predictor.read(token);
        // § draw
        token = match prefix.get(position) {
            Some(&given) => given,
            None => {
                sampling.weights(logits, &mut weights);
                draw(&weights, sampling, random)?
            }
        };
        // § stop
        if token == bos {
            break;
        }
        text.push(token); // § generate
    }
    Ok(text)
}

// § draw
fn draw(weights: &[f64], sampling: &Sampling, random: &mut Random) -> Result<TokenId, SamplingError> {
    if weights.iter().any(|weight| weight.is_nan()) {
        return Err(SamplingError::Diverged);
    }
    if sampling.is_greedy() {
        return Ok(likeliest(weights) as TokenId); // greedy: nothing to draw
    }
    random.choices(weights).map(|index| index as TokenId).ok_or(SamplingError::Diverged)
}

/// The index of the largest number, the first of equals.
#[must_use]
pub fn likeliest(numbers: &[f64]) -> usize {
    let best = |best: usize, i: usize| if numbers[i] > numbers[best] { i } else { best };
    (0..numbers.len()).fold(0, best)
}

// § softmax
/// Softmax on plain numbers, with the same operations in the same order as on the tape.
pub fn softmax_in_place(logits: &mut [f64]) {
    let max = max(logits.iter().copied());
    let mut total = 0.0;
    for x in logits.iter_mut() {
        *x = fmath::exp(*x + -max);
        total += *x;
    }
    for x in logits {
        *x *= fmath::pow(total, -1.0);
    }
}
