//! What a client is told of a session: a snapshot, or what it missed, then each event after it; and a new snapshot if it
//! fell behind.
//!
//! Why in this order: whoever listens first and looks second misses nothing, and can tell by the numbers what it has
//! already seen. A slow client costs the others nothing: it is not waited for, and it is not dropped.

use std::collections::VecDeque;
use std::sync::Arc;

use axum::extract::ws::Utf8Bytes;
use glassgpt_lab::protocol::ServerMessage;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::task::spawn_blocking;

use crate::handle::{Gone, Handle};
use crate::outbox::{Published, wire};

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
    /// The last event told; none if a snapshot is due.
    told: Option<u32>,
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
        Ok(Self { session, events, missed: missed.unwrap_or_default(), told })
    }

    /// The next message. May be cancelled: nothing is lost.
    ///
    /// # Errors
    /// If the session has ended.
    pub(crate) async fn next(&mut self) -> Result<Utf8Bytes, Gone> {
        loop {
            let Some(told) = self.told else { return self.resynchronise().await };
            if let Some(event) = self.missed.pop_front() {
                self.told = Some(event.seq);
                return Ok(event.text);
            }
            match self.events.recv().await {
                Ok(event) if event.seq > told => {
                    self.told = Some(event.seq);
                    return Ok(event.text);
                }
                Ok(_) => {} // the snapshot has it
                Err(RecvError::Lagged(_)) => self.told = None,
                Err(RecvError::Closed) => return Err(Gone::Ended),
            }
        }
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
