//! `WS /ws/{id}`: S4's socket, which only tells; what a client says over it is not listened to, as with S4.
//!
//! Why no command here: S4's clients send theirs over HTTP.

use std::sync::Arc;

use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, WebSocketUpgrade, close_code};
use axum::extract::{Extension, Path, State};
use axum::response::{IntoResponse, Response};
use tokio::sync::broadcast::error::RecvError;

use super::find;
use super::relay::{Over, Relay};
use crate::app::App;
use crate::error::ApiError;
use crate::guard::Access;
use crate::handle::{Departure, Handle, Seat};
use crate::in_flight::Meter;
use crate::peer::{Deaf, Heard, Peer, READ_BYTES, REASON_BYTES};

/// Close code for a session that is not there any more; after HTTP's 404.
const NO_SESSION: u16 = 4404;

/// Largest message that a client may send, in bytes. None is expected.
const SAID_BYTES: usize = 1 << 16;

/// Why a conversation ends.
enum Goodbye {
    TooManyClients {
        most: usize,
    },
    SessionEnded,
    /// It left memory, and comes back when it is asked for.
    NotNow(String),
    TooOften(ApiError),
    Stopping,
    /// The client is gone already; there is nobody to tell.
    Silent,
}

impl From<Over> for Goodbye {
    fn from(_: Over) -> Self {
        Self::SessionEnded
    }
}

impl From<Deaf> for Goodbye {
    fn from(_: Deaf) -> Self {
        Self::Silent
    }
}

impl Goodbye {
    /// Says why a session that ended did.
    fn after(self, departure: Departure) -> Self {
        match (self, departure) {
            (Self::SessionEnded, Departure::NotSaved(error)) => {
                Self::NotNow(format!("it could not be saved; connect again: {error}"))
            }
            (Self::SessionEnded, Departure::Left) => {
                Self::NotNow("the session just left memory; connect again".to_string())
            }
            (goodbye, _) => goodbye,
        }
    }

    fn frame(self) -> Option<CloseFrame> {
        let (code, mut reason) = match self {
            Self::TooManyClients { most } => {
                (close_code::AGAIN, format!("{most} clients watch this session already; try again later"))
            }
            Self::SessionEnded => (NO_SESSION, "the session has ended; start a new one".to_string()),
            Self::NotNow(reason) => (close_code::AGAIN, reason),
            Self::TooOften(error) => (close_code::POLICY, error.to_string()),
            Self::Stopping => (close_code::AWAY, "the server is stopping".to_string()),
            Self::Silent => return None,
        };
        reason.truncate(reason.floor_char_boundary(REASON_BYTES));
        Some(CloseFrame { code, reason: reason.into() })
    }
}

/// Turns a request into a conversation. A session that is not there is refused before, as S4 does.
pub(crate) async fn upgrade(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Extension(access): Extension<Access>,
    meter: Option<Extension<Arc<Meter>>>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let meter = meter.map(|Extension(meter)| meter);
    let session = match find(&app, &id).await {
        Ok(session) => session,
        Err(error) => return error.into_response(),
    };
    match upgrade {
        Ok(upgrade) => {
            upgrade.max_message_size(SAID_BYTES).max_frame_size(SAID_BYTES).read_buffer_size(READ_BYTES).on_upgrade(
                move |socket| {
                    let peer = Peer::new(socket, meter, app.sessions.limits());
                    async move { attend(app, session, &access, peer).await }
                },
            )
        }
        Err(rejection) => ApiError::NotASocket { reason: rejection.body_text() }.into_response(),
    }
}

async fn attend(app: Arc<App>, session: Arc<Handle>, access: &Access, mut peer: Peer) {
    let most = app.sessions.limits().clients_for(access);
    let goodbye = match (app.admit(), Seat::take(&session, most)) {
        (Err(_), _) => Goodbye::Stopping,
        (_, None) => Goodbye::TooManyClients { most },
        (Ok(_pass), Some(_seat)) => {
            let stop = app.closed();
            let talk = converse(&app, &session, &mut peer);
            tokio::select! {
                biased;
                () = stop => Goodbye::Stopping,
                goodbye = talk => goodbye,
            }
        }
    };
    if let Some(frame) = goodbye.after(session.departure()).frame() {
        peer.say_goodbye(frame).await;
    }
}

async fn converse(app: &App, session: &Arc<Handle>, peer: &mut Peer) -> Goodbye {
    let relay = match app.compat.relays.of(session) {
        Ok(relay) => relay,
        Err(gone) => return gone.into(),
    };
    loop {
        if let Err(goodbye) = follow(&relay, peer).await {
            return goodbye;
        }
    }
}

/// Tells how the session stands and what happens, until the client has fallen behind.
async fn follow(relay: &Relay, peer: &mut Peer) -> Result<(), Goodbye> {
    let (greeting, mut frames) = relay.listen().await?;
    peer.say_together(&greeting).await?;
    loop {
        tokio::select! {
            biased;
            heard = peer.hear() => match heard {
                Heard::Gone | Heard::Unreadable(_) => return Err(Goodbye::Silent),
                Heard::TooOften(error) | Heard::Text { allowed: Err(error), .. } => return Err(Goodbye::TooOften(error)),
                Heard::Text { .. } | Heard::Binary => {}
            },
            frame = frames.recv() => match frame {
                Ok(frame) => peer.say_together(&frame).await?,
                Err(RecvError::Lagged(_)) => return Ok(()),
                Err(RecvError::Closed) => return Err(Goodbye::SessionEnded),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::StoreError;

    #[test]
    fn a_session_that_can_come_back_is_not_said_to_have_ended() {
        let full = StoreError::NotWritten { reason: "database or disk is full".to_string() };
        for (departure, code, words) in [
            (Departure::NotSaved(full), close_code::AGAIN, "could not be saved"),
            (Departure::Left, close_code::AGAIN, "connect again"),
            (Departure::Deleted, NO_SESSION, "has ended"),
            (Departure::Failed, NO_SESSION, "has ended"),
        ] {
            let frame = Goodbye::SessionEnded.after(departure).frame().expect("there is someone to tell");
            assert_eq!(frame.code, code, "{}", frame.reason);
            assert!(frame.reason.contains(words), "{}", frame.reason);
        }
    }
}
