//! What one soak does: how long, how many, and where the program is.
//!
//! Why JSON as the only argument: `cargo xtask soak` reads the flags, and hands on what it understood.

use std::path::PathBuf;

use anyhow::Context;
use serde::Deserialize;

/// What is to be done.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Plan {
    /// The release program.
    pub(crate) program: PathBuf,
    /// How long the crowd and the clients are measured.
    pub(crate) seconds: f64,
    /// Sessions that train at the same time.
    pub(crate) sessions: usize,
    /// Sockets on one session.
    pub(crate) clients: usize,
    /// How often the server is killed.
    pub(crate) kills: usize,
    /// Connections opened at once to do harm.
    pub(crate) strangers: usize,
    /// Print one JSON object instead of a table.
    pub(crate) json: bool,
    /// What the choices of sessions, moments and commands follow from.
    pub(crate) seed: u64,
}

impl Plan {
    /// Reads it from the command line.
    ///
    /// # Errors
    /// If it is not there or cannot be read.
    pub(crate) fn from_arguments() -> anyhow::Result<Self> {
        let text = std::env::args().nth(1).context("run it with `cargo xtask soak`, which says what to do")?;
        serde_json::from_str(&text).context("the plan cannot be read")
    }
}
