//! The real program, as a process that can be measured and killed.
//!
//! Why a process: what a kill leaves behind, and how much memory is taken, can only be seen from outside.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use anyhow::{Context, Result, bail};

/// A running `glassgpt lab`. Killed when dropped.
pub(crate) struct Lab {
    pub(crate) address: SocketAddr,
    /// Memory it had when it began to listen, in MiB; none where the system does not tell.
    pub(crate) fresh_memory: Option<f64>,
    child: Child,
    /// Open as long as the program may write to it.
    _said: BufReader<ChildStdout>,
}

impl Lab {
    /// Starts the program over the sessions in `folder`, and waits until it listens.
    ///
    /// # Errors
    /// If it cannot be started, or does not say where it listens.
    pub(crate) fn start(program: &Path, folder: &Path) -> Result<Self> {
        let log = File::options().create(true).append(true).open(folder.join("log")).context("cannot write its log")?;
        let mut command = Command::new(program);
        command.args([
            "lab",
            "--no-open",
            "--compat",
            "--port",
            "0",
            "--sessions-in-memory",
            "2000",
            "--max-clients",
            "2000",
        ]);
        command.arg("--store").arg(folder.join("sessions.sqlite"));
        // Its own data directory: nothing that lies on this machine makes a difference.
        command.env("XDG_DATA_HOME", folder).env("HOME", folder).env_remove("GLASSGPT_TOKEN");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log);
        let mut child = command.spawn().with_context(|| format!("cannot start {}", program.display()))?;
        let mut said = BufReader::new(child.stdout.take().context("its output is piped")?);
        let mut line = String::new();
        said.read_line(&mut line).context("cannot read what it says")?;
        let address = line.trim().strip_prefix("glassgpt lab: http://").map(|rest| rest.trim_end_matches('/'));
        let Some(address) = address.and_then(|address| address.parse().ok()) else {
            drop(child.kill());
            drop(child.wait());
            let log = std::fs::read_to_string(folder.join("log")).unwrap_or_default();
            bail!("it did not say where it listens, but {line:?}; its log: {log}");
        };
        let fresh_memory = status(&child, "VmRSS:");
        Ok(Self { address, fresh_memory, child, _said: said })
    }

    /// Ends it at once, wherever it is.
    ///
    /// # Errors
    /// If it has ended by itself, or cannot be killed.
    pub(crate) fn kill(&mut self) -> Result<()> {
        if let Some(status) = self.child.try_wait()? {
            bail!("the server had ended by itself: {status}");
        }
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Memory it has, in MiB; none where the system does not tell.
    pub(crate) fn memory(&self) -> Option<f64> {
        status(&self.child, "VmRSS:")
    }

    /// The most memory it has had so far, in MiB.
    pub(crate) fn most_memory(&self) -> Option<f64> {
        status(&self.child, "VmHWM:")
    }
}

/// What the system says of its memory, in MiB.
fn status(child: &Child, field: &str) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(field))?;
    let kib: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib / 1024.0)
}

impl Drop for Lab {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Lines in a server's log that tell of a bug.
pub(crate) fn panics(folder: &Path) -> Vec<String> {
    let log = std::fs::read_to_string(folder.join("log")).unwrap_or_default();
    log.lines().filter(|line| line.contains("panicked")).map(String::from).collect()
}
