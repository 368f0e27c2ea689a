//! One prediction in seven stages, with every number that matters: the data; how to show it is others' business.
//!
//! Why recomputed nowhere: the numbers are those the fused engine left behind. Only what it does not keep (raw scores,
//! what attention and MLP add) is computed again here, with its own loops, so those are the same bits too.

use glassgpt_core::{
    Plan, Predictor, Random, Sampling, SamplingError, TokenId, Tokenizer, UnknownCharacters, sampling::softmax_in_place,
};
use glassgpt_fused::activations::row;
use glassgpt_fused::ops::{dot, linear};
use glassgpt_fused::{Activations, FusedPredictor};
use serde::Serialize;

use crate::draw::Landing;

/// What the model thinks after reading BOS and a text: what comes next?
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explanation {
    /// The text read, without BOS.
    pub text: String,
    /// Position of the last token read, at which the prediction is made.
    pub position: u32,
    /// Stage 1: what was read, as numbers.
    pub tokens: Vec<Token>,
    /// Stage 2: the last token and its place as a vector.
    pub embedding: Embedding,
    /// Stages 3 and 4, once per layer.
    pub layers: Vec<Layer>,
    /// Stage 5: a score for each token to come next, in token order.
    pub logits: Vec<f64>,
    /// Stage 6: the scores as shares of 1, in token order.
    pub probs: Vec<f64>,
    /// Stage 7: one of them is drawn.
    pub draw: Draw,
}

/// A token and how it is shown.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Token {
    /// Its number.
    pub id: TokenId,
    /// Its character, or `BOS`.
    pub label: String,
}

/// How a token at a position becomes a vector of C numbers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Embedding {
    /// The token's row of `wte`.
    pub wte: Vec<f64>,
    /// The position's row of `wpe`.
    pub wpe: Vec<f64>,
    /// Their sum.
    pub sum: Vec<f64>,
    /// Mean square of the sum, plus 1e-5.
    pub mean_square: f64,
    /// What the sum is multiplied by to bring that to 1.
    pub scale: f64,
    /// The result: the residual stream as it enters the first layer.
    pub normed: Vec<f64>,
}

/// What one layer does to the residual stream at the last position.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Layer {
    /// Stage 3: the heads look back.
    pub heads: Vec<Head>,
    /// What attention adds, C numbers: `attn_wo` times the heads' mixes.
    pub attention_output: Vec<f64>,
    /// The residual stream after it.
    pub after_attention: Vec<f64>,
    /// Stage 4: the MLP.
    pub mlp: Mlp,
}

/// One head's look back from the last position, D components wide. One entry per position read, where there are many.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Head {
    /// The query.
    pub query: Vec<f64>,
    /// Query times key.
    pub scores: Vec<f64>,
    /// What the scores are multiplied by: 1/√D.
    pub scale: f64,
    /// The products.
    pub scaled: Vec<f64>,
    /// Their softmax.
    pub weights: Vec<f64>,
    /// The values, mixed by these weights.
    pub mix: Vec<f64>,
}

/// The MLP at the last position.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Mlp {
    /// Hidden units after the activation, 4C of them.
    pub hidden: Vec<f64>,
    /// How many of them are above 0.
    pub active: u32,
    /// What the MLP adds, C numbers.
    pub output: Vec<f64>,
    /// The residual stream after it.
    pub residual: Vec<f64>,
}

/// How one token is drawn.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Draw {
    /// The settings.
    pub sampling: Sampling,
    /// The weights drawn by, in token order: the probabilities at this temperature, cut by top-k and top-p.
    pub weights: Vec<f64>,
    /// Their sum.
    pub total: f64,
    /// The random number, from 0 to below 1; null at temperature 0, where nothing is drawn.
    pub random: Option<f64>,
    /// The point on the line from 0 to the sum; null at temperature 0.
    pub point: Option<f64>,
    /// Where the chosen token's stretch of that line begins.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
    /// The token on whose stretch the point lies; at temperature 0 the likeliest.
    pub chosen: Token,
}

/// Why there is nothing to explain.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ExplainError {
    /// The model has never seen some character.
    #[error(transparent)]
    Unknown(#[from] UnknownCharacters),
    /// The text does not fit, the sampling is out of bounds, or the model has diverged.
    #[error(transparent)]
    Sampling(#[from] SamplingError),
}

impl Explanation {
    /// Reads BOS and `text`, and explains the prediction of what comes next. Draws once from `random`.
    ///
    /// # Errors
    /// [`ExplainError`] if the text has unknown characters or does not fit into the context, or if nothing can be drawn.
    pub fn new(
        plan: &Plan,
        params: &[f64],
        tokenizer: &Tokenizer,
        text: &str,
        sampling: Sampling,
        random: &mut Random,
    ) -> Result<Self, ExplainError> {
        sampling.check()?;
        let mut tokens = vec![tokenizer.bos()];
        tokens.extend(tokenizer.encode(text)?);
        let block_size = plan.config().block_size as usize;
        if tokens.len() > block_size {
            let len = tokens.len() - 1;
            return Err(SamplingError::PrefixTooLong { len, max: block_size - 1, block_size }.into());
        }
        let mut predictor = FusedPredictor::new(plan, params);
        let mut logits = Vec::new();
        for &token in &tokens {
            logits = predictor.read(token).to_vec();
        }
        let mut probs = logits.clone();
        softmax_in_place(&mut probs);
        let activations = predictor.activations();
        let p = tokens.len() - 1;
        let named = |&id: &TokenId| Token { id, label: tokenizer.label(id) };
        Ok(Self {
            text: text.to_string(),
            position: p as u32,
            tokens: tokens.iter().map(named).collect(),
            embedding: Embedding::new(plan, params, activations, tokens[p], p),
            layers: (0..activations.shape.l).map(|layer| Layer::new(plan, params, activations, layer, p)).collect(),
            draw: Draw::new(sampling, &logits, random, tokenizer)?,
            logits,
            probs,
        })
    }
}

impl Embedding {
    fn new(plan: &Plan, params: &[f64], a: &Activations, token: TokenId, p: usize) -> Self {
        let c = a.shape.c;
        Self {
            wte: params[plan.layout().wte.row(token as usize)].to_vec(),
            wpe: params[plan.layout().wpe.row(p)].to_vec(),
            sum: row(&a.embedded, p, c).to_vec(),
            mean_square: a.embedded_norm.mean_square[p],
            scale: a.embedded_norm.scale[p],
            normed: row(&a.residual[0], p, c).to_vec(),
        }
    }
}

impl Layer {
    fn new(plan: &Plan, params: &[f64], a: &Activations, layer: usize, p: usize) -> Self {
        let [c, f] = [a.shape.c, a.shape.f];
        let at = &a.layers[layer];
        let matrices = &plan.layout().layers[layer];
        let times = |matrix: &glassgpt_core::Matrix, x: &[f64]| {
            let mut y = vec![0.0; matrix.rows];
            linear(&mut y, &params[matrix.range()], x);
            y
        };
        let hidden = row(&at.active, p, f);
        Self {
            heads: (0..a.shape.h).map(|head| Head::new(a, layer, head, p)).collect(),
            attention_output: times(&matrices.attn_wo, row(&at.mixed, p, c)),
            after_attention: row(&at.middle, p, c).to_vec(),
            mlp: Mlp {
                hidden: hidden.to_vec(),
                active: hidden.iter().filter(|&&unit| unit > 0.0).count() as u32,
                output: times(&matrices.mlp_fc2, hidden),
                residual: row(&a.residual[layer + 1], p, c).to_vec(),
            },
        }
    }
}

impl Head {
    fn new(a: &Activations, layer: usize, head: usize, p: usize) -> Self {
        let at = &a.layers[layer];
        let glassgpt_fused::shape::Shape { c, d, attention_scale: scale, .. } = a.shape;
        let columns = head * d..(head + 1) * d;
        let query = &row(&at.q, p, c)[columns.clone()];
        let scores: Vec<f64> = (0..=p).map(|s| dot(query, &row(&at.k, s, c)[columns.clone()])).collect();
        Self {
            query: query.to_vec(),
            scaled: scores.iter().map(|score| score * scale).collect(),
            scores,
            scale,
            weights: a.attention(layer, head, p).to_vec(),
            mix: row(&at.mixed, p, c)[columns].to_vec(),
        }
    }
}

impl Draw {
    fn new(
        sampling: Sampling,
        logits: &[f64],
        random: &mut Random,
        tokenizer: &Tokenizer,
    ) -> Result<Self, SamplingError> {
        let mut weights = Vec::new();
        sampling.weights(logits, &mut weights);
        if logits.iter().any(|logit| !logit.is_finite()) {
            return Err(SamplingError::Diverged);
        }
        let Landing { random, point, from, to, token } = Landing::new(&sampling, &weights, || random.random())?;
        let total = weights.iter().fold(0.0, |sum, weight| sum + weight);
        let chosen = Token { id: token, label: tokenizer.label(token) };
        Ok(Self { sampling, weights, total, random, point, from, to, chosen })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Engine, EngineKind};
    use glassgpt_core::{Config, Corpus, Preset, Setup, sample};

    fn trained() -> Setup {
        let config = Config { n_layer: 2, ..Preset::Gist.config() };
        let corpus = Corpus::parse("emma\nolivia\nava\nnoah\n").expect("a corpus");
        let mut engine = Engine::new(EngineKind::Fused, Setup::new(config, &corpus).expect("valid settings"));
        for _ in 0..20 {
            engine.step();
        }
        engine.setup().clone()
    }

    fn explain(setup: &Setup, text: &str, sampling: Sampling) -> Result<Explanation, ExplainError> {
        let mut random = setup.random.clone();
        Explanation::new(&setup.plan, &setup.params, &setup.tokenizer, text, sampling, &mut random)
    }

    #[test]
    fn the_stages_follow_from_each_other() {
        let setup = trained();
        let it = explain(&setup, "emm", Sampling::default()).expect("it fits");
        assert_eq!(it.tokens.len(), 4);
        let e = &it.embedding;
        for j in 0..16 {
            assert_eq!(e.sum[j], e.wte[j] + e.wpe[j]);
            assert_eq!(e.normed[j], e.sum[j] * e.scale);
        }
        let mut before = &e.normed;
        for layer in &it.layers {
            for head in &layer.heads {
                let mut weights = head.scaled.clone();
                softmax_in_place(&mut weights);
                assert_eq!(weights, head.weights);
            }
            for (j, before) in before.iter().enumerate() {
                assert_eq!(layer.after_attention[j], layer.attention_output[j] + before);
                assert_eq!(layer.mlp.residual[j], layer.mlp.output[j] + layer.after_attention[j]);
            }
            before = &layer.mlp.residual;
        }
        assert!((it.probs.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn the_draw_is_the_one_sampling_makes() {
        let setup = trained();
        for temperature in [0.0, 0.5, 2.0] {
            let sampling = Sampling { temperature, top_k: Some(5), top_p: None };
            let it = explain(&setup, "ol", sampling).expect("it fits");
            let mut random = setup.random.clone();
            let mut predictor = FusedPredictor::new(&setup.plan, &setup.params);
            let prefix = setup.tokenizer.encode("ol").expect("known letters");
            let text = sample(&mut predictor, &mut random, &sampling, setup.tokenizer.bos(), &prefix).expect("drawn");
            assert_eq!(it.draw.chosen.id, text.get(2).copied().unwrap_or(setup.tokenizer.bos()));
            assert!(it.draw.point.is_none_or(|point| it.draw.from <= point && point < it.draw.to));
        }
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        let setup = trained();
        let error = |text: &str| explain(&setup, text, Sampling::default()).expect_err("refused").to_string();
        assert!(error("zoé").contains("'z'"));
        assert!(error("emmaemma").contains("at most 7"));
        assert!(explain(&setup, "emmaemm", Sampling::default()).is_ok());
        assert!(explain(&setup, "", Sampling::default()).is_ok());
    }
}
