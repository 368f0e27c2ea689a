//! The browser stage: the real program, the real page, a real Chromium.
//!
//! Why the server is a guarded value: whatever happens to the test, the server is ended, by its own process id.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::shell::Shell;
use crate::{lab, page, tools};

/// How long the program may take to print its address.
const START: Duration = Duration::from_secs(60);

/// Starts `glassgpt lab` on a free port and runs the page's end-to-end tests against it.
pub(crate) fn run(shell: &Shell) -> Result<String> {
    let chromium = tools::chromium(shell)?;
    page::install(shell)?;
    lab::build(shell)?;
    let mut server = Server::start(shell)?;
    let outcome = server
        .address()
        .and_then(|url| shell.run(shell.npm(["run", "e2e"]).env("GLASSGPT_URL", url).env("CHROMIUM", &chromium)));
    shell.say(&format!("glassgpt lab said:\n{}", server.said()))?;
    outcome.map(|()| String::new())
}

struct Server {
    process: Child,
    /// What it prints.
    log: PathBuf,
}

impl Server {
    fn start(shell: &Shell) -> Result<Self> {
        let log = shell.scratch().join("browser-server.log");
        let output = File::create(&log)?;
        let mut command = shell.command(shell.glassgpt());
        command.args(["lab", "--no-open", "--port", "0"]);
        // The test meets an empty lab, and leaves the user's own as it was.
        command.env("XDG_DATA_HOME", empty_folder(&shell.scratch().join("browser-data"))?);
        command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
        Ok(Self { process: command.spawn().context("cannot start glassgpt lab")?, log })
    }

    /// Waits until the server has printed where it is.
    fn address(&mut self) -> Result<String> {
        let began = Instant::now();
        while began.elapsed() < START {
            if let Some(url) = address(&self.said()) {
                return Ok(url);
            }
            if let Some(status) = self.process.try_wait()? {
                bail!("`glassgpt lab --port 0` ended ({status}) before it printed http://127.0.0.1:PORT/");
            }
            thread::sleep(Duration::from_millis(50));
        }
        bail!("`glassgpt lab --port 0` printed no http://127.0.0.1:PORT/ within {} s", START.as_secs())
    }

    fn said(&self) -> String {
        String::from_utf8_lossy(&fs::read(&self.log).unwrap_or_default()).into_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail only if the server has ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn empty_folder(folder: &Path) -> Result<&Path> {
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
        assert_eq!(address("\u{1b}[1mhttp://127.0.0.1:40123\u{1b}[0m"), url);
        assert_eq!(address("http://127.0.0.1:401"), None);
        assert_eq!(address("listening on 127.0.0.1:40123\n"), None);
        assert_eq!(address("http://127.0.0.1:/\n"), None);
    }
}
