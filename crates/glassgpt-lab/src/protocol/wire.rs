//! What goes over the socket, and how a command is refused.
//!
//! Why a number on every message: a client can tell which of its commands an answer is about.

use serde::{Deserialize, Serialize};

use super::{Command, NumberedEvent, Snapshot};

/// A command that was not carried out, and why. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
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
#[serde(deny_unknown_fields)]
pub struct ClientMessage {
    /// The client's own number for it, named in a refusal.
    pub id: u32,
    /// The request.
    pub command: Command,
}

/// What the server sends over the socket.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerMessage {
    /// First of all, and again whenever the client fell behind: everything so far.
    Snapshot {
        /// The session.
        session_id: String,
        /// Its state.
        snapshot: Box<Snapshot>,
    },
    /// Something happened.
    Event(Box<NumberedEvent>),
    /// A command of this client was carried out.
    Done {
        /// The client's number for it.
        id: u32,
    },
    /// A command of this client was not carried out.
    Refused {
        /// The client's number for it; null if the message could not be read.
        id: Option<u32>,
        /// Why.
        refusal: Refusal,
    },
}
