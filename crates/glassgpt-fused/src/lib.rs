//! The fast engine: what `glassgpt-core` computes, in the same order, on plain arrays and without a graph.
//!
//! Why it may be trusted: it exists only beside tests that compare it with the scalar engine bit for bit, over random
//! shapes, settings and corpora. Everything in glassgpt runs on it. Nothing is allocated during a step.
//!
//! Reading order: [`shape`] names the sizes, [`activations`] is what one document leaves behind, [`forward`] fills it,
//! [`backward`] reads it back to front, [`ops`] holds the few loops both are made of, [`Trainer`] and
//! [`FusedPredictor`] are what others use.
//!
//! # Example
//! ```
//! use glassgpt_core::{Config, Corpus, Preset, Setup};
//!
//! let corpus = Corpus::parse("emma\nolivia\nava\n")?;
//! let mut trainer = glassgpt_fused::Trainer::new(Setup::new(Preset::Blog.config(), &corpus)?);
//! let mut reference = glassgpt_core::Trainer::new(Setup::new(Preset::Blog.config(), &corpus)?);
//! assert_eq!(trainer.step().to_bits(), reference.step().loss.to_bits());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod activations;
pub mod backward;
pub mod forward;
pub mod ops;
mod predictor;
pub mod shape;
mod trainer;

pub use activations::Activations;
pub use predictor::FusedPredictor;
pub use trainer::Trainer;
