//! The conversation over a WebSocket: commands and questions in, everything that happens out.
//!
//! Why the answer to a command is only `done` or `refused`: what it led to reaches every client alike, as events. The answer to
//! a question is for the one who asked.

use std::sync::Arc;

use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Utf8Bytes, WebSocketUpgrade, close_code};
use axum::extract::{Extension, Path, State};
use axum::response::{IntoResponse, Response};
use glassgpt_lab::Library;
use glassgpt_lab::protocol::{ClientMessage, May, PROTOCOL, Refusal, ServerMessage};
use glassgpt_lab::wire_json::with_whole_numbers;
use serde::Deserialize;
use tokio::task::spawn_blocking;
use utoipa::IntoParams;

use crate::api::Query;
use crate::app::App;
use crate::body::read;
use crate::error::ApiError;
use crate::feed::{Feed, Seen};
use crate::guard::Access;
use crate::handle::{Departure, Gone, Handle, Seat};
use crate::in_flight::Meter;
use crate::limits::MESSAGE_BYTES;
use crate::outbox::wire;
use crate::peer::{Deaf, Heard, Peer, READ_BYTES, REASON_BYTES};

/// Close code for a session that is not there, or not any more; after HTTP's 404.
const NO_SESSION: u16 = 4404;

/// Messages up to twice the size allowed are read and refused politely; beyond that the conversation ends.
const HARD_LIMIT: usize = 2 * MESSAGE_BYTES;

/// Why a conversation ends on our side.
enum Goodbye {
    UnknownSession(String),
    TooManyClients {
        most: usize,
    },
    SessionEnded,
    SessionFailed,
    NotNow(String),
    Unreadable(String),
    TooOften(ApiError),
    Stopping,
    /// The client is gone already; there is nobody to tell.
    Silent,
}

impl From<Gone> for Goodbye {
    fn from(gone: Gone) -> Self {
        match gone {
            Gone::Left | Gone::Ended => Self::SessionEnded,
            Gone::Lost(reason) => Self::NotNow(format!("the session cannot be brought back: {reason}")),
            Gone::NotSaved(_) => Self::SessionEnded, // its departure says why
        }
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
            (Self::SessionEnded, Departure::Failed) => Self::SessionFailed,
            (goodbye, _) => goodbye,
        }
    }

    fn frame(self) -> Option<CloseFrame> {
        let (code, mut reason) = match self {
            Self::UnknownSession(id) => (NO_SESSION, format!("there is no session {id}; start a new one")),
            Self::TooManyClients { most } => {
                (close_code::AGAIN, format!("{most} clients watch this session already; try again later"))
            }
            Self::SessionEnded => (NO_SESSION, "the session was deleted; start a new one".to_string()),
            Self::SessionFailed => (close_code::ERROR, "the session failed; start a new one".to_string()),
            Self::NotNow(reason) => (close_code::AGAIN, reason),
            Self::Unreadable(reason) => (close_code::PROTOCOL, reason),
            Self::TooOften(error) => (close_code::POLICY, error.to_string()),
            Self::Stopping => (close_code::AWAY, "the server is stopping".to_string()),
            Self::Silent => return None,
        };
        reason.truncate(reason.floor_char_boundary(REASON_BYTES));
        Some(CloseFrame { code, reason: reason.into() })
    }
}

/// What a client says when it connects.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Greeting {
    /// The `life` that the last `hello` named, if the client comes back.
    life: Option<String>,
    /// With it, the number of the last event that it heard.
    after: Option<u32>,
    /// If given, the client only wants to look, whatever it may do.
    look: Option<String>,
}

/// Turns a request into a conversation.
pub(crate) async fn upgrade(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(Greeting { life, after, look }): Query<Greeting>,
    Extension(access): Extension<Access>,
    meter: Option<Extension<Arc<Meter>>>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let meter = meter.map(|Extension(meter)| meter);
    let seen = life.zip(after).map(|(life, seq)| Seen { life, seq });
    let may = if access == Access::All && look.is_none() { May::All } else { May::Look };
    let most = app.sessions.limits().clients_for(&access);
    match upgrade {
        Ok(upgrade) => {
            upgrade.max_message_size(HARD_LIMIT).max_frame_size(HARD_LIMIT).read_buffer_size(READ_BYTES).on_upgrade(
                move |socket| {
                    let peer = Peer::new(socket, meter, app.sessions.limits());
                    attend(app, id, seen, may, most, peer)
                },
            )
        }
        Err(rejection) => ApiError::NotASocket { reason: rejection.body_text() }.into_response(),
    }
}

async fn attend(app: Arc<App>, id: String, seen: Option<Seen>, may: May, most: usize, mut peer: Peer) {
    let Ok(_pass) = app.admit() else { return say_goodbye(&mut peer, Goodbye::Stopping).await };
    let session = match app.session(&id).await {
        Ok(session) => session,
        Err(ApiError::UnknownSession { id }) => {
            return say_goodbye(&mut peer, Goodbye::UnknownSession(id)).await;
        }
        Err(error) => return say_goodbye(&mut peer, Goodbye::NotNow(error.to_string())).await,
    };
    let Some(_seat) = Seat::take(&session, most) else {
        return say_goodbye(&mut peer, Goodbye::TooManyClients { most }).await;
    };
    let talk = converse(&session, seen, may, &app.library, &mut peer);
    let stop = app.closed();
    let goodbye = tokio::select! {
        biased;
        () = stop => Goodbye::Stopping,
        goodbye = talk => goodbye,
    };
    say_goodbye(&mut peer, goodbye.after(session.departure())).await;
}

async fn converse(session: &Arc<Handle>, seen: Option<Seen>, may: May, library: &Library, peer: &mut Peer) -> Goodbye {
    let (mut feed, life) = match (Feed::new(session.clone(), seen.as_ref()), session.life()) {
        (Ok(feed), Ok(life)) => (feed, life),
        (Err(gone), _) | (_, Err(gone)) => return gone.into(),
    };
    let hello = ServerMessage::Hello { protocol: PROTOCOL, session_id: session.id.clone(), life, may };
    if peer.say(wire(&hello)).await.is_err() {
        return Goodbye::Silent;
    }
    loop {
        // Commands first: a client that is flooded with events can still ask for a pause.
        let said = tokio::select! {
            biased;
            heard = peer.hear() => respond(session, may, library, heard).await,
            text = feed.frame() => text.map_err(Goodbye::from),
        };
        let text = match said {
            Ok(text) => text,
            Err(goodbye) => return goodbye,
        };
        if let Err(Deaf) = peer.say(text).await {
            return Goodbye::Silent;
        }
    }
}

/// What to answer to a message.
async fn respond(session: &Handle, may: May, library: &Library, heard: Heard) -> Result<Utf8Bytes, Goodbye> {
    match heard {
        Heard::Text { text, allowed } => Ok(obey(session, may, library, &text, allowed).await?),
        Heard::Binary => {
            let refusal = Refusal::general("messages are text (JSON), not binary");
            Ok(wire(&ServerMessage::Refused { id: None, refusal }))
        }
        Heard::TooOften(error) => Err(Goodbye::TooOften(error)),
        Heard::Unreadable(error) => Err(Goodbye::Unreadable(error)),
        Heard::Gone => Err(Goodbye::Silent),
    }
}

async fn obey(
    session: &Handle,
    may: May,
    library: &Library,
    text: &str,
    allowed: Result<(), ApiError>,
) -> Result<Utf8Bytes, Gone> {
    let message = match text.len() {
        0..=MESSAGE_BYTES => allowed.and_then(|()| read::<ClientMessage>(text.as_bytes())),
        _ => Err(ApiError::TooLarge { max: MESSAGE_BYTES }),
    };
    let answer = match message {
        Ok(ClientMessage { id, command: Some(_), question: None }) if may == May::Look => {
            let refusal = ApiError::LookOnly.refusal();
            ServerMessage::Refused { id: Some(id), refusal }
        }
        Ok(ClientMessage { id, command: Some(command), question: None }) => match session.apply(command).await? {
            Ok(_) => ServerMessage::Done { id },
            Err(rejected) => ServerMessage::Refused { id: Some(id), refusal: rejected.refusal },
        },
        Ok(ClientMessage { id, command: None, question: Some(question) }) => {
            let question = Box::new(question);
            let answer = match may {
                May::All => session.question(question).await?,
                May::Look => session.guests_question(question, library).await?,
            };
            match answer {
                Ok(answer) => ServerMessage::Answered { id, answer: Box::new(answer) },
                Err(refusal) => ServerMessage::Refused { id: Some(id), refusal },
            }
        }
        Ok(ClientMessage { id, .. }) => {
            let refusal = Refusal::general("a message has either a command or a question");
            ServerMessage::Refused { id: Some(id), refusal }
        }
        Err(error) => ServerMessage::Refused { id: id_of(text), refusal: error.refusal() },
    };
    // A long answer takes a while to write out: not on an async worker.
    spawn_blocking(move || wire(&answer)).await.map_err(|_| Gone::Ended)
}

/// The number of a message whose command cannot be read.
fn id_of(text: &str) -> Option<u32> {
    #[derive(serde::Deserialize)]
    struct OnlyId {
        id: u32,
    }
    serde_json::from_slice::<OnlyId>(&with_whole_numbers(text.as_bytes())).ok().map(|message| message.id)
}

async fn say_goodbye(peer: &mut Peer, goodbye: Goodbye) {
    if let Some(frame) = goodbye.frame() {
        peer.say_goodbye(frame).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::StoreError;

    #[test]
    fn only_a_session_that_was_deleted_is_said_to_be() {
        let full = StoreError::NotWritten { reason: "database or disk is full".to_string() };
        for (departure, code, words) in [
            (Departure::Deleted, NO_SESSION, "deleted"),
            (Departure::NotSaved(full), close_code::AGAIN, "could not be saved"),
            (Departure::Left, close_code::AGAIN, "connect again"),
            (Departure::Failed, close_code::ERROR, "failed"),
        ] {
            let frame = Goodbye::SessionEnded.after(departure).frame().expect("there is someone to tell");
            assert_eq!(frame.code, code, "{}", frame.reason);
            assert!(frame.reason.contains(words), "{}", frame.reason);
        }
    }
}
