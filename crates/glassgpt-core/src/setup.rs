//! Everything that happens before the first step: seed, shuffle, tokenize, draw the weights.
//!
//! Why here: both engines start from the same [`Setup`], so they start from the same bits.

// § imports
use std::sync::Arc;

use crate::{Config, ConfigError, Corpus, Encoded, Plan, Random, TokenId, Tokenizer};

// § setup
/// An experiment ready to run.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The checked settings.
    pub plan: Plan,
    /// The vocabulary.
    pub tokenizer: Tokenizer,
    /// The documents, shuffled, each with BOS at both ends. Step `s` trains on number `s` modulo their count.
    pub documents: Documents,
    /// The initial parameters.
    pub params: Vec<f64>,
    /// The generator, after the shuffle and the weights: what sampling draws from next.
    pub random: Random,
}

impl Setup {
    /// Checks the settings and prepares the run.
    ///
    /// # Errors
    /// The first setting that is out of bounds.
    pub fn new(config: Config, corpus: &Corpus) -> Result<Self, ConfigError> {
        let tokenizer = Tokenizer::new(corpus);
        let encoded = Arc::new(Encoded::new(corpus, &tokenizer));
        Self::of_encoded(config, tokenizer, encoded)
    }

    /// The same with documents that are tokens already. The vocabulary may know more characters than they have: of a larger
    /// corpus, a part of which is held out of training.
    ///
    /// # Errors
    /// The first setting that is out of bounds.
    pub fn of_encoded(config: Config, tokenizer: Tokenizer, encoded: Arc<Encoded>) -> Result<Self, ConfigError> {
        let plan = Plan::new(config, tokenizer.vocab_size())?;
        let mut random = Random::new(plan.config().seed); // § seed
        // § shuffle
        let mut order: Vec<u32> = (0..encoded.len() as u32).collect();
        random.shuffle(&mut order);
        // § setup
        let documents = Documents { order: order.into(), encoded };
        let params = draw_params(&plan, &mut random);
        Ok(Self { plan, tokenizer, documents, params, random })
    }
}

// § pick-document
/// Tokenized documents in training order. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Documents {
    order: Arc<[u32]>,
    encoded: Arc<Encoded>,
}

impl Documents {
    /// How many there are; at least one.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a corpus is never empty")]
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// The tokens that step `step` trains on, step 0 the first.
    #[must_use]
    pub fn of_step(&self, step: u32) -> &[TokenId] {
        self.encoded.document(self.index_in_corpus(step))
    }

    /// Where in the corpus the document of step `step` stands, from 0.
    #[must_use]
    pub fn index_in_corpus(&self, step: u32) -> usize {
        self.order[step as usize % self.len()] as usize
    }

    // § accessors
    /// The longest document, in tokens, both BOS included.
    #[must_use]
    pub fn longest(&self) -> usize {
        self.encoded.documents().map(<[TokenId]>::len).max().unwrap_or(0)
    }
}

// § init
/// Draws every parameter from a normal distribution, matrix by matrix, row by row.
fn draw_params(plan: &Plan, random: &mut Random) -> Vec<f64> {
    let config = plan.config();
    let mut params = Vec::with_capacity(plan.layout().n_params);
    for matrix in plan.layout().matrices() {
        // § zero-init
        let zeroed = config.zero_init && (matrix.name.ends_with("attn_wo") || matrix.name.ends_with("mlp_fc2"));
        let std = if zeroed { 0.0 } else { config.init_std };
        // § init
        params.extend(matrix.range().map(|_| random.gauss(0.0, std)));
    }
    params
}
