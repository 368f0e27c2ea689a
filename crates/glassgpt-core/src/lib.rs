//! The complete microGPT algorithm, readable from top to bottom, and exact.
//!
//! Why this crate: it is the text that everything else in glassgpt explains, shows and is tested against. It computes
//! what Andrej Karpathy's `microgpt.py` computes, to the last bit, because it does the same operations in the same order
//! (<https://gist.github.com/karpathy/8627fe009c40f57531cb18360106ce95>). It is never optimised; `glassgpt-fused` is.
//! No files, clocks, threads or environment: what it needs is passed in. A `§` in a comment names the concept that the lines
//! below it, or the line before it, are about; the page's explanations hang on these marks.
//!
//! The modules in reading order:
//! data ([`corpus`], [`corpora`], [`tokenizer`], [`encoded`]), settings ([`config`], [`layout`]), chance ([`random`], [`fmath`]),
//! autograd ([`value`]), the GPT ([`model`]), learning ([`adam`], [`setup`], [`trainer`]), writing ([`sampling`]).
//!
//! # Example
//! ```
//! use glassgpt_core::{Config, Corpus, Preset, Setup, Trainer};
//!
//! let corpus = Corpus::parse("emma\n")?;
//! let config = Config { steps: 10, ..Preset::Blog.config() };
//! let mut trainer = Trainer::new(Setup::new(config, &corpus)?);
//! let losses: Vec<f64> = (0..10).map(|_| trainer.step().loss).collect();
//! assert!(losses[9] < losses[0]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

pub mod corpus;
pub mod corpora;
pub mod tokenizer;
pub mod encoded;

pub mod config;
pub mod layout;

pub mod random;
pub mod fmath;

pub mod value;
pub mod model;
pub mod adam;
pub mod setup;
pub mod trainer;
pub mod sampling;
pub mod golden;
pub mod sources;

pub use adam::{Adam, AdamStep, learning_rate};
pub use config::{Activation, Config, ConfigError, Plan, Preset, Schedule};
pub use corpus::{Corpus, CorpusError};
pub use encoded::Encoded;
pub use layout::{LayerLayout, Layout, Matrix};
pub use model::{KvCache, Model};
pub use random::Random;
pub use sampling::{Predictor, Sampling, SamplingError, sample};
pub use setup::{Documents, Setup};
pub use tokenizer::{TokenId, Tokenizer, UnknownCharacters};
pub use trainer::{ScalarPredictor, Trainer};
pub use value::{Op, Tape, Value};
