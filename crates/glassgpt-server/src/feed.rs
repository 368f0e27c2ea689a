//! What a client is told of a session: a snapshot, then each event after it; and a new snapshot if it fell behind.
//!
//! Why in this order: whoever listens first and looks second misses nothing, and can tell by the numbers what it has
//! already seen. A slow client costs the others nothing: it is not waited for, and it is not dropped.

use std::sync::Arc;

use axum::extract::ws::Utf8Bytes;
use glassgpt_lab::protocol::ServerMessage;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::task::spawn_blocking;

use crate::driver::{Published, wire};
use crate::handle::{Gone, Handle};

/// A client's view of a session.
pub(crate) struct Feed {
    session: Arc<Handle>,
    events: Receiver<Published>,
    /// The last event told; none if a snapshot is due.
    told: Option<u32>,
}

impl Feed {
    /// Begins to listen.
    ///
    /// # Errors
    /// If the session has ended.
    pub(crate) fn new(session: Arc<Handle>) -> Result<Self, Gone> {
        let events = session.events()?;
        Ok(Self { session, events, told: None })
    }

    /// The next message. May be cancelled: nothing is lost.
    ///
    /// # Errors
    /// If the session has ended.
    pub(crate) async fn next(&mut self) -> Result<Utf8Bytes, Gone> {
        loop {
            let Some(told) = self.told else { return self.resynchronise().await };
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
        self.events = self.session.events()?;
        let snapshot = self.session.snapshot().await?;
        let (seq, session_id) = (snapshot.seq, self.session.id.clone());
        // A long history takes a while to write out: not on an async worker.
        let message = ServerMessage::Snapshot { session_id, snapshot: Box::new(snapshot) };
        let text = spawn_blocking(move || wire(&message)).await.map_err(|_| Gone::Ended)?;
        self.told = Some(seq);
        Ok(text)
    }
}
