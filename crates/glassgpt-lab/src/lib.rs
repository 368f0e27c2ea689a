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
//! let mut session = Session::new(&Spec::new(preset.config(), corpus), Library::embedded())?;
//! session.apply(Command::Run { steps: Some(100), pace: None })?;
//! while session.status().phase == Phase::Running {
//!     session.advance(10);
//! }
//! let losses: Vec<f64> = session.snapshot().records.iter().map(|record| record.smoothed_loss).collect();
//! assert!(losses[99] < losses[0]);
//! # Ok::<(), glassgpt_lab::protocol::Refusal>(())
//! ```

// What goes in and out.
pub mod protocol;
mod library;
mod tokenized;
mod limits;
mod refusal;
pub mod wire_json;
pub mod wire_number;
mod wire_rows;
mod strict;
#[cfg(feature = "openapi")]
mod openapi;

// The experiment and its history.
mod session;
pub mod journal;
mod history;
mod view;
mod smoothing;
mod baselines;
mod held_out;
pub mod compare;
pub mod engine;
pub mod retrain;
pub mod pacer;

// Looking without touching.
pub mod question;
pub mod statistics;
pub mod course;
pub mod spread;
pub mod embedding_map;
pub mod score;
pub mod draw;
pub mod writing;

// Every number: its address, the tape it lies on, what can be said of it.
pub mod address;
pub mod scene;
pub mod selection;
pub mod glass;
pub mod reading;
pub mod non_finite;
pub mod graph;
pub mod stepper;
pub mod expression;
pub mod explain;
pub mod source;
pub mod why;

// What if: the model with something changed.
pub mod intervention;
pub mod lens;

// On paper.
mod base64;
mod heading;
pub mod model_file;
pub mod recipe;
pub mod trace;
pub mod loss_csv;
pub mod tensors;
pub mod fingerprint;
pub mod verify;

pub use address::Address;
pub use glass::Glass;
pub use library::Library;
pub use limits::{LIMITS, whole_bounds};
pub use question::{Answer, Place, Question};
pub use reading::{Reader, Reading};
pub use scene::Scene;
pub use session::{Origin, Session};
pub use smoothing::SmoothedLoss;
