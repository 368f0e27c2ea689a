//! What can go wrong between a session and the disk.
//!
//! Why it can be cloned: a commit that fails is told to everyone who was in it.

use std::path::PathBuf;

use super::limits::{TEXT_BYTES, WAITING_BYTES, WAITING_OPERATIONS};
use super::schema::{APPLICATION_ID, VERSION};

/// Why something is not stored, or a file not used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the message of each says what its fields are")]
pub enum StoreError {
    /// Refused at the door: some other kind of file.
    #[error(
        "{} is not a database; it was left as it is. Name another file for the sessions, or move this one away",
        file.display()
    )]
    NotADatabase { file: PathBuf },
    /// Refused at the door: a database that contradicts itself.
    #[error(
        "the database {} is damaged ({finding}); it was left as it is. Put a backup in its place, or name another file",
        file.display()
    )]
    Damaged { file: PathBuf, finding: String },
    /// Refused at the door: a database that is not ours.
    #[error(
        "the database {} belongs to another program (application id {application_id:#010x}, ours is {APPLICATION_ID:#010x}); \
         it was left as it is. Name another file for the sessions",
        file.display()
    )]
    Foreign { file: PathBuf, application_id: i32 },
    /// Refused at the door: a database from the future.
    #[error(
        "the database {} has version {version}, and this program knows versions up to {VERSION}; it was left as it is. \
         Use a newer program, or name another file",
        file.display()
    )]
    Newer { file: PathBuf, version: i32 },
    /// Someone else has it.
    #[error("the database {} is in use by another glassgpt; stop that one, or name another file", file.display())]
    InUse { file: PathBuf },
    /// It cannot be written to.
    #[error("the database {} is read-only; make it writable, or name another file", file.display())]
    ReadOnly { file: PathBuf },
    /// The system refuses it.
    #[error(
        "the database {} cannot be opened: {reason}. Check the path and who may use it, or name another file",
        file.display()
    )]
    Unusable { file: PathBuf, reason: String },

    /// Too much waits already.
    #[error(
        "the store cannot keep up: at most {WAITING_OPERATIONS} operations and {} MiB may wait for the disk; try again later",
        WAITING_BYTES >> 20
    )]
    Overloaded,
    /// One text is too long.
    #[error("a command or a base of {bytes} bytes is too long to be kept; it may have at most {TEXT_BYTES}")]
    TooLong { bytes: usize },
    /// The commit failed.
    #[error("nothing could be written to the store: {reason}. Make room on the disk, then try again")]
    NotWritten { reason: String },
    /// Something before it was not written.
    #[error("an earlier command of session {id} could not be written; the session must be loaded anew")]
    OutOfStep { id: String },
    /// There is no such session.
    #[error("the store has no session {id}; create one first")]
    UnknownSession { id: String },
    /// There is such a session.
    #[error("the store has a session {id} already; take another name, or delete that one")]
    SessionExists { id: String },
    /// There is such a corpus.
    #[error("the store has a corpus {name} already; take another name, or delete that one")]
    CorpusExists { name: String },
    /// Reading failed.
    #[error("the store cannot be read: {reason}")]
    Unreadable { reason: String },
    /// A log without one of its entries.
    #[error("the log of session {id} lacks entry {n}; put a backup in the store's place, or delete the session")]
    Gap { id: String, n: u32 },
    /// The store was told to end, or its thread failed.
    #[error("the store is closed")]
    Closed,
}
