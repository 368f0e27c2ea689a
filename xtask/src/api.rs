//! Holds the program to what it says of its interface: schemathesis reads the description and asks what it allows and what it
//! does not, first one request at a time, then one after the other.
//!
//! Why with a seed: a failure can be seen again. Another seed finds other things: `st run` takes one.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::host::Host;
use crate::lab;
use crate::shell::Shell;
use crate::tools;

/// What is installed, to the last package.
const REQUIREMENTS: &str = "xtask/schemathesis/requirements.txt";
/// Requests to each operation and phase.
const EXAMPLES: &str = "15";
const SEED: &str = "1";

/// Asks the program.
pub(crate) fn run(shell: &Shell) -> Result<String> {
    lab::build(shell)?;
    let python = environment(shell)?;
    let host = Host::program(shell, &shell.glassgpt())?;
    let url = host.url().trim_end_matches('/');
    let folder = shell.root.join("xtask/schemathesis");
    let mut st = shell.command(python.with_file_name("st"));
    st.current_dir(shell.scratch()).env("PYTHONPATH", &folder).env("NO_PROXY", "127.0.0.1");
    st.arg("--config-file").arg(folder.join("config.toml"));
    st.args(["run", &format!("{url}/api/openapi.json"), "--url", url]);
    st.args(["--phases", "examples,coverage,fuzzing,stateful", "--max-examples", EXAMPLES, "--seed", SEED]);
    // A training in one request may take half a minute before it is refused.
    st.args(["--request-timeout", "35", "--generation-database", "none", "--continue-on-failure", "--no-color"]);
    shell.run(&mut st)?;
    cases(&shell.logged()).context("schemathesis does not say how many cases it tried")
}

/// A Python with schemathesis, made anew when what it should have changes.
fn environment(shell: &Shell) -> Result<PathBuf> {
    let folder = shell.scratch().join("schemathesis");
    let python = folder.join("bin/python");
    let (wanted, installed) = (shell.root.join(REQUIREMENTS), folder.join("requirements.txt"));
    if same(&wanted, &installed) && python.is_file() {
        return Ok(python);
    }
    let missing = "cannot make a Python environment for schemathesis: install Python's venv (Debian: apt-get install -y \
                   python3-venv) and run this again";
    shell.run(shell.command(tools::python(shell)?).args(["-m", "venv", "--clear"]).arg(&folder)).context(missing)?;
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "-r", REQUIREMENTS];
    shell.run(shell.command(&python).args(install)).context("schemathesis cannot be fetched from PyPI")?;
    if !folder.join("bin/st").is_file() {
        bail!("{REQUIREMENTS} brings no schemathesis");
    }
    fs::copy(wanted, installed)?;
    Ok(python)
}

fn same(a: &Path, b: &Path) -> bool {
    fs::read(a).ok().zip(fs::read(b).ok()).is_some_and(|(a, b)| a == b)
}

/// How many requests were tried, by schemathesis' summary.
fn cases(log: &str) -> Option<String> {
    let (before, _) = log.rsplit_once(" generated")?;
    let count = before.rsplit(char::is_whitespace).next()?;
    count.parse::<u32>().ok().map(|count| format!("{count} cases"))
}

#[cfg(test)]
mod tests {
    use super::cases;

    #[test]
    fn cases_are_counted() {
        assert_eq!(cases("Test cases:\n  6286 generated, 6286 passed\n").as_deref(), Some("6286 cases"));
        assert_eq!(cases("no such thing"), None);
    }
}
