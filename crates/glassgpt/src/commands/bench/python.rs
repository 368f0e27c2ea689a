//! The Python rendition, timed from outside.
//!
//! Why twice: it switches Python's cyclic collector off, which finds nothing here and takes its time. Karpathy's own script
//! leaves it on. Whoever quotes a ratio should know which; and that this is our rendition, not his script.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use anyhow::{Context, bail};

use crate::interrupt;

/// Where the script lies, seen from the repository's root.
const SCRIPT: &str = "reference/microgpt.py";

/// Runs the script, but does not let it switch the collector off.
const WITH_COLLECTOR: &str = "import gc, runpy, sys; gc.disable = lambda: None; sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__')";

/// A Python and a script to run with it.
#[derive(Clone, Debug)]
pub(super) struct Python {
    /// What it calls itself.
    pub(super) version: String,
    corpus: Option<PathBuf>,
}

impl Python {
    /// Python and the script, if both are here and the corpus is a file or the script's own.
    pub(super) fn find(corpus: &str) -> Option<Self> {
        let corpus = match corpus {
            "names" => None,
            file => Some(PathBuf::from(file)).filter(|path| path.is_file()).map(Some)?,
        };
        if !Path::new(SCRIPT).is_file() {
            return None;
        }
        let version = Command::new("python3").arg("--version").stderr(Stdio::null()).output().ok()?;
        let version = String::from_utf8_lossy(&version.stdout).trim().to_string();
        (!version.is_empty()).then_some(Self { version, corpus })
    }

    /// Microseconds a step over the first `steps` steps of 1,000: from the line that ends its preparations to the line of
    /// the last step.
    pub(super) fn us_per_step(&self, steps: u32, collector: bool) -> anyhow::Result<f64> {
        let mut command = Command::new("python3");
        command.arg("-u");
        if collector {
            command.args(["-c", WITH_COLLECTOR]);
        }
        command.args([SCRIPT, "--steps", "1000", "--samples", "0", "--stop-after", &steps.to_string()]);
        if let Some(corpus) = &self.corpus {
            command.arg("--corpus").arg(corpus);
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = Reaped(command.spawn().context("cannot start python3")?);
        let stdout = child.0.stdout.take().context("python3 has no output")?;
        let mut began = None;
        let mut done = 0;
        for line in BufReader::new(stdout).lines() {
            interrupt::check()?;
            match began {
                None => began = Some(Instant::now()),
                Some(_) if line?.starts_with("step ") => done += 1,
                Some(_) => {}
            }
            if let (true, Some(began)) = (done == steps, began) {
                return Ok(began.elapsed().as_secs_f64() * 1e6 / f64::from(steps));
            }
        }
        interrupt::check()?;
        bail!("python3 {SCRIPT} stopped after {done} of {steps} steps");
    }
}

/// A process that does not outlive its owner.
struct Reaped(Child);

impl Drop for Reaped {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}
