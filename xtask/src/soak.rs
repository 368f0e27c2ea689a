//! `cargo xtask soak`: load, many clients, kills and abuse on the real program, measured from outside.
//!
//! Why only a short one is a stage of the tests: a whole one takes minutes, and what it says of times holds only on a machine
//! with nothing else to do.

use anyhow::Result;
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
    /// Say what times it takes, but do not fail for them: for a machine that has other things to do.
    #[arg(long)]
    any_speed: bool,
    /// Print one JSON object instead of tables.
    #[arg(long)]
    json: bool,
}

impl Args {
    /// Enough of everything to find what is broken, in the time that a test may take.
    fn quick() -> Self {
        Self { seconds: 2, sessions: 24, clients: 40, kills: 3, seed: 1, any_speed: true, json: false }
    }
}

/// Builds both programs and lets one try the other.
pub(crate) fn run(shell: &Shell, args: &Args) -> Result<()> {
    lab::build(shell)?;
    let plan = json!({
        "program": shell.glassgpt(),
        "seconds": args.seconds,
        "sessions": args.sessions,
        "clients": args.clients,
        "kills": args.kills,
        "strangers": STRANGERS,
        "judge_times": !args.any_speed,
        "json": args.json,
        "seed": args.seed,
    });
    // Of the whole workspace, as the tests compile it: for one crate alone, libraries would be compiled anew with less in them.
    shell.run(&mut shell.cargo(["build", "--quiet", "--workspace", "--example", "soak"]))?;
    shell.run(shell.command(shell.example("soak")).arg(plan.to_string()))
}

/// A short one, which judges what is done and not how fast.
pub(crate) fn quick(shell: &Shell) -> Result<String> {
    run(shell, &Args::quick())?;
    Ok(String::new())
}
