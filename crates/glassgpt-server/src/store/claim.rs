//! The files that stores of this process have open.
//!
//! Why besides SQLite's own lock: on Unix a process that closes any handle on a file gives up all its locks on it, so a second
//! store in the same process must be turned away before it so much as looks at the file.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::StoreError;

static CLAIMED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// The right to open a file, given back when dropped.
pub(super) struct Claim(PathBuf);

impl Claim {
    /// Claims a file by its real path.
    ///
    /// # Errors
    /// If a store of this process has it.
    pub(super) fn on(file: &Path) -> Result<Self, StoreError> {
        if claimed().insert(file.to_path_buf()) {
            Ok(Self(file.to_path_buf()))
        } else {
            Err(StoreError::InUse { file: file.to_path_buf() })
        }
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        claimed().remove(&self.0);
    }
}

fn claimed() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    CLAIMED.lock().unwrap_or_else(PoisonError::into_inner)
}
