//! What an experiment is set up from, and what it comes to once it stands.
//!
//! Why both here: a spec is what somebody asks for, an experiment is what they got.

use glassgpt_core::{Config, Preset, TokenId};
use serde::{Deserialize, Serialize};

/// What to experiment on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Spec {
    /// The settings.
    pub config: Config,
    /// The training data.
    pub corpus: CorpusSource,
    /// Write some documents after every so many steps, to be kept; null means never. Every 100 if not given.
    #[serde(default = "Spec::usual_samples_every")]
    #[cfg_attr(feature = "ts", ts(optional = nullable))]
    pub samples_every: Option<u32>,
    /// Keep every n-th document of the corpus out of training, to measure the loss on; null, the default, means none.
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(optional = nullable))]
    pub held_out_every: Option<u32>,
}

impl Spec {
    /// These settings on that corpus, watched as usual, and nothing held out.
    #[must_use]
    pub fn new(config: Config, corpus: CorpusSource) -> Self {
        Self { config, corpus, samples_every: Self::usual_samples_every(), held_out_every: None }
    }

    fn usual_samples_every() -> Option<u32> {
        Some(100)
    }
}

/// Where the training data comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "from", rename_all = "lowercase", deny_unknown_fields)]
pub enum CorpusSource {
    /// A corpus that the program knows by name.
    Named {
        /// Its name.
        name: String,
    },
    /// The user's own text, one document a line.
    Text {
        /// What the user calls it.
        name: String,
        /// The text.
        text: String,
    },
}

impl CorpusSource {
    /// What it is called.
    #[must_use]
    pub fn name(&self) -> &str {
        let (Self::Named { name } | Self::Text { name, .. }) = self;
        name
    }
}

/// All about an experiment that training does not change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Experiment {
    /// The settings.
    pub config: Config,
    /// The preset these settings and this corpus are, if they are one.
    pub preset: Option<Preset>,
    /// The corpus's name.
    pub corpus: String,
    /// Documents in the corpus.
    pub num_docs: u32,
    /// Those of them that are held out of training.
    pub num_held_out: u32,
    /// Every so many documents one is held out; null means none.
    pub held_out_every: Option<u32>,
    /// Documents are written and kept after every so many steps; null means never.
    pub samples_every: Option<u32>,
    /// Different documents in it.
    pub num_unique: u32,
    /// The longest document, in characters.
    pub longest_doc: u32,
    /// Documents too long for the context, whose ends are never trained on.
    pub num_cut: u32,
    /// The tokens' labels: characters in code-point order, then `BOS`.
    pub vocab: Vec<String>,
    /// The number of BOS.
    #[cfg_attr(feature = "openapi", schema(value_type = u32))]
    pub bos: TokenId,
    /// Parameters in all.
    pub num_params: u32,
    /// The matrices they form, in order.
    pub matrices: Vec<MatrixShape>,
    /// The loss of guessing every token alike: ln V, in nats.
    pub uniform_loss: f64,
    /// The loss of guessing by how often each token comes in the training documents, in nats per token.
    pub unigram_loss: f64,
    /// The loss of guessing by how often each token comes after the one before it, in nats per token.
    pub bigram_loss: f64,
}

/// A matrix of parameters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MatrixShape {
    /// microgpt.py's name, such as `wte` or `layer0.attn_wq`.
    pub name: String,
    /// Rows.
    pub rows: u32,
    /// Columns.
    pub cols: u32,
}
