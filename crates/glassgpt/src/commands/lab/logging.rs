//! What the lab says about its work, on standard error: for people on a terminal, or as JSON for machines.
//!
//! Why little by default: a learner looks at the page, not at the terminal. Requests are told at `debug`; addresses of
//! visitors, texts and tokens never are.

use std::io::IsTerminal;

use clap::ValueEnum;
use tracing::Level;

/// What the user says about it.
#[derive(Debug, clap::Args)]
pub(super) struct Logging {
    /// How the lab tells what it does, on standard error.
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Human)]
    log: Format,
    /// How much of it: info tells of sessions, debug of every request.
    #[arg(long, value_enum, value_name = "LEVEL", default_value_t = Detail::Warn)]
    log_level: Detail,
}

/// For whom.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// A line of words.
    Human,
    /// A JSON object a line.
    Json,
}

/// How much.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Detail {
    /// What failed.
    Error,
    /// And what is odd.
    Warn,
    /// And sessions that come and go.
    Info,
    /// And every request.
    Debug,
}

impl Logging {
    /// From here on it is told.
    pub(super) fn start(&self) {
        let level = match self.log_level {
            Detail::Error => Level::ERROR,
            Detail::Warn => Level::WARN,
            Detail::Info => Level::INFO,
            Detail::Debug => Level::DEBUG,
        };
        let told = tracing_subscriber::fmt().with_max_level(level).with_target(false).with_writer(std::io::stderr);
        let told = told.with_ansi(std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none());
        match self.log {
            Format::Human => told.compact().init(),
            Format::Json => told.json().flatten_event(true).with_span_list(false).init(),
        }
    }
}
