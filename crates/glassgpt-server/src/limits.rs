//! Every bound that the server adds to those of the lab.
//!
//! Why in one place: a limit is a promise; whoever wants to know or change one should find them all.

use std::time::Duration;

use glassgpt_lab::LIMITS;

/// Most sessions at a time. Past that, the one idle longest makes room, if there is one.
pub const SESSIONS: usize = 32;

/// Most sockets on one session.
pub const CLIENTS_PER_SESSION: usize = 64;

/// Most requests that wait for one session; more wait their turn outside.
pub const REQUESTS_WAITING: usize = 64;

/// Most trainings in one request at a time: each takes a core.
pub const RETRAININGS: usize = 2;

/// How long such a training may take.
pub const RETRAIN_PATIENCE: Duration = Duration::from_secs(30);

/// Events kept for clients that are a little late; whoever is later gets a snapshot. About a second of a run.
pub const EVENTS_KEPT: usize = 64;

/// Largest body of a request and largest message over the socket, in bytes: JSON may spell a byte of text with up to
/// three of its own (`é` is two bytes, and six as `\u00e9`), and the settings come on top.
pub const MESSAGE_BYTES: usize = 3 * LIMITS.corpus_bytes as usize + (64 << 10);

/// How long training goes on before the session looks at its requests and tells what happened: a frame at 60 Hz.
pub const SLICE: Duration = Duration::from_millis(16);

/// How long a client may take to accept a message before it counts as gone.
pub const SEND_PATIENCE: Duration = Duration::from_secs(30);

/// How long open requests, and then sessions and sockets, may take to end when the server stops.
pub const GOODBYE: Duration = Duration::from_millis(400);
