//! The browser stages: the real page in a real Chromium, handed out by the program and lying on a plain file host.
//!
//! Why all tests on the program and some on the files: the page and the lab in it are the same; what differs is where the engine runs,
//! what addresses look like, and who keeps the page.

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
    let host = Host::program(shell, &shell.glassgpt())?;
    let outcome = look(shell, shell.npm(["run", "e2e"]).env("GLASSGPT_HOST", "server"), host.url());
    shell.say(&format!("glassgpt lab said:\n{}", host.said()))?;
    outcome?;
    look(shell, shell.npm(["run", "e2e-server"]).env("GLASSGPT_PROGRAM", shell.glassgpt()), host.url())
}

/// Runs what differs there against the static site, some folders below the root of a file host.
pub(crate) fn with_files(shell: &Shell) -> Result<String> {
    site::build_for_tests(shell)?;
    let (_host, url) = site::serve(shell)?;
    look(shell, shell.npm(["run", "smoke"]).env("GLASSGPT_HOST", "files"), &url)
}

/// Measures the page in a browser, on both hosts, and asks Lighthouse about the static site. Figures go to a file.
pub(crate) fn figures(shell: &Shell, program: &Path, file: &Path) -> Result<()> {
    site::build_for_tests(shell)?;
    let (_host, url) = site::serve(shell)?;
    look(shell, shell.npm(["run", "lighthouse", "--"]).arg(&url).env("GLASSGPT_FIGURES", file), &url)?;
    look(shell, shell.npm(["run", "measure"]).env("GLASSGPT_HOST", "files").env("GLASSGPT_FIGURES", file), &url)?;
    let host = Host::program(shell, program)?;
    let measure = &mut shell.npm(["run", "measure"]);
    look(shell, measure.env("GLASSGPT_HOST", "server").env("GLASSGPT_FIGURES", file), host.url()).map(|_| ())
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
