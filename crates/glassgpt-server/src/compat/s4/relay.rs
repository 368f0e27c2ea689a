//! One listener for all S4 sockets of a session: it words what happens once, and hands it on at most 60 times a second.
//!
//! Why one: putting a run at full speed into S4's words takes about as long as training it. A client that is late is not
//! waited for; it is told anew how the session stands.

use std::collections::HashMap;
use std::future::{Future, ready};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use axum::extract::ws::Utf8Bytes;
use glassgpt_lab::protocol::{Command, ServerMessage};
use tokio::sync::{broadcast, watch};
use tokio::task::{AbortHandle, spawn_blocking};
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::teller::Teller;
use crate::feed::Feed;
use crate::handle::{Gone, Handle};
use crate::limits::{EVENTS_KEPT, FRAME};

/// How long a step is held back for what is watched in it, which as a rule is there already.
const HOLD: Duration = Duration::from_millis(500);

/// S4's page takes the answer to `run` for the newest it knows, so the end of a run is told no sooner after its beginning.
const RUN_ANSWERED: Duration = Duration::from_millis(150);

/// How long a page may take to hear what was sent to it, before the answer to a request overtakes it.
const HEARD: Duration = Duration::from_millis(50);

/// How long to wait until something is sent to it at all.
const TOLD: Duration = Duration::from_secs(1);

/// Frames kept for clients that are a little late: half a second.
const FRAMES_KEPT: usize = 32;

/// Messages that belong together: those of one moment.
pub(crate) type Frame = Arc<[Utf8Bytes]>;

/// The session has ended, or cannot be asked any more.
pub(crate) struct Over;

impl From<Gone> for Over {
    fn from(_: Gone) -> Self {
        Self
    }
}

/// The relays there are, by their sessions' names. Each ends when its last socket leaves.
#[derive(Default)]
pub(crate) struct Relays(Mutex<HashMap<String, Weak<Relay>>>);

impl Relays {
    /// The relay of a session.
    ///
    /// # Errors
    /// If the session has ended.
    pub(crate) fn of(&self, session: &Arc<Handle>) -> Result<Arc<Relay>, Over> {
        let mut relays = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        relays.retain(|_, relay| relay.upgrade().is_some_and(|relay| relay.is_alive()));
        if let Some(relay) = relays.get(&session.id).and_then(Weak::upgrade) {
            return Ok(relay);
        }
        let relay = Arc::new(Relay::new(session)?);
        relays.insert(session.id.clone(), Arc::downgrade(&relay));
        Ok(relay)
    }

    /// Whether someone watches a session over S4's socket.
    pub(crate) fn watch(&self, session: &Handle) -> bool {
        self.there(session).is_some()
    }

    /// Waits until those who watch a session have been told of an event. S4's page takes an answer for the newest it knows.
    pub(crate) async fn have_told(&self, session: &Handle, seq: u32) {
        let Some(mut told) = self.there(session).map(|relay| relay.told.clone()) else { return };
        let was_told = timeout(TOLD, told.wait_for(|told| *told >= seq)).await.is_ok_and(|told| told.is_ok());
        if was_told {
            sleep(HEARD).await;
        }
    }

    fn there(&self, session: &Handle) -> Option<Arc<Relay>> {
        let relays = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        relays.get(&session.id).and_then(Weak::upgrade).filter(|relay| relay.is_alive())
    }
}

/// Tells all S4 sockets of a session what happens there.
pub(crate) struct Relay {
    /// What a newcomer is told first; none until the session has been looked at.
    greeting: watch::Receiver<Option<Frame>>,
    frames: broadcast::WeakSender<Frame>,
    /// The last event told.
    told: watch::Receiver<u32>,
    work: AbortHandle,
}

impl Relay {
    fn new(session: &Arc<Handle>) -> Result<Self, Over> {
        let feed = Feed::new(session.clone(), None)?;
        let (greeting, greetings) = watch::channel(None);
        let (frames, _) = broadcast::channel(FRAMES_KEPT);
        let (told, last_told) = watch::channel(0);
        let listeners = frames.downgrade();
        let work = Work { session: session.clone(), feed, greeting, frames, told, teller: None };
        let work = tokio::spawn(work.run()).abort_handle();
        Ok(Self { greeting: greetings, frames: listeners, told: last_told, work })
    }

    fn is_alive(&self) -> bool {
        self.frames.strong_count() > 0
    }

    /// How the session stands, and all that happens after that.
    ///
    /// # Errors
    /// If the session has ended.
    pub(crate) async fn listen(&self) -> Result<(Frame, broadcast::Receiver<Frame>), Over> {
        let mut greetings = self.greeting.clone();
        // Whoever holds the greeting keeps the next frame waiting, so nothing is told twice or missed in between.
        let greeting = greetings.wait_for(Option::is_some).await.map_err(|_| Over)?;
        let frames = self.frames.upgrade().ok_or(Over)?.subscribe();
        greeting.clone().map(|greeting| (greeting, frames)).ok_or(Over)
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.work.abort();
    }
}

struct Work {
    session: Arc<Handle>,
    feed: Feed,
    greeting: watch::Sender<Option<Frame>>,
    frames: broadcast::Sender<Frame>,
    told: watch::Sender<u32>,
    teller: Option<Teller>,
}

impl Work {
    /// Works until the session ends.
    async fn run(mut self) {
        while self.frame().await.is_ok() {}
    }

    async fn frame(&mut self) -> Result<(), Over> {
        let texts = self.texts().await?;
        let end = Instant::now() + FRAME;
        let (teller, session) = (self.teller.take(), self.session.clone());
        // A slice at full speed takes a while to word: not on an async worker.
        let worded = spawn_blocking(move || word(teller, &session, &texts)).await.map_err(|_| Over)?;
        let Some(mut teller) = worded else { return Ok(()) };
        // First watched, then told: whoever hears of an experiment sees the inside of all its steps.
        let unwatched = teller.unwatched();
        if !unwatched.is_empty() {
            let is_accepted = self.session.apply(Command::Observe { addresses: unwatched }).await?.is_ok();
            teller.watch(is_accepted); // a model too large to be watched is told of without
        }
        if let Some(began) = teller.short_run() {
            sleep_until(began + RUN_ANSWERED).await;
        }
        let (greeting, messages): (Frame, Frame) = (teller.greeting().into(), teller.messages().into());
        let seq = teller.seq();
        self.teller = Some(teller);
        self.greeting.send_modify(|told| {
            *told = Some(greeting);
            if !messages.is_empty() {
                drop(self.frames.send(messages)); // nobody there is nobody to tell
            }
        });
        self.told.send_replace(seq);
        sleep_until(end).await;
        Ok(())
    }

    /// What has happened: at least something, unless a step is held back and what it waits for does not come.
    async fn texts(&mut self) -> Result<Vec<Utf8Bytes>, Over> {
        let is_waited_for = self.teller.as_ref().is_some_and(Teller::holds);
        let first =
            if is_waited_for { timeout(HOLD, self.feed.next()).await.ok() } else { Some(self.feed.next().await) };
        let mut texts: Vec<Utf8Bytes> = first.transpose()?.into_iter().collect();
        while texts.len() < EVENTS_KEPT
            && let Some(text) = at_once(self.feed.next()).await
        {
            texts.push(text?);
        }
        Ok(texts)
    }
}

/// What a future comes to, if it need not be waited for.
async fn at_once<T>(future: impl Future<Output = T>) -> Option<T> {
    tokio::select! {
        biased;
        result = future => Some(result),
        () = ready(()) => None,
    }
}

/// Hears some messages of the feed, beginning with a snapshot.
fn word(mut teller: Option<Teller>, session: &Handle, texts: &[Utf8Bytes]) -> Option<Teller> {
    if let Some(teller) = &mut teller
        && texts.is_empty()
    {
        teller.give_up();
    }
    for text in texts {
        match serde_json::from_str(text) {
            Ok(ServerMessage::Snapshot { snapshot, .. }) => {
                let is_late = teller.is_some();
                let mut fresh = Teller::new(&session.id, session.temperature, *snapshot);
                if is_late {
                    fresh.begin_anew();
                }
                teller = Some(fresh);
            }
            Ok(ServerMessage::Event(event)) => {
                if let Some(teller) = &mut teller {
                    teller.hear(*event);
                }
            }
            // The feed has nothing else, and all of it can be read back but for a number that JSON does not have: the
            // model is about to diverge, and the next message says so.
            Ok(_) | Err(_) => {}
        }
    }
    teller
}
