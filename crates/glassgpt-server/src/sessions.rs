//! The sessions there are, by their names: some in memory, all in the store.
//!
//! Why both: a session that nobody uses is a few lines of text, and comes back to the bit when it is asked for.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use glassgpt_lab::protocol::Spec;
use glassgpt_lab::{Library, Session};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use crate::api::Counters;
use crate::app::Pass;
use crate::driver::{Driver, Overview, Surroundings};
use crate::error::ApiError;
use crate::glance::Shared;
use crate::handle::Handle;
use crate::limits::Limits;
use crate::outbox::Outbox;
use crate::pool::{Pool, usual_threads};
use crate::record;
use crate::share::Common;
use crate::store::{Listed, Store};

/// All sessions.
pub(crate) struct Sessions {
    /// The lock is held for look-ups only, never while waiting.
    table: Mutex<Table>,
    pool: Pool<Driver>,
    store: Store,
    library: Library,
    limits: Limits,
    counters: Arc<Counters>,
    /// What names begin with.
    instance: String,
    /// The memory for keyframes.
    common: Arc<Common>,
    /// Setting up computes, so no more at a time than there are cores.
    setting_up: Semaphore,
    /// Held while a session is brought back, so that no two are made of one.
    waking: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Table {
    by_id: HashMap<String, Arc<Handle>>,
    /// Places promised to sessions that are being set up.
    promised: usize,
    closed: bool,
}

impl Sessions {
    pub(crate) fn new(
        pool: Pool<Driver>,
        store: Store,
        library: Library,
        limits: Limits,
        counters: Arc<Counters>,
        instance: String,
    ) -> Self {
        Self {
            table: Mutex::default(),
            pool,
            store,
            library,
            common: Common::new(limits.keyframe_bytes),
            limits,
            counters,
            instance,
            setting_up: Semaphore::new(usual_threads()),
            waking: tokio::sync::Mutex::default(),
        }
    }

    /// Sets up a session and gives it a name.
    ///
    /// # Errors
    /// If the lab refuses it, all places are taken, it cannot be written down, or the server is stopping.
    pub(crate) async fn start(
        &self,
        spec: Spec,
        temperature: f64,
        pass: Pass,
    ) -> Result<(Arc<Handle>, Overview), ApiError> {
        let _place = self.promise()?;
        self.check_room().await?;
        let library = self.library.clone();
        let set_up = move || {
            let session = Session::new(&spec, library)?;
            let base = record::base(&session, session.origin(), temperature);
            Ok::<_, ApiError>((session, base))
        };
        let (session, base) = self.compute(set_up).await?;
        let id = format!("{}{}", self.instance, random_id()?);
        self.store.create(&id, base, now()).await.map_err(ApiError::not_saved)?;
        tracing::info!(session = id, "set up");
        self.settle(id, temperature, pass, |around| Driver::new(session, around))
    }

    /// The session of that name, brought back if it left memory.
    ///
    /// # Errors
    /// If there is none, it cannot be brought back, or the server is stopping.
    pub(crate) async fn find(&self, id: &str, pass: Pass) -> Result<Arc<Handle>, ApiError> {
        if let Some(session) = self.awake(id) {
            return Ok(session);
        }
        let _alone = self.waking.lock().await;
        if let Some(session) = self.awake(id) {
            return Ok(session);
        }
        let leaving = self.table().by_id.remove(id);
        if let Some(session) = leaving {
            session.gone().await;
        }
        let unknown = || ApiError::UnknownSession { id: id.to_string() };
        let recipe = self.store.load(id).await.map_err(ApiError::not_loaded)?;
        let recipe = recipe.ok_or_else(unknown)?;
        let _place = self.promise()?;
        let tail = recipe.mark;
        let library = self.library.clone();
        let lost = |reason: record::Unreadable| ApiError::SessionLost { reason: reason.to_string() };
        let opened = self.compute(move || record::open(&recipe, library).map_err(lost)).await?;
        let (session, replay, temperature) = opened;
        tracing::info!(session = id, "brought back");
        let back = |around| Driver::returning(session, replay, tail, around);
        self.settle(id.to_string(), temperature, pass, back).map(|(session, _)| session)
    }

    /// All that are in memory.
    pub(crate) fn all(&self) -> Vec<Arc<Handle>> {
        self.table().by_id.values().filter(|session| session.is_alive()).cloned().collect()
    }

    /// All there are, the one used last first.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub(crate) async fn stored(&self) -> Result<Vec<Listed>, ApiError> {
        self.store.list().await.map_err(ApiError::not_loaded)
    }

    /// Forgets the session of that name.
    ///
    /// # Errors
    /// If there is none, or it cannot be forgotten.
    pub(crate) async fn delete(&self, id: &str) -> Result<(), ApiError> {
        let _alone = self.waking.lock().await;
        let session = self.table().by_id.remove(id);
        if let Some(session) = session {
            session.end();
            session.gone().await;
        }
        self.store.delete(id).await.map_err(ApiError::not_saved)?;
        tracing::info!(session = id, "deleted");
        Ok(())
    }

    /// Lets those leave memory that nobody has used for a while, and forgets those that nobody has used for long.
    ///
    /// # Errors
    /// If the store cannot be written to.
    pub(crate) async fn tidy(&self) -> Result<(), ApiError> {
        for session in self.all() {
            self.store.touch(&session.id, now());
        }
        for session in self.table().idle() {
            if session.glance().last_used.elapsed() >= self.limits.idle {
                tracing::info!(session = session.id, "leaves memory: nobody uses it");
                session.end();
            }
        }
        self.table().by_id.retain(|_, session| session.is_alive());
        let Ok(expiry) = i64::try_from(self.limits.expiry.as_millis()) else { return Ok(()) };
        let expired = self.store.expire(now().saturating_sub(expiry)).await;
        expired.map(drop).map_err(ApiError::not_saved)
    }

    /// Lets all sessions leave memory, and none come any more.
    pub(crate) fn close(&self) {
        let mut table = self.table();
        table.closed = true;
        for (_, session) in table.by_id.drain() {
            session.end();
        }
        self.pool.close();
    }

    /// The bounds that whoever runs the server chose.
    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// How many sessions wait for a turn to train.
    pub(crate) fn waiting(&self) -> usize {
        self.pool.waiting()
    }

    /// Whether the store may hold one more.
    async fn check_room(&self) -> Result<(), ApiError> {
        let most = self.limits.sessions_kept;
        if self.stored().await?.len() < most { Ok(()) } else { Err(ApiError::StoreFull { most }) }
    }

    fn awake(&self, id: &str) -> Option<Arc<Handle>> {
        let session = self.table().by_id.get(id).cloned()?;
        (session.is_alive() && !session.is_leaving()).then_some(session)
    }

    /// Has something computed away from the async workers.
    async fn compute<T, F>(&self, work: F) -> Result<T, ApiError>
    where
        T: Send + 'static,
        F: FnOnce() -> Result<T, ApiError> + Send + 'static,
    {
        let _turn = self.setting_up.acquire().await.map_err(|_| ApiError::Closing)?;
        spawn_blocking(work).await.map_err(|_| ApiError::SessionEnded)?
    }

    /// Gives a session to the pool, and a handle on it to whoever asks for its name.
    fn settle(
        &self,
        id: String,
        temperature: f64,
        pass: Pass,
        driver: impl FnOnce(Surroundings) -> Driver,
    ) -> Result<(Arc<Handle>, Overview), ApiError> {
        let outbox = Arc::new(Outbox::new(random_id()?));
        let shared = Arc::new(Shared::new(self.counters.clone()));
        let (events, store) = (Arc::downgrade(&outbox), self.store.clone());
        let share = self.common.share();
        let around =
            Surroundings { id: id.clone(), temperature, store, outbox, shared: shared.clone(), share, _pass: pass };
        let driver = driver(around);
        let overview = driver.overview();
        let mut table = self.table();
        if table.closed {
            return Err(ApiError::Closing);
        }
        let handle = Arc::new(Handle::new(id, temperature, self.pool.admit(driver), events, shared));
        table.by_id.insert(handle.id.clone(), handle.clone());
        Ok((handle, overview))
    }

    /// Keeps a place free until the session stands in the table.
    fn promise(&self) -> Result<Promise<'_>, ApiError> {
        let mut table = self.table();
        if table.closed {
            return Err(ApiError::Closing);
        }
        table.by_id.retain(|_, session| session.is_alive());
        if table.by_id.len() + table.promised >= self.limits.sessions_in_memory {
            table.make_room(self.limits.sessions_in_memory)?;
        }
        table.promised += 1;
        Ok(Promise(self))
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Table {
    /// Lets the session leave memory that has been idle longest, if one is neither running nor watched.
    fn make_room(&mut self, most: usize) -> Result<(), ApiError> {
        let idle = self.idle();
        let longest = idle.iter().min_by_key(|session| session.glance().last_used);
        longest.ok_or(ApiError::SessionsFull { most })?.end();
        Ok(())
    }

    /// Those that neither run nor are watched, nor leave already.
    fn idle(&self) -> Vec<Arc<Handle>> {
        let idle = |session: &&Arc<Handle>| {
            session.clients() == 0 && !session.glance().running && !session.is_leaving() && session.is_alive()
        };
        self.by_id.values().filter(idle).cloned().collect()
    }
}

/// A place kept free.
struct Promise<'a>(&'a Sessions);

impl Drop for Promise<'_> {
    fn drop(&mut self) {
        self.0.table().promised -= 1;
    }
}

/// Milliseconds since 1970.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// Sixteen letters and digits, 80 bits: nobody guesses one.
fn random_id() -> Result<String, ApiError> {
    const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz"; // Crockford's: no i, l, o, u
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| ApiError::NoSession { reason: error.to_string() })?;
    Ok(bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect())
}
