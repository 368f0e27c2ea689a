//! Every bound of the store.
//!
//! Why bounds: what waits for a slow disk waits in memory.

use std::time::Duration;

/// Most operations that wait; past that, more fail at once.
pub(crate) const WAITING_OPERATIONS: usize = 4096;

/// Most bytes that wait. As many again may be on their way to the disk.
pub(crate) const WAITING_BYTES: usize = 128 << 20;

/// Longest command and longest base, in bytes.
pub(crate) const TEXT_BYTES: usize = 64 << 20;

/// How long marks and touches wait for a commit to ride along with.
pub(crate) const NOTES_WAIT: Duration = Duration::from_secs(1);

/// How long to wait for another process to let go of the file.
pub(crate) const LOCK_PATIENCE: Duration = Duration::from_secs(1);

/// What a large import may leave of the file beside the database, in bytes, once its content has moved on.
pub(crate) const JOURNAL_BYTES: i64 = 32 << 20;
