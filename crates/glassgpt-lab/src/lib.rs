//! An experiment: commands in, numbered events out, and a snapshot that sums them up.
//!
//! Why apart from server and page: a [`Session`] is a function of its settings, its corpus and its commands. It has no
//! files, clock or threads, so it runs the same in a server, in a test and in a browser.
//!
//! # Example
//! ```
//! use glassgpt_core::Preset;
//! use glassgpt_lab::protocol::{Command, CorpusSource, Phase, Spec};
//! use glassgpt_lab::{Library, Session};
//!
//! let preset = Preset::Blog;
//! let corpus = CorpusSource::Named { name: preset.corpus().into() };
//! let mut session = Session::new(&Spec { config: preset.config(), corpus }, Library::embedded())?;
//! session.apply(Command::Run { steps: Some(100), pace: None })?;
//! while session.status().phase == Phase::Running {
//!     session.advance(10);
//! }
//! let losses: Vec<f64> = session.snapshot().records.iter().map(|record| record.smoothed_loss).collect();
//! assert!(losses[99] < losses[0]);
//! # Ok::<(), glassgpt_lab::protocol::Refusal>(())
//! ```

pub mod address;
pub mod engine;
pub mod explain;
pub mod expression;
pub mod fingerprint;
pub mod glass;
pub mod graph;
pub mod intervention;
pub mod lens;
pub mod model_file;
pub mod moment;
pub mod non_finite;
pub mod protocol;
pub mod reading;
pub mod retrain;
pub mod selection;
pub mod stepper;
pub mod verify;
pub mod wire_number;

mod library;
mod limits;
mod refusal;
mod session;
mod smoothing;
mod view;
mod wire_rows;

pub use address::Address;
pub use glass::Glass;
pub use library::Library;
pub use limits::LIMITS;
pub use moment::Moment;
pub use reading::{Reader, Reading};
pub use session::Session;
pub use smoothing::SmoothedLoss;
