//! The sessions there are, by their names: some in memory, all in the store.
//!
//! Why both: a session that nobody uses is a few lines of text, and comes back to the bit when it is asked for.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Instant, SystemTime};

use glassgpt_lab::protocol::Spec;
use glassgpt_lab::{Library, Session};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use crate::api::Counters;
use crate::app::Pass;
use crate::awake::AwakeClock;
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
    /// What uses are counted by.
    clock: Mutex<AwakeClock>,
    /// Those that the log has said will be forgotten.
    warned: Mutex<HashSet<String>>,
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
            clock: Mutex::new(AwakeClock::new(wall_time(), Instant::now(), 2 * limits.tidy_every)),
            warned: Mutex::default(),
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
        self.store.create(&id, base, self.now()).await.map_err(ApiError::not_saved)?;
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
            session.delete();
            session.gone().await;
        }
        self.store.delete(id).await.map_err(ApiError::not_saved)?;
        tracing::info!(session = id, "deleted");
        Ok(())
    }

    /// Sets the clock by which uses are counted to the last one that was written down.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub(crate) async fn set_clock(&self) -> Result<(), ApiError> {
        if let Some(latest) = self.stored().await?.first() {
            *self.clock() = AwakeClock::new(latest.last_used, Instant::now(), 2 * self.limits.tidy_every);
        }
        Ok(())
    }

    /// Lets those leave memory that nobody has used for a while, and forgets those that nobody has used for long.
    ///
    /// # Errors
    /// If the store cannot be read or written to.
    pub(crate) async fn tidy(&self, now: Instant) -> Result<(), ApiError> {
        self.clock().advance(now);
        let time = self.now();
        for session in self.all() {
            self.store.touch(&session.id, time);
        }
        for session in self.table().idle() {
            if session.glance().last_used.elapsed() >= self.limits.idle {
                tracing::info!(session = session.id, "leaves memory: nobody uses it");
                session.end();
            }
        }
        self.table().by_id.retain(|_, session| session.is_alive());
        self.forget_unused(time).await
    }

    /// Forgets those that nobody has used for long, after a warning.
    async fn forget_unused(&self, time: i64) -> Result<(), ApiError> {
        let Limits { expiry, notice, .. } = self.limits;
        let Ok(expiry) = i64::try_from(expiry.as_millis()) else { return Ok(()) };
        let unused_before = time.saturating_sub(expiry);
        let unused: HashSet<String> = self
            .stored()
            .await?
            .into_iter()
            .filter(|session| session.last_used < unused_before)
            .map(|session| session.id)
            .collect();
        let before = std::mem::replace(&mut *self.warned(), unused.clone());
        for session in unused.difference(&before) {
            tracing::warn!(
                session,
                notice_secs = notice.as_secs(),
                "nobody has used it for long; it will be forgotten"
            );
        }
        if self.clock().passed() < notice {
            return Ok(()); // the time may be wrong, or someone may come back
        }
        let notice = i64::try_from(notice.as_millis()).unwrap_or(i64::MAX);
        let expired = self.store.expire(unused_before.saturating_sub(notice)).await.map_err(ApiError::not_saved)?;
        for session in expired {
            tracing::warn!(session, "forgotten: nobody has used it for long");
        }
        Ok(())
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

    /// The time by which uses are counted.
    fn now(&self) -> i64 {
        self.clock().now()
    }

    fn clock(&self) -> MutexGuard<'_, AwakeClock> {
        self.clock.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn warned(&self) -> MutexGuard<'_, HashSet<String>> {
        self.warned.lock().unwrap_or_else(PoisonError::into_inner)
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

/// Milliseconds since 1970, by the system's clock: only where a new store begins.
fn wall_time() -> i64 {
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::store::Place;

    const DAY: Duration = Duration::from_secs(24 * 60 * 60);

    fn sessions(store: &Store) -> Sessions {
        let pool = Pool::start(1).expect("a thread");
        let limits = Limits { tidy_every: DAY, ..Limits::default() };
        Sessions::new(pool, store.clone(), Library::embedded(), limits, Arc::default(), String::new())
    }

    async fn names(sessions: &Sessions) -> Vec<String> {
        sessions.stored().await.expect("it can be read").into_iter().map(|session| session.id).collect()
    }

    #[tokio::test]
    async fn a_clock_that_jumps_forgets_nobody() {
        let store = Store::open(&Place::Memory).expect("a new one");
        for (id, last_used) in [("made-in-1970", 0), ("set-right", wall_time())] {
            store.create(id, String::new(), last_used).await.expect("it is written");
        }
        let sessions = sessions(&store);
        sessions.set_clock().await.expect("it can be read");
        let now = Instant::now();
        sessions.tidy(now).await.expect("it can be read");
        assert_eq!(names(&sessions).await.len(), 2, "not at first sight");
        assert!(sessions.warned().contains("made-in-1970"), "but it is said");
    }

    #[tokio::test]
    async fn whoever_nobody_uses_is_forgotten_after_so_much_time_awake() {
        let store = Store::open(&Place::Memory).expect("a new one");
        store.create("old", String::new(), 1000).await.expect("it is written");
        let sessions = sessions(&store);
        sessions.set_clock().await.expect("it can be read");
        let mut now = Instant::now() + 1000 * DAY; // asleep all the while
        for _ in 0..89 {
            sessions.tidy(now).await.expect("it can be read");
            assert_eq!(names(&sessions).await, ["old"]);
            now += DAY;
        }
        for _ in 0..3 {
            sessions.tidy(now).await.expect("it can be read");
            now += DAY;
        }
        assert!(names(&sessions).await.is_empty());
    }
}
