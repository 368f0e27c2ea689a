//! The browser stages: the real page in a real Chromium, handed out by the program and lying on a plain file host.
//!
//! Why both with the same tests: where the engine runs must make no difference that anyone can see.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::host::Host;
use crate::shell::Shell;
use crate::{lab, page, site, tools};

/// Runs the browser tests against `glassgpt lab`.
pub(crate) fn with_program(shell: &Shell) -> Result<String> {
    page::install(shell)?;
    lab::build(shell)?;
    let host = Host::program(shell)?;
    let outcome = look(shell, shell.npm(["run", "e2e"]).env("GLASSGPT_HOST", "server"), host.url());
    shell.say(&format!("glassgpt lab said:\n{}", host.said()))?;
    outcome?;
    look(shell, shell.npm(["run", "e2e-server"]).env("GLASSGPT_PROGRAM", shell.glassgpt()), host.url())
}

/// Runs the same tests against the static site, some folders below the root of a file host.
pub(crate) fn with_files(shell: &Shell) -> Result<String> {
    site::build_for_tests(shell)?;
    let (_host, url) = site::serve(shell)?;
    look(shell, shell.npm(["run", "e2e"]).env("GLASSGPT_HOST", "files"), &url)
}

/// Asks Lighthouse about the static site.
pub(crate) fn lighthouse(shell: &Shell) -> Result<String> {
    site::build_for_tests(shell)?;
    let (_host, url) = site::serve(shell)?;
    look(shell, shell.npm(["run", "lighthouse", "--"]).arg(&url), &url)
}

/// Takes pictures of every page into `folder`.
pub(crate) fn shots(shell: &Shell, folder: &Path) -> Result<()> {
    site::build_for_tests(shell)?;
    let (_host, url) = site::serve(shell)?;
    look(shell, shell.npm(["run", "shots"]).env("GLASSGPT_SHOTS", folder).env("GLASSGPT_HOST", "files"), &url)?;
    shell.say(&format!("the pictures are in {}", folder.display()))
}

fn look(shell: &Shell, command: &mut Command, url: &str) -> Result<String> {
    let chromium = tools::chromium(shell)?;
    shell.run(command.env("GLASSGPT_URL", url).env("CHROMIUM", &chromium)).map(|()| String::new())
}
