//! `cargo xtask soak`: load, many clients, kills and abuse on the real program, measured from outside.
//!
//! Why only a short one is a stage of the tests: a whole one takes minutes. Neither fails for a time or for memory: those are figures.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::json;

use crate::lab;
use crate::shell::Shell;

/// Connections that say nothing, or half of something.
const STRANGERS: u32 = 1000;

/// What is to be done.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// How long the crowd and the clients are measured.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=3600))]
    seconds: u32,
    /// Sessions that train at the same time.
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=250))]
    sessions: u32,
    /// Sockets on one session.
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u32).range(2..=512))]
    clients: u32,
    /// How often the server is killed.
    #[arg(long, default_value_t = 20)]
    kills: u32,
    /// What the choices of sessions, moments and commands follow from.
    #[arg(long, default_value_t = 1)]
    seed: u32,
    /// Print one JSON object instead of tables.
    #[arg(long)]
    json: bool,
}

impl Args {
    /// Enough of everything to find what is broken, in the time that a test may take.
    fn quick() -> Self {
        Self { seconds: 2, sessions: 24, clients: 40, kills: 3, seed: 1, json: false }
    }
}

/// Builds both programs, the one that is tried as servers run it, and lets one try the other.
pub(crate) fn run(shell: &Shell, args: &Args) -> Result<()> {
    lab::release(shell)?;
    try_program(shell, &shell.released(), args)
}

/// Lets `program` be tried.
fn try_program(shell: &Shell, program: &Path, args: &Args) -> Result<()> {
    shell.run(&mut soak(shell, &plan(program, args))?)
}

/// The program that tries another, built as the tests are.
fn soak(shell: &Shell, plan: &str) -> Result<Command> {
    shell.run(shell.cargo(["build", "--quiet", "--workspace", "--example", "soak"]).args(lab::FEATURES))?;
    let mut soak = shell.command(shell.example("soak"));
    soak.arg(plan);
    Ok(soak)
}

/// Tries the released program as [`run`] does, and gives the report.
pub(crate) fn report(shell: &Shell) -> Result<serde_json::Value> {
    let args = Args { seconds: 20, sessions: 200, clients: 500, kills: 20, seed: 1, json: true };
    let output = soak(shell, &plan(&shell.released(), &args))?.output()?;
    let failed = || format!("the soak printed no report: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).with_context(failed)
}

fn plan(program: &Path, args: &Args) -> String {
    json!({
        "program": program,
        "seconds": args.seconds,
        "sessions": args.sessions,
        "clients": args.clients,
        "kills": args.kills,
        "strangers": STRANGERS,
        "json": args.json,
        "seed": args.seed,
    })
    .to_string()
}

/// A short one, of the program that the tests share.
pub(crate) fn quick(shell: &Shell) -> Result<String> {
    lab::program(shell)?;
    try_program(shell, &shell.glassgpt(), &Args::quick())?;
    Ok(String::new())
}
