//! The fast engine: what `glassgpt-core` computes, in the same order, without a graph, many numbers at once.
//!
//! Why it may be trusted: it exists only beside tests that compare it with the scalar engine bit for bit, over random
//! shapes, settings and corpora, on every backend. Everything in glassgpt runs on it. A [`Trainer`] allocates nothing during a step.
//!
//! Reading order: [`shape`] names the sizes; [`arch`] has the vectors and all unsafe code; `kernels` the loops over them;
//! `pass` puts them together, forward and back; `work` holds the numbers; [`Trainer`] is what others use. [`BatchTrainer`],
//! [`Evaluator`], [`Streams`] and [`Turbo`] are other users of the same kernels; `filter` tests the C library at start. One token at a
//! time, for writing, is simpler: [`forward`] and [`ops`] are plain loops, [`Activations`] the KV cache they fill,
//! [`FusedPredictor`] their user.
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

#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

pub mod activations;
pub mod arch;
mod backend;
mod batch;
mod evaluator;
mod filter;
pub mod forward;
mod kernels;
mod machine;
pub mod ops;
mod pass;
mod predictor;
#[doc(hidden)]
pub mod proof;
pub mod shape;
mod site;
mod streams;
mod turbo;
mod trainer;
mod work;

pub use activations::Activations;
pub use backend::Backend;
pub use batch::{Alone, BatchTrainer, Crew, Job};
pub use evaluator::Evaluator;
pub use filter::{Function, libm_matches, libm_mismatch};
pub use predictor::FusedPredictor;
pub use site::Site;
pub use streams::{STREAMS, Streams};
pub use trainer::Trainer;
pub use turbo::Turbo;
