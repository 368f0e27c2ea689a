//! The static site: the page with the engine inside, for any file host.
//!
//! Why apart from the page that the program embeds: here nobody is there to be asked, so the page is built not to ask.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::host::{Host, empty_folder};
use crate::page;
use crate::shell::Shell;

/// Folders below the root of the file host that tests use: the site must work from any path.
const SOMEWHERE: &str = "some/where";

/// Builds the site into a folder.
pub(crate) fn build(shell: &Shell, folder: &Path) -> Result<()> {
    page::prepare(shell)?;
    shell.run(shell.npm(["run", "site", "--", "--outDir"]).arg(folder))
}

/// Builds it where [`serve`] finds it.
pub(crate) fn build_for_tests(shell: &Shell) -> Result<()> {
    build(shell, &www(shell).join(SOMEWHERE))
}

/// Serves what was built. The URL is that of the site.
pub(crate) fn serve(shell: &Shell) -> Result<(Host, String)> {
    let host = Host::files(shell, &www(shell))?;
    let url = format!("{}{SOMEWHERE}/", host.url());
    Ok((host, url))
}

/// Builds the site and weighs it.
pub(crate) fn weigh(shell: &Shell) -> Result<String> {
    empty_folder(&www(shell))?;
    build_for_tests(shell)?;
    shell.run(shell.npm(["run", "budgets", "--"]).arg(www(shell).join(SOMEWHERE))).map(|()| String::new())
}

fn www(shell: &Shell) -> PathBuf {
    shell.scratch().join("www")
}
