//! The model of startup names: trained when it is first asked for, then kept.
//!
//! Why BOS first: that is how every document began in training. S0 leaves BOS out and reads the prefix's last letter twice.

use std::sync::{Arc, Mutex, PoisonError};

use glassgpt_core::{Plan, Predictor, Preset, Random, Sampling, SamplingError, Setup, TokenId, Tokenizer, sample};
use glassgpt_lab::Library;
use glassgpt_lab::engine::{Engine, EngineKind};
use glassgpt_lab::protocol::Refusal;
use tokio::sync::OnceCell;
use tokio::task::spawn_blocking;

use crate::error::ApiError;

/// The model, once someone has asked for it.
#[derive(Default)]
pub(crate) struct Startups(OnceCell<Arc<Model>>);

impl Startups {
    /// The model; whoever comes while it is being trained waits for it.
    ///
    /// # Errors
    /// If it cannot be trained: the corpus is not there.
    pub(crate) async fn model(&self, library: &Library) -> Result<Arc<Model>, ApiError> {
        let train = async || {
            let library = library.clone();
            let model = spawn_blocking(move || Model::train(&library)).await;
            model.map_err(|error| ApiError::NoSession { reason: error.to_string() })?.map(Arc::new)
        };
        self.0.get_or_try_init(train).await.cloned()
    }
}

/// The trained model, and the generator that all its writing draws from.
pub(crate) struct Model {
    plan: Plan,
    params: Vec<f64>,
    tokenizer: Tokenizer,
    random: Mutex<Random>,
}

/// A name, and how it came about.
pub(crate) struct Written {
    pub(crate) result: String,
    /// One for each character after the prefix, and one for the BOS that ended it, if one did.
    pub(crate) draws: Vec<Draw>,
}

/// How one token was drawn.
pub(crate) struct Draw {
    /// What it was drawn by, in token order: the probabilities at the temperature asked for.
    pub(crate) weights: Vec<f64>,
    /// What came; none for BOS.
    pub(crate) char: Option<char>,
}

impl Model {
    fn train(library: &Library) -> Result<Self, ApiError> {
        let preset = Preset::Startups;
        let name = preset.corpus();
        let missing = || Refusal::of("corpus", format!("the corpus {name} is not there; add it to the library"));
        let corpus = library.get(name).ok_or_else(missing)?;
        let setup = Setup::new(preset.config(), &corpus).map_err(Refusal::from)?;
        let mut engine = Engine::new(EngineKind::Fused, setup);
        for _ in 0..preset.config().steps {
            engine.step();
        }
        let Setup { plan, params, tokenizer, random, .. } = engine.setup().clone();
        Ok(Self { plan, params, tokenizer, random: Mutex::new(random) })
    }

    pub(crate) fn tokenizer(&self) -> &Tokenizer {
        &self.tokenizer
    }

    /// The token of a character, if the model has ever seen it.
    pub(crate) fn token(&self, char: char) -> Option<TokenId> {
        self.tokenizer.chars().binary_search(&char).ok().map(|token| token as TokenId)
    }

    /// Writes some names that begin with `prefix`.
    ///
    /// # Errors
    /// If the prefix has unknown characters or is too long.
    pub(crate) async fn write(
        self: &Arc<Self>,
        prefix: String,
        sampling: Sampling,
        count: u32,
    ) -> Result<Vec<Written>, ApiError> {
        let model = self.clone();
        let written = spawn_blocking(move || model.write_now(&prefix, &sampling, count)).await;
        Ok(written.map_err(|error| ApiError::NoSession { reason: error.to_string() })??)
    }

    fn write_now(&self, prefix: &str, sampling: &Sampling, count: u32) -> Result<Vec<Written>, Refusal> {
        let prefix = self.tokenizer.encode(prefix)?;
        let mut random = self.random.lock().unwrap_or_else(PoisonError::into_inner);
        let mut witness = Witness::new(&self.plan, &self.params);
        let write = |_| {
            let tokens = sample(&mut witness, &mut random, sampling, self.tokenizer.bos(), &prefix)?;
            Ok(self.written(&tokens, prefix.len(), witness.logits.split_off(0), sampling))
        };
        Ok((0..count).map(write).collect::<Result<_, SamplingError>>()?)
    }

    /// `logits` has one entry for each token read: BOS, then those of the text, as far as they were read.
    fn written(&self, text: &[TokenId], prefix_len: usize, logits: Vec<Vec<f64>>, sampling: &Sampling) -> Written {
        let draw = |(position, logits): (usize, Vec<f64>)| {
            let mut weights = Vec::new();
            sampling.weights(&logits, &mut weights);
            Draw { weights, char: text.get(position).and_then(|&token| self.tokenizer.char(token)) }
        };
        Written {
            result: self.tokenizer.decode(text),
            draws: logits.into_iter().enumerate().skip(prefix_len).map(draw).collect(),
        }
    }
}

/// The lab's predictor, with everything it said since it last forgot.
struct Witness<P> {
    predictor: P,
    logits: Vec<Vec<f64>>,
}

impl<'m> Witness<glassgpt_lab::engine::EnginePredictor<'m>> {
    fn new(plan: &'m Plan, params: &'m [f64]) -> Self {
        Self { predictor: EngineKind::Fused.predictor(plan, params), logits: Vec::new() }
    }
}

impl<P: Predictor> Predictor for Witness<P> {
    fn block_size(&self) -> usize {
        self.predictor.block_size()
    }

    fn forget(&mut self) {
        self.logits.clear();
        self.predictor.forget();
    }

    fn read(&mut self, token: TokenId) -> &[f64] {
        let logits = self.predictor.read(token);
        self.logits.push(logits.to_vec());
        logits
    }
}
