//! Texts the model writes, draw by draw: which random number chose which letter, and how likely the whole was.
//!
//! Why a generator of its own for every text: then the same seed gives the same random numbers at any temperature, with any
//! prefix and however many texts are asked for, so that two writings differ only by what was changed between them.

use glassgpt_core::{Predictor, Random, Sampling, SamplingError, TokenId, fmath};
use glassgpt_fused::FusedPredictor;
use serde::Serialize;

use crate::draw::{Landing, check_samplings, probability};
use crate::limits::{LIMITS, check_seed, check_whole};
use crate::protocol::Refusal;
use crate::scene::Scene;
use crate::score::{Score, score};
use crate::tokenized::Tokenized;

/// What a model writes.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Writings {
    /// Steps of training done.
    pub step: u32,
    /// The tokens that every text begins with, after BOS.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<u32>))]
    pub prefix: Vec<TokenId>,
    /// For each way of drawing, its texts, in the order of their seeds.
    pub batches: Vec<Batch>,
}

/// Texts drawn in one way.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Batch {
    /// The way.
    pub sampling: Sampling,
    /// The texts.
    pub texts: Vec<Written>,
}

/// A text, and how it came about.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Written {
    /// The seed of its random numbers: `random.seed(seed)` in Python, and then one `random.choices` a draw.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub seed: i64,
    /// The draws, one for each token after the prefix, the ending BOS included.
    pub draws: Vec<DrawnToken>,
    /// Whether it ended by drawing BOS. If not, the context was full.
    pub ended: bool,
    /// How likely these draws were, one after the other, by the weights they were drawn by: the product of their chances.
    pub chance: f64,
    /// How likely the model finds the whole text, prefix and end included, with nothing scaled and nothing cut: e to the power
    /// of the score's `ln_probability`.
    pub probability: f64,
    /// What else can be said of the text.
    pub score: Score,
}

/// One token drawn.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DrawnToken {
    /// The position at which it was predicted: that of the token before it.
    pub position: u32,
    /// What was drawn, and where on the line.
    pub landing: Landing,
    /// Where the line ends: the sum of the weights.
    pub total: f64,
    /// Its probability with nothing scaled and nothing cut.
    pub probability: f64,
}

/// What to write.
pub(crate) struct Order<'a> {
    pub(crate) prefix: &'a str,
    pub(crate) samplings: &'a [Sampling],
    pub(crate) count: u32,
    pub(crate) seed: i64,
}

/// Writes texts under a scene's model. The first of each way has the random numbers of `seed`, the next those of `seed + 1`.
///
/// # Errors
/// If the prefix has unknown characters or fills the context, a setting is out of bounds, or the model has diverged.
pub(crate) fn write(scene: &Scene, tokenized: &Tokenized, order: &Order<'_>) -> Result<Writings, Refusal> {
    let &Order { prefix, samplings, count, seed } = order;
    check_samplings(samplings)?;
    check_whole("count", count, 1, LIMITS.samples / samplings.len() as u32)?;
    check_seed(seed)?;
    check_seed(seed + i64::from(count) - 1)?;
    let prefix = scene.tokenizer.encode(prefix)?;
    let mut predictor = FusedPredictor::new(&scene.plan, &scene.params);
    let mut batch = |&sampling: &Sampling| -> Result<Batch, Refusal> {
        let seeds = (0..count).map(|i| seed + i64::from(i));
        let texts = seeds.map(|seed| Writing { scene, sampling: &sampling, seed }.written(&mut predictor, &prefix));
        let texts: Vec<Bare> = texts.collect::<Result<_, _>>()?;
        let plain: Vec<String> = texts.iter().map(|bare| scene.tokenizer.decode(&bare.tokens)).collect();
        let scores = score(scene, tokenized, &plain)?;
        let texts = texts.into_iter().zip(scores).map(|(bare, score)| bare.with(score)).collect();
        Ok(Batch { sampling, texts })
    };
    let batches = samplings.iter().map(&mut batch).collect::<Result<_, _>>()?;
    Ok(Writings { step: scene.step, prefix, batches })
}

/// A text about to be written.
struct Writing<'a> {
    scene: &'a Scene,
    sampling: &'a Sampling,
    seed: i64,
}

/// A text that nobody has judged yet.
struct Bare {
    seed: i64,
    tokens: Vec<TokenId>,
    draws: Vec<DrawnToken>,
    ended: bool,
}

impl Writing<'_> {
    /// [`glassgpt_core::sample`] with a witness: the tests hold the two together.
    fn written(&self, predictor: &mut impl Predictor, prefix: &[TokenId]) -> Result<Bare, SamplingError> {
        let (block_size, bos) = (predictor.block_size(), self.scene.tokenizer.bos());
        if prefix.len() >= block_size {
            return Err(SamplingError::PrefixTooLong { len: prefix.len(), max: block_size - 1, block_size });
        }
        let mut random = Random::new(self.seed);
        let mut bare = Bare { seed: self.seed, tokens: prefix.to_vec(), draws: Vec::new(), ended: false };
        let mut weights = Vec::new();
        predictor.forget();
        for position in 0..block_size {
            let token = position.checked_sub(1).map_or(bos, |before| bare.tokens[before]);
            let logits = predictor.read(token);
            if position < prefix.len() {
                continue; // the prefix says what comes
            }
            if logits.iter().any(|logit| !logit.is_finite()) {
                return Err(SamplingError::Diverged);
            }
            self.sampling.weights(logits, &mut weights);
            let landing = Landing::new(self.sampling, &weights, || random.random())?;
            let total = weights.iter().fold(0.0, |sum, weight| sum + weight);
            let probability = probability(logits, landing.token);
            bare.draws.push(DrawnToken { position: position as u32, landing, total, probability });
            if landing.token == bos {
                bare.ended = true;
                break;
            }
            bare.tokens.push(landing.token);
        }
        Ok(bare)
    }
}

impl Bare {
    fn with(self, score: Score) -> Written {
        let chance = |chance, draw: &DrawnToken| chance * ((draw.landing.to - draw.landing.from) / draw.total);
        let chance = self.draws.iter().fold(1.0, chance);
        let probability = fmath::exp(score.ln_probability);
        Written { seed: self.seed, draws: self.draws, ended: self.ended, chance, probability, score }
    }
}
