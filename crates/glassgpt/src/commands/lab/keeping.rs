//! How long the lab's sessions are kept, where, and how many.
//!
//! Why a file by default: a lesson goes on tomorrow.

use std::ffi::OsString;
use std::num::NonZero;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::anyhow;
use glassgpt_server::{Limits, Place, Store, StoreError};

use crate::data_dir::data_dir;
use crate::output::talk;

/// What the user says about it.
#[derive(Debug, clap::Args)]
pub(super) struct Keeping {
    /// File that sessions are written down in, or :memory: to forget them at the end. By default sessions.sqlite in the
    /// user's data directory.
    #[arg(long, value_name = "FILE")]
    store: Option<OsString>,
    /// Most sessions kept.
    #[arg(long, value_name = "N", default_value_t = Limits::default().sessions_kept, value_parser = at_least_one)]
    max_sessions: usize,
    /// Most sessions in memory at a time; others come back when asked for.
    #[arg(long, value_name = "N", default_value_t = Limits::default().sessions_in_memory, value_parser = at_least_one)]
    sessions_in_memory: usize,
    /// Memory in MiB that all sessions share for going back in time; with less of it a journey takes longer.
    #[arg(long, value_name = "MIB", default_value_t = Limits::default().keyframe_bytes >> 20, value_parser = at_least_one)]
    keyframe_memory: usize,
    /// Most clients on one session.
    #[arg(long, value_name = "N", default_value_t = Limits::default().clients_per_session, value_parser = at_least_one)]
    max_clients: usize,
    /// Most connections at a time; past that, the one that has been silent for longest makes room.
    #[arg(long, value_name = "N", default_value_t = Limits::default().connections, value_parser = at_least_one)]
    max_connections: usize,
    /// Most requests a second from one address, and messages a second over one socket.
    #[arg(long, value_name = "N", default_value_t = Limits::default().per_second, value_parser = clap::value_parser!(NonZero<u32>))]
    max_rate: NonZero<u32>,
    /// Minutes after which a session that nobody uses leaves memory.
    #[arg(long, value_name = "MINUTES", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    idle_after: u64,
    /// Days after which a session that nobody uses is forgotten.
    #[arg(long, value_name = "DAYS", default_value_t = 90, value_parser = clap::value_parser!(u64).range(1..=36_500))]
    forget_after: u64,
}

fn at_least_one(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(n @ 1..=1_000_000) => Ok(n),
        _ => Err("it must be a whole number from 1 to 1,000,000".to_string()),
    }
}

impl Keeping {
    pub(super) fn limits(&self) -> Limits {
        Limits {
            sessions_in_memory: self.sessions_in_memory,
            sessions_kept: self.max_sessions,
            clients_per_session: self.max_clients,
            keyframe_bytes: self.keyframe_memory << 20,
            connections: self.max_connections,
            per_second: self.max_rate,
            idle: Duration::from_secs(self.idle_after * 60),
            expiry: Duration::from_secs(self.forget_after * 24 * 60 * 60),
            ..Limits::default()
        }
    }

    /// Opens the store.
    ///
    /// # Errors
    /// If the file that was asked for cannot be used, or the usual one is not what it should be. The usual one may be in use by
    /// another lab, though: this one then goes without.
    pub(super) fn store(&self) -> anyhow::Result<Store> {
        let asked = self.store.as_ref();
        if asked.is_some_and(|place| place == ":memory:") {
            return Ok(Store::open(&Place::Memory)?);
        }
        let file = match asked {
            Some(file) => PathBuf::from(file),
            None => match data_dir() {
                Some(directory) => directory.join("sessions.sqlite"),
                None => {
                    talk("There is no home directory, so sessions end with this lab; --store FILE keeps them.");
                    return Ok(Store::open(&Place::Memory)?);
                }
            },
        };
        match Store::open(&Place::File(file)) {
            Err(StoreError::InUse { file }) if asked.is_none() => {
                talk(&format!(
                    "Another lab has {}, so the sessions of this one end with it; --store FILE keeps them.",
                    file.display()
                ));
                Ok(Store::open(&Place::Memory)?)
            }
            opened => opened.map_err(|error| anyhow!("{error} (--store FILE, or --store :memory: for none)")),
        }
    }
}
