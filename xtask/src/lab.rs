//! `cargo xtask lab`: from a fresh clone to an open lab.
//!
//! Why not a release: that takes the optimizer minutes, and the engines, which need it, are optimized here as well.

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::{Result, anyhow};

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

/// What the tests ask of the workspace's crates beyond their defaults. Every build of the program and every check names it, so that
/// all of them share what was compiled.
pub(crate) const FEATURES: [&str; 2] = ["--features", "glassgpt-lab/ts"];

/// Builds the page, if it is out of date, and the program.
///
/// Why at the same time: npm mostly waits for the network, and neither needs the other, for a program that is not a release reads the
/// page when it is asked for it.
pub(crate) fn build(shell: &Shell) -> Result<()> {
    std::thread::scope(|scope| {
        let page = scope.spawn(|| page::build_if_stale(shell));
        program(shell)?;
        page.join().map_err(|_| anyhow!("building the page panicked"))?
    })
}

/// Builds the program as the tests compile it: the engines optimized, the rest quickly.
///
/// Why the folder first: the program looks where the page was when it was compiled, and does not find one that came later.
pub(crate) fn program(shell: &Shell) -> Result<()> {
    std::fs::create_dir_all(shell.root.join("web/dist"))?;
    shell.run(shell.cargo(["build", "--workspace", "--bin", "glassgpt"]).args(FEATURES))
}

/// Builds the program as servers run it, the page inside.
pub(crate) fn release(shell: &Shell) -> Result<()> {
    tools::make(shell)?;
    page::build_if_stale(shell)?;
    shell.run(&mut shell.cargo(["build", "--release", "-p", "glassgpt", "--features", "jemalloc"]))
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
