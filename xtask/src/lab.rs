//! `cargo xtask lab`: from a fresh clone to an open lab.
//!
//! Why the page first: the program embeds it when it is compiled.

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::Result;

use crate::shell::Shell;
use crate::{page, tools};

/// Sets up, builds, and becomes `glassgpt lab`.
pub(crate) fn run(shell: &Shell, args: &[OsString]) -> Result<ExitCode> {
    build(shell)?;
    let mut command = shell.command(shell.glassgpt());
    command.arg("lab").args(args);
    if let Ok(here) = std::env::current_dir() {
        command.current_dir(here); // paths among the arguments are relative to where the user is
    }
    become_command(command)
}

/// Builds the page, if it is out of date, and the program.
pub(crate) fn build(shell: &Shell) -> Result<()> {
    tools::make(shell)?;
    page::build_if_stale(shell)?;
    shell.run(&mut shell.cargo(["build", "--release", "-p", "glassgpt"]))
}

/// Takes this process's place, so that signals and the exit code are the program's own.
#[cfg(unix)]
fn become_command(mut command: std::process::Command) -> Result<ExitCode> {
    use std::os::unix::process::CommandExt;
    let error = command.exec();
    Err(anyhow::Error::new(error).context(format!("cannot start {}", command.get_program().display())))
}

#[cfg(not(unix))]
fn become_command(mut command: std::process::Command) -> Result<ExitCode> {
    let code = command.status()?.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}
