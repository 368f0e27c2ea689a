//! What must hold for any bytes that reach a parser or a session: functions that a fuzzer calls millions of times.
//!
//! Why a crate of the workspace: the fuzzer needs a nightly compiler and a program of its own, in fuzz/. The functions need
//! neither, so `cargo test` runs every seed through them, and they cannot rot.
//!
//! Each function returns for any input within bounded time; a broken promise is a panic, which a fuzzer reports with its input.

mod small;
mod again;
mod command;
mod corpus;
mod model;
mod address;
mod expression;

pub use address::address;
pub use command::command;
pub use corpus::corpus;
pub use expression::expression;
pub use model::model;

/// A function to call with any bytes.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// What it goes by: the name of its program in fuzz/fuzz_targets/ and of its seeds' folder in fuzz/seeds/.
    pub name: &'static str,
    /// The function.
    pub run: fn(&[u8]),
}

/// All of them.
pub const TARGETS: [Target; 5] = [
    Target { name: "command", run: command },
    Target { name: "corpus", run: corpus },
    Target { name: "model", run: model },
    Target { name: "address", run: address },
    Target { name: "expression", run: expression },
];
