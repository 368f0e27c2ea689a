//! One draw, laid open: from the scores of the next token to the stretch of the line on which a random number falls.
//!
//! Why several ways of drawing at once: what temperature, top-k and top-p do is seen only beside the same scores, drawn from
//! with the same random number.

use glassgpt_core::random::index_of_point;
use glassgpt_core::sampling::{likeliest, softmax_in_place};
use glassgpt_core::{Predictor, Sampling, SamplingError, TokenId, fmath};
use glassgpt_fused::FusedPredictor;
use serde::Serialize;

use crate::limits::{LIMITS, check_sampling, check_whole};
use crate::protocol::Refusal;
use crate::scene::Scene;
use crate::wire_rows;

/// What may come after a text, drawn in several ways.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NextToken {
    /// What is read: BOS and the text.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<u32>))]
    pub tokens: Vec<TokenId>,
    /// The position of the last of them, at which the next one is predicted.
    pub position: u32,
    /// A score for each token, in token order.
    pub logits: Vec<f64>,
    /// What becomes of them, in the order of the ways asked for.
    pub ways: Vec<Way>,
}

/// One way from scores to a token.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Way {
    /// Its settings.
    pub sampling: Sampling,
    /// The scores over the temperature, and what makes shares of them; null at temperature 0, where the likeliest is taken.
    pub softened: Option<Softened>,
    /// Their shares of 1, in token order; at temperature 0 the likeliest has all.
    pub shares: Vec<f64>,
    /// The weights drawn by: the shares, but for those that `top_k` and `top_p` cut, which are 0.
    pub weights: Vec<f64>,
    /// How many tokens can be drawn.
    pub kept: u32,
    /// Where each token's stretch of the line ends: the weights, added up in token order.
    pub ends: Vec<f64>,
    /// Where the line ends: the weights' sum, a little beside 1 for want of digits, or clearly below it where some are cut.
    pub total: f64,
    /// How open the choice is, in nats: the mean of −ln of the drawn token's probability.
    pub entropy: f64,
    /// So many equally likely tokens would leave the choice as open: e to the entropy.
    pub equal_choices: f64,
    /// What a random number chooses; null without one, unless the temperature is 0.
    pub landing: Option<Landing>,
}

/// Scores on their way to shares.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Softened {
    /// The scores, times 1 / temperature.
    #[cfg_attr(feature = "ts", ts(type = r#"Array<number | "NaN" | "Infinity" | "-Infinity">"#))]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<crate::wire_number::WireNumber>))]
    #[serde(serialize_with = "wire_rows::row")]
    pub scaled: Vec<f64>,
    /// The largest of those.
    pub largest: f64,
    /// e to the power of each less the largest.
    pub exps: Vec<f64>,
    /// Their sum.
    pub exp_total: f64,
}

/// A token, and why it was this one.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Landing {
    /// The random number, from 0 to below 1; null at temperature 0, where nothing is drawn.
    pub random: Option<f64>,
    /// The point on the line from 0 to the weights' sum; null at temperature 0.
    pub point: Option<f64>,
    /// Where the chosen token's stretch of that line begins.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
    /// The token on whose stretch the point lies; at temperature 0 the likeliest.
    #[cfg_attr(feature = "openapi", schema(value_type = u32))]
    pub token: TokenId,
}

impl Landing {
    /// The token on which a random number falls, as `random.choices` finds it. `random` is called once, or not at all at
    /// temperature 0.
    ///
    /// # Errors
    /// [`SamplingError::Diverged`] if the weights cannot be drawn by.
    pub(crate) fn new(
        sampling: &Sampling,
        weights: &[f64],
        random: impl FnOnce() -> f64,
    ) -> Result<Self, SamplingError> {
        let total = sum(weights);
        if !(total > 0.0 && total.is_finite()) {
            return Err(SamplingError::Diverged);
        }
        let random = (!sampling.is_greedy()).then(random);
        let point = random.map(|random| random * total);
        let token = point.map_or_else(|| likeliest(weights), |point| index_of_point(weights, point));
        let from = sum(&weights[..token]);
        Ok(Self { random, point, from, to: from + weights[token], token: token as TokenId })
    }
}

impl Way {
    /// # Errors
    /// [`SamplingError::Diverged`] if the scores are no numbers.
    fn new(sampling: Sampling, logits: &[f64], random: Option<f64>) -> Result<Self, SamplingError> {
        if logits.iter().any(|logit| !logit.is_finite()) {
            return Err(SamplingError::Diverged);
        }
        let mut weights = Vec::new();
        sampling.weights(logits, &mut weights);
        let mut shares = Vec::new();
        Sampling { top_k: None, top_p: None, ..sampling }.weights(logits, &mut shares);
        let greedy = sampling.is_greedy();
        // At temperature 0 no number is asked for, so there is always a choice.
        let wanted = random.is_some() || greedy;
        let landing = wanted.then(|| Landing::new(&sampling, &weights, || random.unwrap_or(0.0))).transpose()?;
        let total = sum(&weights);
        if !(total > 0.0 && total.is_finite()) {
            return Err(SamplingError::Diverged);
        }
        let mut end = 0.0;
        let ends = weights.iter().map(|weight| {
            end += weight;
            end
        });
        let entropy = weights.iter().filter(|&&weight| weight > 0.0).fold(0.0, |entropy, weight| {
            let probability = weight / total;
            entropy - probability * fmath::ln(probability)
        });
        Ok(Self {
            sampling,
            softened: (!greedy).then(|| Softened::new(sampling.temperature, logits)),
            kept: weights.iter().filter(|&&weight| weight > 0.0).count() as u32,
            ends: ends.collect(),
            total,
            entropy,
            equal_choices: fmath::exp(entropy),
            shares,
            weights,
            landing,
        })
    }
}

impl Softened {
    /// The steps inside [`Sampling::weights`], one by one.
    fn new(temperature: f64, logits: &[f64]) -> Self {
        let inverse = fmath::pow(temperature, -1.0);
        let scaled: Vec<f64> = logits.iter().map(|logit| logit * inverse).collect();
        let largest = scaled.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let exps: Vec<f64> = scaled.iter().map(|scaled| fmath::exp(scaled + -largest)).collect();
        Self { largest, exp_total: sum(&exps), scaled, exps }
    }
}

/// Checks the ways asked for.
pub(crate) fn check_samplings(samplings: &[Sampling]) -> Result<(), Refusal> {
    check_whole("samplings", samplings.len() as u32, 1, LIMITS.samplings)?;
    samplings.iter().try_for_each(|sampling| check_sampling(1, sampling))
}

/// What may come after `text`, drawn in several ways, each with the same random number if there is one.
///
/// # Errors
/// If the text has unknown characters or fills the context, a setting is out of bounds, or the model has diverged.
pub(crate) fn next_token(
    scene: &Scene,
    text: &str,
    samplings: &[Sampling],
    random: Option<f64>,
) -> Result<NextToken, Refusal> {
    check_samplings(samplings)?;
    if let Some(random) = random.filter(|random| !(0.0..1.0).contains(random)) {
        return Err(Refusal::of("random", format!("random is {random}; it must be a number from 0 to below 1")));
    }
    let mut tokens = vec![scene.tokenizer.bos()];
    tokens.extend(scene.tokenizer.encode(text).map_err(|error| Refusal::of("text", error.to_string()))?);
    let block_size = scene.plan.config().block_size as usize;
    if tokens.len() > block_size {
        let (len, max) = (tokens.len() - 1, block_size - 1);
        let error = SamplingError::PrefixTooLong { len, max, block_size };
        return Err(Refusal::of("text", error.to_string()));
    }
    let mut predictor = FusedPredictor::new(&scene.plan, &scene.params);
    let mut logits = Vec::new();
    for &token in &tokens {
        logits = predictor.read(token).to_vec();
    }
    let ways = samplings.iter().map(|&sampling| Way::new(sampling, &logits, random));
    let ways = ways.collect::<Result<_, _>>()?;
    Ok(NextToken { position: tokens.len() as u32 - 1, tokens, logits, ways })
}

/// The probability of `token` with nothing scaled and nothing cut.
pub(crate) fn probability(logits: &[f64], token: TokenId) -> f64 {
    let mut probs = logits.to_vec();
    softmax_in_place(&mut probs);
    probs[token as usize]
}

fn sum(numbers: &[f64]) -> f64 {
    numbers.iter().fold(0.0, |sum, number| sum + number)
}
