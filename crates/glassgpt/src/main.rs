//! `glassgpt`: a GPT made of glass, in the shell.
//!
//! Why a crate of its own: it is the only one that knows flags, the terminal, files, the network and exit codes. What
//! is computed is computed elsewhere; here it is asked for and shown.

mod cli;
mod args;
mod exit_codes;
mod interrupt;

mod corpora;
mod data_dir;
mod download;
mod files;

mod backend;
mod training;
mod sessions;
mod threads;
mod turbo_run;
mod progress;
mod models;
mod moments;
mod libm_check;

mod output;
mod table;
mod figures;
mod commands;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::Cli;
use crate::exit_codes::Exit;
use crate::output::{BAD, plain, talk};

/// For servers (feature `jemalloc`): jemalloc gives back what is freed. glibc's allocator kept 292 MiB of the 338 that 24 sessions had taken.
#[cfg(all(feature = "jemalloc", target_os = "linux", target_env = "gnu"))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let exit = interrupt::install().and_then(|()| cli.command.run());
    match exit {
        Ok(exit) => exit.into(),
        Err(error) => {
            let exit = Exit::of(&error);
            match exit {
                Exit::Success => {}
                Exit::Interrupted => talk("interrupted"),
                _ => talk(&format!("{BAD}error:{BAD:#} {}", shown(&sentence(&error)))),
            }
            exit.into()
        }
    }
}

/// The error and what it came from, in one line.
fn sentence(error: &anyhow::Error) -> String {
    let links: Vec<String> = error.chain().map(ToString::to_string).collect();
    let mut sentence = String::new();
    for link in links {
        if sentence.contains(&link) {
            continue; // some errors tell their source themselves
        }
        if !sentence.is_empty() {
            sentence += ": ";
        }
        sentence += &link;
    }
    sentence
}

/// What may stand on a terminal: names of files and texts in an error are the user's, and may hold anything.
fn shown(text: &str) -> String {
    text.lines().map(plain).collect::<Vec<_>>().join("\n")
}
