//! The tables, and how older ones become the present ones.
//!
//! Why numbered and never edited: a file written by any earlier version is brought up step by step, and each step either
//! happened or did not.

use rusqlite::{Connection, Result, TransactionBehavior};

/// Marks a database as ours; `ggpt` in ASCII.
pub(super) const APPLICATION_ID: i32 = i32::from_be_bytes(*b"ggpt");

/// The version that this program writes.
pub(super) const VERSION: i32 = MIGRATIONS.len() as i32;

/// Entry n brings a database from version n to n + 1. Append only.
pub(super) const MIGRATIONS: &[&str] = &[
    "
    CREATE TABLE sessions (
        id         TEXT    NOT NULL PRIMARY KEY,
        base       TEXT    NOT NULL, -- JSON
        generation INTEGER NOT NULL, -- how often restarted
        mark       INTEGER NOT NULL, -- steps trained since the last entry
        created_at INTEGER NOT NULL, -- milliseconds since 1970
        last_used  INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX sessions_by_use ON sessions (last_used);
    CREATE TABLE log (
        session  TEXT    NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
        n        INTEGER NOT NULL, -- 0, 1, 2, … without a gap
        advanced INTEGER NOT NULL, -- steps trained since the entry before
        command  TEXT    NOT NULL, -- JSON
        PRIMARY KEY (session, n)
    ) STRICT;
",
    "
    CREATE TABLE corpora (
        name  TEXT NOT NULL PRIMARY KEY,
        about TEXT NOT NULL,
        text  TEXT NOT NULL
    ) STRICT;
",
];

/// Brings a database to the last of the versions, each step in a transaction of its own.
///
/// # Errors
/// If a step fails; the database is then at the step before.
pub(super) fn migrate(connection: &mut Connection, migrations: &[&str]) -> Result<()> {
    let version: i32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let reached = usize::try_from(version).unwrap_or(0);
    for (n, migration) in migrations.iter().enumerate().skip(reached) {
        let step = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        step.execute_batch(migration)?;
        step.pragma_update(None, "application_id", APPLICATION_ID)?;
        step.pragma_update(None, "user_version", n as i32 + 1)?;
        step.commit()?;
    }
    Ok(())
}
