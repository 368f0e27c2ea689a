//! The one door for build logic: `cargo xtask lab` sets up and opens the lab, `cargo xtask test` checks everything.
//!
//! Why a program and no scripts: it runs wherever Rust does, and what a continuous integration machine does is what
//! anyone can do at home with the same command.

mod shell;
mod tools;
mod page;
mod wasm;
mod source;
mod lab;
mod test;
mod stages;
mod changed;
mod host;
mod site;
mod soak;
mod measure;
mod api;
mod browser;
mod fuzz;
mod tidy;

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::Result;
use clap::builder::PossibleValuesParser;
use clap::{Parser, Subcommand};

use shell::Shell;

/// Build logic of glassgpt.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Set up what is missing, build page and program, and open the lab
    Lab {
        /// Passed on to `glassgpt lab`, such as `--port 8000 --no-open`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<OsString>,
    },
    /// Check everything, stage by stage, and stop at the first failure
    Test {
        /// Only this stage; may be given more than once
        #[arg(long, value_name = "STAGE", value_parser = PossibleValuesParser::new(stages::names()))]
        only: Vec<String>,
        /// Only the stages that a change since `--base` can have broken; all if that cannot be said
        #[arg(long, conflicts_with = "only")]
        changed: bool,
        /// What a change is measured against: a commit, a branch or a tag
        #[arg(long, value_name = "COMMIT", default_value = "HEAD", requires = "changed")]
        base: String,
        /// Print the stages and what each one does
        #[arg(long, conflicts_with = "only")]
        list: bool,
    },
    /// Build the static site, for any file host, into dist/
    Site,
    /// Load the real program with sessions, clients, kills and abuse, and say what it bore (minutes)
    Soak(soak::Args),
    /// Measure frames, drags, first paint, the server under load and the engine; print and record the figures (minutes)
    Measure(measure::Args),
    /// Take pictures of every page in three widths and two themes into shots/, to look at
    Shots,
    /// Check what no compiler checks: module docs, the crate graph, where unsafe may stand, leftovers, file lengths
    Tidy,
    /// Give the parsers and a session inputs by chance, and stop at the first that breaks a promise
    Fuzz {
        /// Only this target, the name of a program in fuzz/fuzz_targets/; all of them, one after the other, if none is given
        target: Option<String>,
        /// How long each target runs
        #[arg(long, value_name = "N", default_value_t = 600, value_parser = clap::value_parser!(u32).range(1..))]
        seconds: u32,
    },
    /// Write web/src/lib/protocol/types.ts anew from the Rust types
    Types,
    /// Build the lab for the browser in web/wasm/, if it is out of date
    Wasm,
    /// Write the sources as the page shows them into web/source/, if they are out of date
    Source,
    /// Write the golden vectors anew with Python (minutes)
    Vectors {
        /// Only these files, such as random.txt
        files: Vec<OsString>,
    },
}

fn main() -> ExitCode {
    match run(Cli::parse().task) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<ExitCode> {
    let shell = Shell::new()?;
    match task {
        Task::Lab { args } => return lab::run(&shell, &args),
        Task::Test { list: true, .. } => stages::list(),
        Task::Test { changed: true, base, .. } => {
            let Some(stages) = changed::stages(&shell, &base)? else { return test::run(&shell, &[]) };
            if stages.is_empty() {
                println!("nothing that differs from {base} is checked by a stage");
                return Ok(ExitCode::SUCCESS);
            }
            return test::run(&shell, &stages.into_iter().map(String::from).collect::<Vec<_>>());
        }
        Task::Test { only, .. } => return test::run(&shell, &only),
        Task::Site => {
            let dist = shell.root.join("dist");
            site::build(&shell, &dist)?;
            println!("the site is in {}; try it: python3 -m http.server --directory dist", dist.display());
        }
        Task::Soak(args) => soak::run(&shell, &args)?,
        Task::Measure(args) => measure::run(&shell, &args)?,
        Task::Shots => browser::shots(&shell, &shell.root.join("shots"))?,
        Task::Tidy => println!("{}", tidy::run(&shell)?),
        Task::Fuzz { target, seconds } => fuzz::run(&shell, target.as_deref(), seconds)?,
        Task::Types => shell.run(
            shell.cargo(["test", "-p", "glassgpt-lab", "--test", "typescript", "--quiet"]).env("UPDATE_TYPES", "1"),
        )?,
        Task::Wasm => wasm::build(&shell)?,
        Task::Source => page::install(&shell).and_then(|()| source::build(&shell))?,
        Task::Vectors { files } => {
            let python = tools::python(&shell)?;
            shell.run(shell.command(python).arg("reference/vectors.py").args(files))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
