//! What goes over the socket, and how a command or a question is refused.
//!
//! Why a number on every message: a client can tell which of them an answer is about. Commands lead to events, which everyone
//! hears; the answer to a question is for the one who asked.

use serde::{Deserialize, Serialize};

use super::{Command, NumberedEvent, Snapshot};
use crate::question::{Answer, Question};

/// A command that was not carried out, and why. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[error("{message}")]
pub struct Refusal {
    /// The setting at fault, by its name in the command; null if it is not about one.
    pub field: Option<String>,
    /// What is wrong and what would be right, in a sentence.
    pub message: String,
}

/// What a client sends over the socket.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ClientMessage {
    /// The client's own number for it, named in the answer.
    pub id: u32,
    /// Something to do; or else
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(optional = nullable))]
    pub command: Option<Command>,
    /// something to answer.
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(optional = nullable))]
    pub question: Option<Question>,
}

/// The version of what goes over the socket. It grows when a client of before would misunderstand.
pub const PROTOCOL: u32 = 1;

/// What a client may do over the socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum May {
    /// Command and ask.
    All,
    /// Ask.
    Look,
}

/// What the server sends over the socket.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerMessage {
    /// First of all, from a server: who speaks. A worker, which has one client and one session, begins with the snapshot.
    Hello {
        /// [`PROTOCOL`].
        protocol: u32,
        /// The session.
        session_id: String,
        /// Names the session's stay in memory. A client that comes back gives it with the number of the last event that it
        /// heard (`?life=LIFE&after=SEQ`), and is told what it missed, if that is not too much. Otherwise it gets a snapshot.
        life: String,
        /// What this client may do.
        may: May,
    },
    /// To begin with, and again whenever the client fell behind: everything so far.
    Snapshot {
        /// The session.
        session_id: String,
        /// Its state.
        snapshot: Box<Snapshot>,
    },
    /// Something happened.
    Event(Box<NumberedEvent>),
    /// Several things happened. A server says so when it has more to tell than fits 60 messages a second.
    Events {
        /// In their order.
        events: Vec<NumberedEvent>,
    },
    /// A command of this client was carried out.
    Done {
        /// The client's number for it.
        id: u32,
    },
    /// A question of this client, answered.
    #[serde(skip_deserializing)]
    Answered {
        /// The client's number for it.
        id: u32,
        /// What there is to say.
        answer: Box<Answer>,
    },
    /// A command of this client was not carried out, or a question not answered.
    Refused {
        /// The client's number for it; null if the message could not be read.
        id: Option<u32>,
        /// Why.
        refusal: Refusal,
    },
}
