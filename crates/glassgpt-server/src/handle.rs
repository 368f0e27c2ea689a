//! A session as the rest of the server sees it: something that can be asked, watched and ended, but not touched.
//!
//! Why all through messages: the session lives in its thread, and no lock is ever held while waiting for it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Instant;

use glassgpt_lab::protocol::{Command, Refusal, Snapshot, Spec};
use glassgpt_lab::{Answer, Library, Question, Session};
use tokio::sync::{Semaphore, broadcast, oneshot};

use crate::app::Pass;
use crate::driver::{Applied, Driver, Glance, Overview, Published, Queued, Rejected, Request};
use crate::error::ApiError;
use crate::limits::{CLIENTS_PER_SESSION, EVENTS_KEPT, REQUESTS_WAITING};

/// A running session.
pub(crate) struct Handle {
    /// Its name in URLs: random, so that knowing one session does not lead to another.
    pub(crate) id: String,
    /// The temperature given at its start, for requests that give none.
    pub(crate) temperature: f64,
    requests: mpsc::Sender<Queued>,
    /// Bounds the requests that wait; each holds a place until its turn comes.
    places: Arc<Semaphore>,
    /// Weak, so that watchers learn when the thread ends.
    events: broadcast::WeakSender<Published>,
    glance: Arc<Mutex<Glance>>,
    clients: AtomicUsize,
}

/// The session's thread has ended.
#[derive(Debug)]
pub(crate) struct Gone;

impl From<Gone> for ApiError {
    fn from(_: Gone) -> Self {
        Self::SessionEnded
    }
}

/// Sets up a session in a thread of its own.
///
/// # Errors
/// As [`Session::new`], or if there is no thread to be had.
pub(crate) async fn open(
    id: String,
    spec: Spec,
    temperature: f64,
    library: Library,
    pass: Pass,
) -> Result<(Arc<Handle>, Overview), ApiError> {
    let (requests, inbox) = mpsc::channel();
    let (outbox, _) = broadcast::channel(EVENTS_KEPT);
    let glance = Arc::new(Mutex::new(Glance::new()));
    let handle = Handle {
        id,
        temperature,
        requests,
        places: Arc::new(Semaphore::new(REQUESTS_WAITING)),
        events: outbox.downgrade(),
        glance: glance.clone(),
        clients: AtomicUsize::new(0),
    };
    let (ready, opened) = oneshot::channel::<Result<Overview, Refusal>>();
    let work = move || {
        let _pass = pass;
        match Session::new(&spec, library) {
            Ok(session) => {
                let driver = Driver::new(session, inbox, outbox, glance);
                drop(ready.send(Ok(driver.overview())));
                driver.run();
            }
            Err(refusal) => drop(ready.send(Err(refusal))),
        }
    };
    thread::Builder::new()
        .name("session".to_string())
        .spawn(work)
        .map_err(|error| ApiError::NoSession { reason: error.to_string() })?;
    let overview = opened.await.map_err(|_| ApiError::SessionEnded)??;
    Ok((Arc::new(handle), overview))
}

impl Handle {
    /// Has a command carried out.
    ///
    /// # Errors
    /// If the session has ended; within, why it refuses.
    pub(crate) async fn apply(&self, command: Command) -> Result<Result<Applied, Rejected>, Gone> {
        self.ask(|reply| Request::Apply { command, reply }).await
    }

    /// Has a question answered.
    ///
    /// # Errors
    /// If the session has ended; within, why it does not answer.
    pub(crate) async fn question(&self, question: Box<Question>) -> Result<Result<Answer, Refusal>, Gone> {
        self.ask(|reply| Request::Ask { question, reply }).await
    }

    /// Everything so far.
    ///
    /// # Errors
    /// If the session has ended.
    pub(crate) async fn snapshot(&self) -> Result<Snapshot, Gone> {
        self.ask(|reply| Request::Snapshot { reply }).await
    }

    /// How it stands.
    ///
    /// # Errors
    /// If the session has ended.
    pub(crate) async fn overview(&self) -> Result<Overview, Gone> {
        self.ask(|reply| Request::Describe { reply }).await
    }

    async fn ask<T>(&self, request: impl FnOnce(oneshot::Sender<T>) -> Request) -> Result<T, Gone> {
        self.touch();
        let place = self.places.clone().acquire_owned().await.map_err(|_| Gone)?;
        let (reply, answer) = oneshot::channel();
        self.requests.send((request(reply), Some(place))).map_err(|_| Gone)?;
        answer.await.map_err(|_| Gone)
    }

    /// The events from now on.
    ///
    /// # Errors
    /// If the session has ended.
    pub(crate) fn events(&self) -> Result<broadcast::Receiver<Published>, Gone> {
        self.events.upgrade().map(|events| events.subscribe()).ok_or(Gone)
    }

    /// Ends the session after the slice at hand. Needs no place: it is never refused.
    pub(crate) fn end(&self) {
        drop(self.requests.send((Request::End, None)));
    }

    /// What can be known without asking.
    pub(crate) fn glance(&self) -> Glance {
        *self.glance.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether its thread is there: it ends when told to, or by a bug.
    pub(crate) fn is_alive(&self) -> bool {
        self.events.strong_count() > 0
    }

    /// Sockets connected.
    pub(crate) fn clients(&self) -> usize {
        self.clients.load(Ordering::Relaxed)
    }

    fn touch(&self) {
        self.glance.lock().unwrap_or_else(PoisonError::into_inner).last_used = Instant::now();
    }
}

/// A socket's place at a session, given back when dropped.
pub(crate) struct Seat(Arc<Handle>);

impl Seat {
    /// Takes a place; none if all are taken.
    pub(crate) fn take(session: &Arc<Handle>) -> Option<Self> {
        let one_more = |taken| (taken < CLIENTS_PER_SESSION).then_some(taken + 1);
        session.clients.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more).ok()?;
        session.touch();
        Some(Self(session.clone()))
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.0.touch();
        self.0.clients.fetch_sub(1, Ordering::Relaxed);
    }
}
