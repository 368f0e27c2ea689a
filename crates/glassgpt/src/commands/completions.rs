//! `glassgpt completions`: what a shell needs to complete the flags.

use std::io::Write;

use clap::CommandFactory;
use clap_complete::Shell;

use crate::cli::Cli;
use crate::exit_codes::Exit;
use crate::output::stdout;

/// Print completions for a shell.
///
/// For bash: glassgpt completions bash > ~/.local/share/bash-completion/completions/glassgpt
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The shell.
    shell: Shell,
}

/// Prints them.
pub(crate) fn run(args: &Args) -> anyhow::Result<Exit> {
    let mut script = Vec::new(); // the generator does not survive a closed pipe
    clap_complete::generate(args.shell, &mut Cli::command(), "glassgpt", &mut script);
    stdout().write_all(&script)?;
    Ok(Exit::Success)
}
