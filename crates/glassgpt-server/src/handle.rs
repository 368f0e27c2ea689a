//! A session as the rest of the server sees it: something that can be asked, watched and ended, but not touched.
//!
//! Why all through messages: the session belongs to the pool, and no lock is ever held while waiting for it.

use std::collections::VecDeque;
use std::sync::{Arc, Weak};

use glassgpt_lab::protocol::{Command, CorpusSource, Refusal, Snapshot};
use glassgpt_lab::{Answer, Library, Question};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{Semaphore, oneshot};

use crate::driver::{Applied, Detail, Driver, Overview, Queued, Rejected, Request};
use crate::error::ApiError;
use crate::glance::{Glance, Shared};
use crate::limits::REQUESTS_WAITING;
use crate::outbox::{Outbox, Published};
use crate::pool;
use crate::store::StoreError;

/// A session in memory.
pub(crate) struct Handle {
    /// Its name in URLs: random, so that knowing one session does not lead to another.
    pub(crate) id: String,
    /// The temperature given at its start, for requests that give none.
    pub(crate) temperature: f64,
    seat: Arc<pool::Seat<Driver>>,
    /// Bounds the requests that wait; each holds a place until its turn comes.
    places: Arc<Semaphore>,
    /// Weak, so that watchers learn when the session ends.
    outbox: Weak<Outbox>,
    shared: Arc<Shared>,
}

/// The session has left memory.
#[derive(Debug)]
pub(crate) enum Gone {
    /// It was told to leave: it was deleted, or made room and comes back when asked for.
    Left,
    /// A bug ended it.
    Ended,
    /// It could not be brought back to where it was.
    Lost(String),
    /// What it was asked could not be written down, so it did not happen.
    NotSaved(StoreError),
}

/// Why a session that was watched is gone.
pub(crate) enum Departure {
    Deleted,
    NotSaved(StoreError),
    /// It made room, and comes back when asked for.
    Left,
    /// A bug ended it.
    Failed,
}

impl From<Gone> for ApiError {
    fn from(gone: Gone) -> Self {
        match gone {
            Gone::Left => Self::SessionLeft,
            Gone::Ended => Self::SessionEnded,
            Gone::Lost(reason) => Self::SessionLost { reason },
            Gone::NotSaved(error) => Self::not_saved(error),
        }
    }
}

impl Handle {
    pub(crate) fn new(
        id: String,
        temperature: f64,
        seat: Arc<pool::Seat<Driver>>,
        outbox: Weak<Outbox>,
        shared: Arc<Shared>,
    ) -> Self {
        Self { id, temperature, seat, places: Arc::new(Semaphore::new(REQUESTS_WAITING)), outbox, shared }
    }

    /// Has a command carried out and written down.
    ///
    /// # Errors
    /// If the session has ended, or the command could not be written down; within, why it refuses.
    pub(crate) async fn apply(&self, command: Command) -> Result<Result<Applied, Rejected>, Gone> {
        self.apply_in(Detail::LastOfSlice, command).await
    }

    /// The same; a run that the command starts is shown in this detail.
    ///
    /// # Errors
    /// As [`Handle::apply`].
    pub(crate) async fn apply_in(&self, detail: Detail, command: Command) -> Result<Result<Applied, Rejected>, Gone> {
        match self.ask(|reply| Request::Apply { command, detail, reply }).await? {
            Ok((applied, saved)) => match saved.await {
                Ok(()) => Ok(Ok(applied)),
                Err(error) => {
                    tracing::error!(session = self.id, %error, "a command could not be written down");
                    // What is in memory is not what is written down: the next one to ask gets what is.
                    self.shared.could_not_save(&error);
                    self.end();
                    Err(Gone::NotSaved(error))
                }
            },
            Err(rejected) => Ok(Err(rejected)),
        }
    }

    /// Has a question answered.
    ///
    /// # Errors
    /// If the session has ended; within, why it does not answer.
    pub(crate) async fn question(&self, question: Box<Question>) -> Result<Result<Answer, Refusal>, Gone> {
        self.ask(|reply| Request::Ask { question, reply }).await
    }

    /// Has a guest's question answered: one about a corpus only if that is built in or the session's own.
    ///
    /// # Errors
    /// If the session has ended; within, why it does not answer.
    pub(crate) async fn guests_question(
        &self,
        question: Box<Question>,
        library: &Library,
    ) -> Result<Result<Answer, Refusal>, Gone> {
        let source = match &*question {
            Question::Corpus { source, .. } => source,
            Question::Plan { spec } => &spec.corpus,
            _ => return self.question(question).await,
        };
        if let CorpusSource::Named { name } = source {
            let known = library.get(name);
            let is_built_in = known.is_some() && !library.is_lent(name);
            // One of the same name may have been added since: the session's own is the one that it trains on.
            if !is_built_in && known != Some(self.overview().await?.corpus) {
                let message = format!("corpus is {name:?}; a guest sees those built in and the session's own");
                return Ok(Err(Refusal::of("corpus", message)));
            }
        }
        self.question(question).await
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
        self.shared.touch();
        let place = self.places.clone().acquire_owned().await.map_err(|_| self.why_gone())?;
        let (reply, answer) = oneshot::channel();
        let queued: Queued = (request(reply), Some(place));
        self.seat.ask(queued);
        answer.await.map_err(|_| self.why_gone())
    }

    fn why_gone(&self) -> Gone {
        match self.shared.failure() {
            Some(reason) => Gone::Lost(reason),
            None if self.shared.is_dismissed() => Gone::Left,
            None => Gone::Ended,
        }
    }

    /// The events from now on, and those between `after` and now, if they are still there.
    ///
    /// # Errors
    /// If the session has ended.
    pub(crate) fn listen(
        &self,
        after: Option<u32>,
    ) -> Result<(Receiver<Published>, Option<VecDeque<Published>>), Gone> {
        self.outbox.upgrade().map(|outbox| outbox.listen(after)).ok_or_else(|| self.why_gone())
    }

    /// The name of its stay in memory: events are numbered anew in the next.
    ///
    /// # Errors
    /// If the session has ended.
    pub(crate) fn life(&self) -> Result<String, Gone> {
        self.outbox.upgrade().map(|outbox| outbox.life().to_string()).ok_or_else(|| self.why_gone())
    }

    /// Lets the session leave memory after the slice at hand. Needs no place: it is never refused.
    pub(crate) fn end(&self) {
        self.shared.dismiss();
        self.seat.ask((Request::End, None));
    }

    /// What can be known without asking.
    pub(crate) fn glance(&self) -> Glance {
        self.shared.glance()
    }

    /// Whether it is there: it leaves when told to, or by a bug.
    pub(crate) fn is_alive(&self) -> bool {
        self.outbox.strong_count() > 0
    }

    /// Why it is not there any more, or leaves.
    pub(crate) fn departure(&self) -> Departure {
        match self.shared.not_saved() {
            _ if self.shared.is_deleted() => Departure::Deleted,
            Some(error) => Departure::NotSaved(error),
            None if self.shared.is_dismissed() => Departure::Left,
            None => Departure::Failed,
        }
    }

    /// Lets it leave because someone deleted it.
    pub(crate) fn delete(&self) {
        self.shared.delete();
        self.end();
    }

    /// Whether it was told to leave.
    pub(crate) fn is_leaving(&self) -> bool {
        self.shared.is_dismissed()
    }

    /// Resolves when it has left: whatever it had written down was said before that.
    pub(crate) async fn gone(&self) {
        if let Ok((mut events, _)) = self.listen(None) {
            while !matches!(events.recv().await, Err(RecvError::Closed)) {}
        }
    }

    /// Sockets connected.
    pub(crate) fn clients(&self) -> usize {
        self.shared.clients()
    }
}

/// A socket's place at a session, given back when dropped.
pub(crate) struct Seat(Weak<Shared>);

impl Seat {
    /// Takes a place; none if `most` are taken.
    pub(crate) fn take(session: &Handle, most: usize) -> Option<Self> {
        session.shared.welcome(most).then(|| Self(Arc::downgrade(&session.shared)))
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        if let Some(shared) = self.0.upgrade() {
            shared.farewell();
        }
    }
}
