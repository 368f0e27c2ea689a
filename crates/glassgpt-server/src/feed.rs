//! What a client is told of a session: a snapshot, or what it missed, then each event after it; and a new snapshot if it
//! fell behind.
//!
//! Why in this order: whoever listens first and looks second misses nothing, and can tell by the numbers what it has
//! already seen. A slow client costs the others nothing: it is not waited for, and it is not dropped.
//!
//! Why in frames: no screen shows more than 60 a second, and a class that all send commands would make many more.

use std::collections::VecDeque;
use std::sync::Arc;

use axum::extract::ws::Utf8Bytes;
use glassgpt_lab::protocol::ServerMessage;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep_until};

use crate::handle::{Gone, Handle};
use crate::limits::{EVENTS_KEPT, FRAME};
use crate::outbox::{Published, together, wire};

/// Where a client was when it lost its socket.
pub(crate) struct Seen {
    /// The session's stay in memory that it heard of.
    pub(crate) life: String,
    /// The last event that it heard.
    pub(crate) seq: u32,
}

/// A client's view of a session.
pub(crate) struct Feed {
    session: Arc<Handle>,
    events: Receiver<Published>,
    /// Events that it missed while it was away.
    missed: VecDeque<Published>,
    /// The last event taken; none if a snapshot is due.
    told: Option<u32>,
    /// Events taken for the next frame.
    batch: Vec<Published>,
    /// Not before then.
    frame_due: Instant,
}

impl Feed {
    /// Begins to listen, where the client was if that is not too long ago.
    ///
    /// # Errors
    /// If the session has ended.
    pub(crate) fn new(session: Arc<Handle>, seen: Option<&Seen>) -> Result<Self, Gone> {
        let after = seen.filter(|seen| session.life().is_ok_and(|life| life == seen.life)).map(|seen| seen.seq);
        let (events, missed) = session.listen(after)?;
        let told = after.filter(|_| missed.is_some());
        let missed = missed.unwrap_or_default();
        Ok(Self { session, events, missed, told, batch: Vec::new(), frame_due: Instant::now() })
    }

    /// The next message. May be cancelled: nothing is lost.
    ///
    /// # Errors
    /// If the session has ended.
    pub(crate) async fn next(&mut self) -> Result<Utf8Bytes, Gone> {
        while self.told.is_some() {
            if let Some(event) = self.take().await? {
                return Ok(event.text);
            }
        }
        self.resynchronise().await
    }

    /// All that happened since the last frame, in one message, a frame's time after it at the earliest. May be cancelled:
    /// nothing is lost.
    ///
    /// # Errors
    /// If the session has ended.
    pub(crate) async fn frame(&mut self) -> Result<Utf8Bytes, Gone> {
        let due = self.frame_due;
        while self.told.is_some() {
            let is_ready = !self.batch.is_empty();
            let has_room = self.batch.len() < EVENTS_KEPT; // the rest waits in the channel, or becomes a snapshot
            tokio::select! {
                biased;
                () = sleep_until(due), if is_ready => {
                    self.frame_due = Instant::now() + FRAME;
                    return Ok(together(&std::mem::take(&mut self.batch)));
                }
                event = self.take(), if has_room => self.batch.extend(event?),
            }
        }
        self.batch.clear(); // the snapshot has it all
        sleep_until(due).await;
        let snapshot = self.resynchronise().await?;
        self.frame_due = Instant::now() + FRAME;
        Ok(snapshot)
    }

    /// The next event; none if it has been seen, or if too many were missed.
    async fn take(&mut self) -> Result<Option<Published>, Gone> {
        let event = match self.missed.pop_front() {
            Some(event) => event,
            None => match self.events.recv().await {
                Ok(event) if Some(event.seq) > self.told => event,
                Ok(_) => return Ok(None), // the snapshot has it
                Err(RecvError::Lagged(_)) => {
                    self.told = None;
                    return Ok(None);
                }
                Err(RecvError::Closed) => return Err(Gone::Ended),
            },
        };
        self.told = Some(event.seq);
        Ok(Some(event))
    }

    async fn resynchronise(&mut self) -> Result<Utf8Bytes, Gone> {
        (self.events, _) = self.session.listen(None)?;
        let snapshot = self.session.snapshot().await?;
        let (seq, session_id) = (snapshot.seq, self.session.id.clone());
        // A long history takes a while to write out: not on an async worker.
        let message = ServerMessage::Snapshot { session_id, snapshot: Box::new(snapshot) };
        let text = spawn_blocking(move || wire(&message)).await.map_err(|_| Gone::Ended)?;
        self.told = Some(seq);
        Ok(text)
    }
}
