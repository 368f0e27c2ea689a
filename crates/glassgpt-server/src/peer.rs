//! The other end of a WebSocket: what it says, and what it is told, within bounds.
//!
//! Why not the socket itself: a client that sends pings and reads nothing would make the server hold a pong for each. Here control
//! frames count as messages, and nothing more is read until the pong is on its way.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use futures_util::SinkExt;
use tokio::time::{Instant, sleep_until, timeout};

use crate::error::ApiError;
use crate::in_flight::{Meter, OWN_BYTES};
use crate::limits::{GOODBYE, Limits};
use crate::rate::Talker;

/// Bytes of a socket that are read at once.
pub(crate) const READ_BYTES: usize = 16 << 10;

/// Longest reason that a closing frame can hold, in bytes.
pub(crate) const REASON_BYTES: usize = 123;

/// One end of a conversation.
pub(crate) struct Peer {
    socket: WebSocket,
    talker: Talker,
    /// What it holds of a message that is not complete, if its connection counts that.
    meter: Option<Arc<Meter>>,
    send_patience: Duration,
    message_patience: Duration,
    keep_alive: Duration,
    /// When it last said something.
    heard: Instant,
    /// When it was asked whether it is still there, if it has not said anything since.
    asked: Option<Instant>,
    /// A pong waits to be sent.
    owes_pong: bool,
}

/// What a client says.
pub(crate) enum Heard {
    /// A message, and whether that is not too many.
    Text { text: Utf8Bytes, allowed: Result<(), ApiError> },
    /// A message that is not text.
    Binary,
    /// More control frames than allowed.
    TooOften(ApiError),
    /// What cannot be read.
    Unreadable(String),
    /// It said goodbye, or does not answer.
    Gone,
}

/// The client accepts nothing more.
pub(crate) struct Deaf;

impl Peer {
    pub(crate) fn new(socket: WebSocket, meter: Option<Arc<Meter>>, limits: &Limits) -> Self {
        Self {
            socket,
            talker: Talker::new(limits.per_second),
            meter,
            send_patience: limits.send_patience,
            message_patience: limits.message_patience,
            keep_alive: limits.keep_alive,
            heard: Instant::now(),
            asked: None,
            owes_pong: false,
        }
    }

    /// The next message. May be cancelled: nothing is lost.
    pub(crate) async fn hear(&mut self) -> Heard {
        loop {
            if self.owes_pong && self.flush().await.is_err() {
                return Heard::Gone;
            }
            let due = self.asked.map_or(self.heard + self.keep_alive, |asked| asked + 2 * self.keep_alive);
            let whole_by = self.incomplete_since().unwrap_or_else(Instant::now) + self.message_patience;
            let message = tokio::select! {
                biased; // what it said while nobody listened shows that it is there
                message = self.socket.recv() => message,
                () = sleep_until(whole_by) => {
                    if self.incomplete_since().is_some_and(|since| since.elapsed() >= self.message_patience) {
                        let seconds = self.message_patience.as_secs_f64();
                        return Heard::Unreadable(format!("a message must be complete within {seconds} s"));
                    }
                    continue;
                }
                () = sleep_until(due) => {
                    if self.asked.is_some() || self.ask_whether_there().await.is_err() {
                        return Heard::Gone;
                    }
                    continue;
                }
            };
            (self.heard, self.asked) = (Instant::now(), None);
            let message = match message {
                Some(Ok(message)) => message,
                Some(Err(error)) => return Heard::Unreadable(error.to_string()),
                None => return Heard::Gone,
            };
            self.note_complete(&message);
            let allowed = self.talker.count();
            match (message, allowed) {
                (Message::Text(text), allowed) => return Heard::Text { text, allowed },
                (Message::Close(_), _) => return Heard::Gone,
                (_, Err(too_often)) => return Heard::TooOften(too_often),
                (Message::Binary(_), Ok(())) => return Heard::Binary,
                (Message::Ping(_), Ok(())) => self.owes_pong = true, // the socket answers, once it is flushed
                (Message::Pong(_), Ok(())) => {}
            }
        }
    }

    fn incomplete_since(&self) -> Option<Instant> {
        self.meter.as_ref().and_then(|meter| meter.incomplete_since())
    }

    fn note_complete(&self, message: &Message) {
        let Some(meter) = &self.meter else { return };
        match message {
            Message::Ping(payload) | Message::Pong(payload) => meter.control_frame_complete(payload.len()),
            Message::Text(_) | Message::Binary(_) | Message::Close(_) => meter.complete(),
        }
    }

    /// Sends a message.
    pub(crate) async fn say(&mut self, text: Utf8Bytes) -> Result<(), Deaf> {
        self.say_together(&[text]).await
    }

    /// Sends messages together.
    pub(crate) async fn say_together(&mut self, texts: &[Utf8Bytes]) -> Result<(), Deaf> {
        let bytes = texts.iter().map(|text| text.len()).sum();
        let Self { socket, meter, send_patience, .. } = self;
        let send = async {
            // What is long takes its bytes from the budget until it is sent.
            let _held = match meter {
                Some(meter) if bytes > OWN_BYTES => meter.budget().clone().take(bytes).await,
                _ => None,
            };
            for text in texts {
                socket.feed(Message::Text(text.clone())).await?;
            }
            socket.flush().await
        };
        done(timeout(*send_patience, send).await)
    }

    /// Ends the conversation.
    pub(crate) async fn say_goodbye(&mut self, frame: CloseFrame) {
        drop(timeout(GOODBYE, self.socket.send(Message::Close(Some(frame)))).await);
    }

    async fn ask_whether_there(&mut self) -> Result<(), Deaf> {
        self.send(Message::Ping(Bytes::new())).await?;
        self.asked = Some(Instant::now()); // only now: a client that was not asked need not answer
        Ok(())
    }

    async fn send(&mut self, message: Message) -> Result<(), Deaf> {
        done(timeout(self.send_patience, self.socket.send(message)).await)
    }

    async fn flush(&mut self) -> Result<(), Deaf> {
        let flushed = done(timeout(self.send_patience, self.socket.flush()).await);
        self.owes_pong = false;
        flushed
    }
}

fn done<E, T>(outcome: Result<Result<(), E>, T>) -> Result<(), Deaf> {
    match outcome {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(Deaf),
    }
}
