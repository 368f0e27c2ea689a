//! The conversation over a WebSocket: commands and questions in, everything that happens out.
//!
//! Why the answer to a command is only `done` or `refused`: what it led to reaches every client alike, as events. The answer to
//! a question is for the one who asked.

use std::sync::Arc;

use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade, close_code};
use axum::extract::{Extension, Path, State};
use axum::response::{IntoResponse, Response};
use glassgpt_lab::protocol::{ClientMessage, May, PROTOCOL, Refusal, ServerMessage};
use serde::Deserialize;
use tokio::task::spawn_blocking;
use tokio::time::timeout;
use utoipa::IntoParams;

use crate::api::Query;
use crate::app::App;
use crate::body::read;
use crate::error::ApiError;
use crate::feed::{Feed, Seen};
use crate::guard::Access;
use crate::handle::{Gone, Handle, Seat};
use crate::limits::{GOODBYE, MESSAGE_BYTES, SEND_PATIENCE};
use crate::outbox::wire;
use crate::rate::Talker;

/// Close code for a session that is not there, or not any more; after HTTP's 404.
const NO_SESSION: u16 = 4404;

/// Longest reason that a closing frame can hold.
const REASON_BYTES: usize = 123;

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
    Stopping,
    /// The client is gone already; there is nobody to tell.
    Silent,
}

impl From<Gone> for Goodbye {
    fn from(gone: Gone) -> Self {
        match gone {
            Gone::Left | Gone::Ended => Self::SessionEnded,
            Gone::Lost(reason) => Self::NotNow(format!("the session cannot be brought back: {reason}")),
            Gone::NotSaved(error) => Self::NotNow(error.to_string()),
        }
    }
}

impl Goodbye {
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
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let seen = life.zip(after).map(|(life, seq)| Seen { life, seq });
    let may = if access == Access::All && look.is_none() { May::All } else { May::Look };
    match upgrade {
        Ok(upgrade) => upgrade
            .max_message_size(HARD_LIMIT)
            .max_frame_size(HARD_LIMIT)
            .on_upgrade(move |socket| attend(app, id, seen, may, socket)),
        Err(rejection) => ApiError::NotASocket { reason: rejection.body_text() }.into_response(),
    }
}

/// Whoever is at the other end.
struct Visitor {
    may: May,
    talker: Talker,
}

async fn attend(app: Arc<App>, id: String, seen: Option<Seen>, may: May, mut socket: WebSocket) {
    let Ok(_pass) = app.admit() else { return say_goodbye(&mut socket, Goodbye::Stopping).await };
    let session = match app.session(&id).await {
        Ok(session) => session,
        Err(ApiError::UnknownSession { id }) => {
            return say_goodbye(&mut socket, Goodbye::UnknownSession(id)).await;
        }
        Err(error) => return say_goodbye(&mut socket, Goodbye::NotNow(error.to_string())).await,
    };
    let most = app.sessions.limits().clients_per_session;
    let Some(_seat) = Seat::take(&session, most) else {
        return say_goodbye(&mut socket, Goodbye::TooManyClients { most }).await;
    };
    let visitor = Visitor { may, talker: Talker::new(app.sessions.limits().per_second) };
    let talk = converse(&session, seen, &visitor, &mut socket);
    let stop = app.closed();
    let goodbye = tokio::select! {
        biased;
        () = stop => Goodbye::Stopping,
        goodbye = talk => goodbye,
    };
    let goodbye = match goodbye {
        // Whoever is told to leave says so first, so one that just left has ended by itself: by a bug.
        Goodbye::SessionEnded if !session.is_leaving() => Goodbye::SessionFailed,
        goodbye => goodbye,
    };
    say_goodbye(&mut socket, goodbye).await;
}

async fn converse(session: &Arc<Handle>, seen: Option<Seen>, visitor: &Visitor, socket: &mut WebSocket) -> Goodbye {
    let (mut feed, life) = match (Feed::new(session.clone(), seen.as_ref()), session.life()) {
        (Ok(feed), Ok(life)) => (feed, life),
        (Err(gone), _) | (_, Err(gone)) => return gone.into(),
    };
    let hello = ServerMessage::Hello { protocol: PROTOCOL, session_id: session.id.clone(), life, may: visitor.may };
    if let Err(goodbye) = say(socket, Message::Text(wire(&hello))).await {
        return goodbye;
    }
    loop {
        // Commands first: a client that is flooded with events can still ask for a pause.
        let said = tokio::select! {
            biased;
            message = socket.recv() => hear(session, visitor, message).await,
            text = feed.frame() => text.map(Some).map_err(Goodbye::from),
        };
        match said {
            Ok(None) => {}
            Ok(Some(text)) => {
                if let Err(goodbye) = say(socket, Message::Text(text)).await {
                    return goodbye;
                }
            }
            Err(goodbye) => return goodbye,
        }
    }
}

/// What to answer to a message.
async fn hear(
    session: &Handle,
    visitor: &Visitor,
    message: Option<Result<Message, axum::Error>>,
) -> Result<Option<Utf8Bytes>, Goodbye> {
    match message {
        Some(Ok(Message::Text(text))) => Ok(Some(obey(session, visitor, &text).await?)),
        Some(Ok(Message::Binary(_))) => {
            let refusal = Refusal::general("messages are text (JSON), not binary");
            Ok(Some(wire(&ServerMessage::Refused { id: None, refusal })))
        }
        Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(None), // axum answers pings
        Some(Ok(Message::Close(_))) | None => Err(Goodbye::Silent),
        Some(Err(error)) => Err(Goodbye::Unreadable(error.to_string())),
    }
}

async fn obey(session: &Handle, visitor: &Visitor, text: &str) -> Result<Utf8Bytes, Gone> {
    let message = match text.len() {
        0..=MESSAGE_BYTES => visitor.talker.count().and_then(|()| read::<ClientMessage>(text.as_bytes())),
        _ => Err(ApiError::TooLarge { max: MESSAGE_BYTES }),
    };
    let answer = match message {
        Ok(ClientMessage { id, command: Some(_), question: None }) if visitor.may == May::Look => {
            let refusal = ApiError::LookOnly.refusal();
            ServerMessage::Refused { id: Some(id), refusal }
        }
        Ok(ClientMessage { id, command: Some(command), question: None }) => match session.apply(command).await? {
            Ok(_) => ServerMessage::Done { id },
            Err(rejected) => ServerMessage::Refused { id: Some(id), refusal: rejected.refusal },
        },
        Ok(ClientMessage { id, command: None, question: Some(question) }) => {
            match session.question(Box::new(question)).await? {
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
    serde_json::from_str::<OnlyId>(text).ok().map(|message| message.id)
}

async fn say(socket: &mut WebSocket, message: Message) -> Result<(), Goodbye> {
    match timeout(SEND_PATIENCE, socket.send(message)).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(Goodbye::Silent),
    }
}

async fn say_goodbye(socket: &mut WebSocket, goodbye: Goodbye) {
    if let Some(frame) = goodbye.frame() {
        drop(timeout(GOODBYE, socket.send(Message::Close(Some(frame)))).await);
    }
}
