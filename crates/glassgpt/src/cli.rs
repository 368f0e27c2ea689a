//! The commands and their order in `--help`.
//!
//! Why apart: the parser is also what completions and help are made from.

use clap::{Parser, Subcommand};

use crate::commands;
use crate::exit_codes::{Exit, Table};

/// A GPT made of glass: train a tiny GPT in the blink of an eye, and look at every number it computes.
#[derive(Debug, Parser)]
#[command(name = "glassgpt", version, max_term_width = 100, after_help = Table.to_string(), after_long_help = Table.to_string())]
#[command(arg_required_else_help = true, subcommand_required = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Train(commands::train::Args),
    Generate(commands::generate::Args),
    Explain(commands::explain::Args),
    Read(commands::read::Args),
    Why(commands::why::Args),
    Export(commands::export::Args),
    Replay(commands::replay::Args),
    Verify(commands::verify::Args),
    Bench(commands::bench::Args),
    Graph(commands::graph::Args),
    Data(commands::data::Args),
    Lab(commands::lab::Args),
    Info(commands::info::Args),
    Completions(commands::completions::Args),
}

impl Command {
    /// Does it.
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        match self {
            Command::Train(args) => commands::train::run(&args),
            Command::Generate(args) => commands::generate::run(&args),
            Command::Explain(args) => commands::explain::run(&args),
            Command::Read(args) => commands::read::run(&args),
            Command::Why(args) => commands::why::run(&args),
            Command::Export(args) => commands::export::run(&args),
            Command::Replay(args) => commands::replay::run(&args),
            Command::Verify(args) => commands::verify::run(&args),
            Command::Bench(args) => commands::bench::run(&args),
            Command::Graph(args) => commands::graph::run(&args),
            Command::Data(args) => commands::data::run(&args),
            Command::Lab(args) => commands::lab::run(&args),
            Command::Info(args) => commands::info::run(&args),
            Command::Completions(args) => commands::completions::run(&args),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_flags_do_not_contradict_each_other() {
        Cli::command().debug_assert();
    }
}
