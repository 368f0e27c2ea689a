//! What goes in and comes out of an experiment: commands, numbered events, and the snapshot that sums them up.
//!
//! Why plain data: the same types travel over WebSocket, HTTP and, later, to a worker in the browser. The page's
//! TypeScript types are generated from these. Numbers are finite and below 2^53, so that JSON keeps them exactly.

mod spec;
mod command;
mod event;
mod snapshot;
mod history;
mod catalog;
mod wire;

pub use catalog::{Catalog, CorpusEntry, Limits, PresetEntry, UsualEntry};
pub use command::Command;
pub use event::{Event, NumberedEvent};
pub use history::{AutomaticSamples, Branch, Change, HeldOutLoss, Line, Moment, Settings, StepDetail, StepRecord};
pub use snapshot::{Divergence, LiveSamples, Phase, Sample, Samples, Snapshot, Status, StepView};
pub use spec::{CorpusSource, Experiment, MatrixShape, Spec};
pub use wire::{ClientMessage, May, PROTOCOL, Refusal, ServerMessage};
