//! The sessions there are, by their names.
//!
//! Why bounded: each holds a thread and a model. A full house makes room by itself as long as someone is out.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use glassgpt_lab::Library;
use glassgpt_lab::protocol::Spec;

use crate::app::Pass;
use crate::driver::Overview;
use crate::error::ApiError;
use crate::handle::{self, Handle};
use crate::limits::SESSIONS;

/// All sessions. The lock is held for look-ups only, never while waiting.
#[derive(Default)]
pub(crate) struct Sessions(Mutex<Table>);

#[derive(Default)]
struct Table {
    by_id: HashMap<String, Arc<Handle>>,
    /// Places promised to sessions that are being set up.
    promised: usize,
    closed: bool,
}

impl Sessions {
    /// Sets up a session and gives it a name.
    ///
    /// # Errors
    /// If the lab refuses it, all places are taken, or the server is stopping.
    pub(crate) async fn start(
        &self,
        spec: Spec,
        temperature: f64,
        library: Library,
        pass: Pass,
    ) -> Result<(Arc<Handle>, Overview), ApiError> {
        let _place = self.promise()?;
        let (session, overview) = handle::open(random_id()?, spec, temperature, library, pass).await?;
        let mut table = self.table();
        if table.closed {
            return Err(ApiError::Closing);
        }
        table.by_id.insert(session.id.clone(), session.clone());
        Ok((session, overview))
    }

    /// The session of that name.
    ///
    /// # Errors
    /// If there is none, or it has failed.
    pub(crate) fn get(&self, id: &str) -> Result<Arc<Handle>, ApiError> {
        let session = self.table().by_id.get(id).cloned();
        let session = session.ok_or_else(|| ApiError::UnknownSession { id: id.to_string() })?;
        if session.is_alive() { Ok(session) } else { Err(ApiError::SessionEnded) }
    }

    /// All of them.
    pub(crate) fn all(&self) -> Vec<Arc<Handle>> {
        self.table().by_id.values().filter(|session| session.is_alive()).cloned().collect()
    }

    /// Ends the session of that name.
    ///
    /// # Errors
    /// If there is none.
    pub(crate) fn end(&self, id: &str) -> Result<(), ApiError> {
        let session = self.table().by_id.remove(id);
        session.ok_or_else(|| ApiError::UnknownSession { id: id.to_string() })?.end();
        Ok(())
    }

    /// Ends all sessions, and lets none be set up any more.
    pub(crate) fn close(&self) {
        let mut table = self.table();
        table.closed = true;
        for (_, session) in table.by_id.drain() {
            session.end();
        }
    }

    /// Keeps a place free until the session stands in the table.
    fn promise(&self) -> Result<Promise<'_>, ApiError> {
        let mut table = self.table();
        if table.closed {
            return Err(ApiError::Closing);
        }
        table.by_id.retain(|_, session| session.is_alive());
        if table.by_id.len() + table.promised >= SESSIONS {
            table.make_room()?;
        }
        table.promised += 1;
        Ok(Promise(self))
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Table {
    /// Ends the session that has been idle longest, if one is neither running nor watched.
    fn make_room(&mut self) -> Result<(), ApiError> {
        let idle = self.by_id.values().filter(|session| session.clients() == 0 && !session.glance().running);
        let longest = idle.min_by_key(|session| session.glance().last_used).map(|session| session.id.clone());
        let session = longest.and_then(|id| self.by_id.remove(&id)).ok_or(ApiError::SessionsFull)?;
        session.end();
        Ok(())
    }
}

/// A place kept free.
struct Promise<'a>(&'a Sessions);

impl Drop for Promise<'_> {
    fn drop(&mut self) {
        self.0.table().promised -= 1;
    }
}

/// Sixteen letters and digits, 80 bits: nobody guesses one.
fn random_id() -> Result<String, ApiError> {
    const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz"; // Crockford's: no i, l, o, u
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| ApiError::NoSession { reason: error.to_string() })?;
    Ok(bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect())
}
