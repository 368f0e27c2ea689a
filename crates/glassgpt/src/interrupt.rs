//! Ctrl-C: everyone who works for long asks now and then, and stops between two pieces of work.
//!
//! Why with a time limit: some work cannot ask (a read from the network, one step of a huge model). Then the process is
//! ended from outside, after the line on the terminal and the half-written file have been cleared away.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::exit_codes::Exit;

static REQUESTED: AtomicBool = AtomicBool::new(false);
static PATIENCE_MS: AtomicU64 = AtomicU64::new(400);
static UNFINISHED: Mutex<Option<PathBuf>> = Mutex::new(None);

/// The work was interrupted by Ctrl-C.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("interrupted")]
pub(crate) struct Interrupted;

/// Listens from now on.
pub(crate) fn install() -> anyhow::Result<()> {
    ctrlc::set_handler(|| {
        REQUESTED.store(true, Ordering::Relaxed);
        std::thread::sleep(Duration::from_millis(PATIENCE_MS.load(Ordering::Relaxed)));
        end();
    })?;
    Ok(())
}

/// Whether Ctrl-C has been pressed.
pub(crate) fn requested() -> bool {
    REQUESTED.load(Ordering::Relaxed)
}

/// An error if Ctrl-C has been pressed.
pub(crate) fn check() -> Result<(), Interrupted> {
    if requested() { Err(Interrupted) } else { Ok(()) }
}

/// How long the work may take to stop by itself.
pub(crate) fn be_patient(patience: Duration) {
    PATIENCE_MS.store(patience.as_millis() as u64, Ordering::Relaxed);
}

/// A file that is to be removed if the process ends before [`file_finished`].
pub(crate) fn file_begun(path: &Path) {
    *UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner) = Some(path.to_path_buf());
}

/// The file is whole, or gone.
pub(crate) fn file_finished() {
    *UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner) = None;
}

/// Clears away and ends the process.
fn end() -> ! {
    if let Some(path) = UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner).take() {
        std::fs::remove_file(path).ok();
    }
    let mut stderr = std::io::stderr();
    if stderr.is_terminal() {
        stderr.write_all(b"\r\x1b[2K\x1b[?25h").ok(); // clear the line, show the cursor
    }
    std::process::exit(Exit::Interrupted.code().into());
}
