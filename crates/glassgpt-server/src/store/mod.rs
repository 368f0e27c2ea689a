//! The sessions on disk: for each its base and its log, written before anyone is told that a command was accepted. Beside
//! them the corpora that people added.
//!
//! Why a log: a session is a function of its base and its commands, so these few lines bring all its bits back. Why
//! SQLite: it has spent twenty years on what a killed process leaves behind.
//!
//! In reading order: what is promised when ([`Store`]), the promise itself (`ticket`), what goes wrong (`error`), what
//! waits (`queue`), the thread that writes (`writer`) and its statements (`table`), and how a file becomes ours or is
//! refused (`open`, `claim`, `schema`). The bounds stand in `limits`.

mod ticket;
mod error;

mod queue;
mod writer;
mod table;

mod open;
mod claim;
mod schema;

mod limits;

#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::oneshot;

pub use error::StoreError;
pub(crate) use ticket::Ticket;

use queue::{Queue, Request, Write};

/// Where the sessions are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Nowhere: they end with the program.
    Memory,
    /// In a database file; it and its folder are made if they are missing.
    File(PathBuf),
}

/// A command that a session accepted, as JSON that the store does not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Steps trained since the entry before.
    pub(crate) advanced: u32,
    pub(crate) command: String,
}

/// All it takes to have a session again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Recipe {
    /// What it began from, as JSON that the store does not read.
    pub(crate) base: String,
    /// How often it was restarted.
    pub(crate) generation: u32,
    pub(crate) log: Vec<Entry>,
    /// Steps trained since the last entry, as far as they were written down.
    pub(crate) mark: u32,
    /// In milliseconds since 1970, by the caller's clock.
    pub(crate) created_at: i64,
    /// In milliseconds since 1970, by the caller's clock.
    pub(crate) last_used: i64,
}

/// A session without its log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) id: String,
    /// In milliseconds since 1970, by the caller's clock.
    pub(crate) created_at: i64,
    /// In milliseconds since 1970, by the caller's clock.
    pub(crate) last_used: i64,
}

/// A corpus that someone added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeptCorpus {
    pub(crate) name: String,
    pub(crate) about: String,
    pub(crate) text: String,
}

/// The store, shared by cloning. One thread carries out everything in the order in which it was said; whatever waits when
/// it looks is committed together, so a disk that is slow to sync makes batches larger, not the queue longer.
///
/// **What a `Ticket` says.** `Ok`: it is on the disk, and outlives this process. An error: do not rely on it. (It is
/// then almost surely not there; after a failed sync and a crash it may be.)
///
/// **After a failure a session is out of step.** When an `append` or a `restart` fails for want of space or time, what its
/// session says next was said on top of something that is not written. So further `append`s and `restart`s of that session
/// fail ([`StoreError::OutOfStep`]) and its marks are dropped, those that wait already included, until `load` has told
/// someone where the session really stands. Whoever spoke for it before must have stopped by then. Other sessions go on.
///
/// **Marks and touches** need no ticket: the latest of each session is written with the next commit, or a second later on
/// its own. A crash may lose them; they never move anything else.
///
/// The last clone dropped ends the thread after all that waits; closing it also tells when and how that went.
#[derive(Clone)]
pub struct Store(Arc<Owner>);

/// Tells the thread when nobody is left.
struct Owner(Arc<Queue>);

impl Drop for Owner {
    fn drop(&mut self) {
        self.0.close(None);
    }
}

impl Store {
    /// Opens what is there, or makes it. Blocks: the whole file is checked. A file that is refused is left as it was, to
    /// the byte, and nothing is made beside it.
    ///
    /// # Errors
    /// If the file is not a database, is damaged, belongs to another program or a later version, is in use or read-only.
    pub fn open(place: &Place) -> Result<Self, StoreError> {
        let opened = open::open(place)?;
        let queue = Arc::new(Queue::default());
        writer::spawn(opened, queue.clone())?;
        Ok(Self::over(queue))
    }

    fn over(queue: Arc<Queue>) -> Self {
        Self(Arc::new(Owner(queue)))
    }

    /// A new session. Never blocks. Fails if there is one of that name.
    pub(crate) fn create(&self, id: &str, base: String, now: i64) -> Ticket {
        self.0.0.order(id, Write::Create { base, now })
    }

    /// One more accepted command; the mark begins anew. Never blocks.
    pub(crate) fn append(&self, id: &str, entry: Entry) -> Ticket {
        self.0.0.order(id, Write::Append(entry))
    }

    /// A new base under the same name, and an empty log. Never blocks.
    pub(crate) fn restart(&self, id: &str, base: String) -> Ticket {
        self.0.0.order(id, Write::Restart { base })
    }

    /// Forgets a session and its log. Never blocks; allowed to a session that is out of step.
    pub(crate) fn delete(&self, id: &str) -> Ticket {
        self.0.0.order(id, Write::Delete)
    }

    /// One more corpus. Never blocks. Fails if there is one of that name.
    pub(crate) fn keep_corpus(&self, KeptCorpus { name, about, text }: KeptCorpus) -> Ticket {
        self.0.0.order(&name, Write::KeepCorpus { about, text })
    }

    /// Forgets a corpus, if there is one of that name. Never blocks.
    pub(crate) fn drop_corpus(&self, name: &str) -> Ticket {
        self.0.0.order(name, Write::DropCorpus)
    }

    /// Says how many steps a session has trained since its last entry.
    pub(crate) fn mark(&self, id: &str, advanced: u32) {
        self.0.0.mark(id, advanced);
    }

    /// Says that a session was used. The latest time counts, whatever the order.
    pub(crate) fn touch(&self, id: &str, now: i64) {
        self.0.0.touch(id, now);
    }

    /// Reads a session back, after everything said before, and puts one that is out of step in step again.
    ///
    /// # Errors
    /// If it cannot be read, its log has a gap, or the store cannot keep up or is closed.
    pub(crate) async fn load(&self, id: &str) -> Result<Option<Recipe>, StoreError> {
        self.ask(|reply| Request::Load { id: id.to_string(), reply }).await
    }

    /// All sessions, the one used last first.
    ///
    /// # Errors
    /// If they cannot be read, or the store cannot keep up or is closed.
    pub(crate) async fn list(&self) -> Result<Vec<Listed>, StoreError> {
        self.ask(|reply| Request::List { reply }).await
    }

    /// All corpora, in the order in which they were added.
    ///
    /// # Errors
    /// If they cannot be read, or the store cannot keep up or is closed.
    pub(crate) async fn corpora(&self) -> Result<Vec<KeptCorpus>, StoreError> {
        self.ask(|reply| Request::Corpora { reply }).await
    }

    /// Forgets the sessions last used before a time, and names them.
    ///
    /// # Errors
    /// If that cannot be written, or the store cannot keep up or is closed.
    pub(crate) async fn expire(&self, before: i64) -> Result<Vec<String>, StoreError> {
        self.ask(|reply| Request::Expire { before, reply }).await
    }

    /// Writes what waits, brings everything into the one file, and lets it go. Harmless the second time.
    ///
    /// # Errors
    /// If the file could not be tidied up; what was acknowledged is safe in the file beside it (`-wal`).
    pub(crate) async fn close(&self) -> Result<(), StoreError> {
        let (reply, closed) = oneshot::channel();
        self.0.0.close(Some(reply));
        closed.await.unwrap_or(Err(StoreError::Closed))
    }

    async fn ask<T>(
        &self,
        request: impl FnOnce(oneshot::Sender<Result<T, StoreError>>) -> Request,
    ) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        self.0.0.request(request(reply))?;
        answer.await.unwrap_or(Err(StoreError::Closed))
    }
}
