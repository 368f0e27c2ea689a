//! Something that serves the page while a command looks at it: the real program, or a plain file host.
//!
//! Why a guarded value: whatever happens to the command, the server is ended, by its own process id.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::shell::Shell;
use crate::tools;

/// How long a server may take to print its address.
const START: Duration = Duration::from_secs(60);

/// A running server.
pub(crate) struct Host {
    process: Child,
    /// What it prints.
    log: PathBuf,
    url: String,
}

impl Host {
    /// `glassgpt lab` on a free port, with no sessions of before.
    pub(crate) fn program(shell: &Shell, program: &Path) -> Result<Self> {
        let mut command = shell.command(program);
        command.args(["lab", "--no-open", "--port", "0", "--store", ":memory:"]);
        // The test meets an empty lab, and leaves the user's own as it was.
        command.env("XDG_DATA_HOME", empty_folder(&shell.scratch().join("browser-data"))?);
        Self::start(shell, command, "glassgpt lab")
    }

    /// Python's own file server on a free port: the plainest host there is.
    pub(crate) fn files(shell: &Shell, folder: &Path) -> Result<Self> {
        let mut command = shell.command(tools::python(shell)?);
        command.args(["-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory"]).arg(folder);
        Self::start(shell, command, "python -m http.server")
    }

    /// Where it is.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// What it has printed.
    pub(crate) fn said(&self) -> String {
        said(&self.log)
    }

    fn start(shell: &Shell, mut command: Command, name: &str) -> Result<Self> {
        let log = shell.scratch().join("host.log");
        let output = File::create(&log)?;
        command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
        let process = command.spawn().with_context(|| format!("cannot start {name}"))?;
        let mut host = Self { process, log, url: String::new() };
        host.url = host.wait_for_address(name)?;
        Ok(host)
    }

    fn wait_for_address(&mut self, name: &str) -> Result<String> {
        let began = Instant::now();
        while began.elapsed() < START {
            if let Some(url) = address(&self.said()) {
                return Ok(url);
            }
            if let Some(status) = self.process.try_wait()? {
                bail!("{name} ended ({status}) before it printed http://127.0.0.1:PORT/: {}", self.said());
            }
            thread::sleep(Duration::from_millis(50));
        }
        bail!("{name} printed no http://127.0.0.1:PORT/ within {} s", START.as_secs())
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        // Both fail only if the server has ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn said(log: &Path) -> String {
    String::from_utf8_lossy(&fs::read(log).unwrap_or_default()).into_owned()
}

/// A folder with nothing in it, made anew.
pub(crate) fn empty_folder(folder: &Path) -> Result<&Path> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    Ok(folder)
}

/// The first `http://127.0.0.1:PORT/` in a text. The port must have ended, for the text may still be growing.
fn address(text: &str) -> Option<String> {
    const HOST: &str = "http://127.0.0.1:";
    let rest = &text[text.find(HOST)? + HOST.len()..];
    let port = &rest[..rest.find(|c: char| !c.is_ascii_digit())?];
    (!port.is_empty()).then(|| format!("{HOST}{port}/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_found_in_talk() {
        let url = Some("http://127.0.0.1:40123/".to_string());
        assert_eq!(address("Hello.\nThe lab is open at http://127.0.0.1:40123/ (Ctrl-C ends it)\n"), url);
        assert_eq!(address("Serving HTTP on 127.0.0.1 port 40123 (http://127.0.0.1:40123/) ...\n"), url);
        assert_eq!(address("\u{1b}[1mhttp://127.0.0.1:40123\u{1b}[0m"), url);
        assert_eq!(address("http://127.0.0.1:401"), None);
        assert_eq!(address("listening on 127.0.0.1:40123\n"), None);
        assert_eq!(address("http://127.0.0.1:/\n"), None);
    }
}
