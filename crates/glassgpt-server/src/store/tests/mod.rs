//! The store against its promises: what is acknowledged stays, what fails is said, what is not ours is not touched.
//!
//! Why inside the crate: the rest of the server is the store's only caller.

mod round_trip;
mod batches;
mod failures;
mod refusals;
mod migrations;
mod model;
#[cfg(unix)]
mod crash;

use std::collections::BTreeMap;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempDir;

use super::open::{self, Opened};
use super::queue::Queue;
use super::{Entry, Place, Recipe, Store, StoreError};

/// Waits for it.
fn now<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

/// A folder of its own, and a database in it that is not there yet.
fn new_file() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sessions.db");
    (folder, file)
}

fn open(file: &Path) -> Result<Store, StoreError> {
    Store::open(&Place::File(file.to_path_buf()))
}

/// Why a file is refused.
fn refused(file: &Path) -> StoreError {
    open(file).err().expect("must be refused")
}

/// A store whose thread has not been started, and the queue to start it over.
fn held() -> (Store, Arc<Queue>) {
    let queue = Arc::new(Queue::default());
    (Store::over(queue.clone()), queue)
}

/// A store in memory, at most so large.
fn small(pages: u32) -> Opened {
    let opened = open::open(&Place::Memory).unwrap();
    opened.connection.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(())).unwrap();
    opened
}

fn entry(n: u32) -> Entry {
    Entry { advanced: n, command: format!("{{\"n\":{n}}}") }
}

fn load(store: &Store, id: &str) -> Recipe {
    now(store.load(id)).unwrap().expect("must be there")
}

/// All files of a folder, byte for byte.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| (path.clone(), std::fs::read(path).unwrap())).collect()
}
