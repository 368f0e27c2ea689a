//! Every bound that the server adds to those of the lab.
//!
//! Why in one place: a limit is a promise; whoever wants to know or change one should find them all.

use std::num::NonZero;
use std::time::Duration;

use glassgpt_lab::LIMITS;

use crate::guard::Access;

/// The bounds that whoever runs a server may choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most sessions in memory. Past that, the one idle longest leaves, if there is one; it comes back when asked for.
    pub sessions_in_memory: usize,
    /// Most sessions kept at all.
    pub sessions_kept: usize,
    /// Most corpora that people may add.
    pub corpora_kept: usize,
    /// Memory that all sessions share for keyframes, in bytes. The more there are, the further apart their keyframes lie, and
    /// the longer a journey in time takes.
    pub keyframe_bytes: usize,
    /// Most sockets on one session. If a token is asked for, guests may take fewer: see [`kept_for_owners`].
    pub clients_per_session: usize,
    /// Most connections at a time. Past that, the one silent for longest makes room, if there is one. If a token is asked for, the
    /// last of them are for those who have it: see [`kept_for_owners`].
    pub connections: usize,
    /// How long a request's head may take to arrive, and how long a connection may wait for its next request.
    pub head_patience: Duration,
    /// Memory for what is on its way, in bytes: messages that are not complete and answers that are not read, beyond what each
    /// connection has of its own. Past that, large messages wait and long answers are refused.
    pub bytes_in_flight: usize,
    /// How long a message over a socket may take from its first byte to its last.
    pub message_patience: Duration,
    /// Most requests from one address, and most messages over one socket, in a second; twice as many at once.
    pub per_second: NonZero<u32>,
    /// How long a client may take to accept a message before it counts as gone.
    pub send_patience: Duration,
    /// A socket that has been silent for so long is asked whether it is still there; if nothing comes for twice as long, it is closed.
    pub keep_alive: Duration,
    /// A session that nobody watches, asks or trains for so long leaves memory.
    pub idle: Duration,
    /// A session that nobody has used for so long is forgotten. Only time during which the server runs counts.
    pub expiry: Duration,
    /// So long before that, a warning in the log says so. No session is forgotten earlier after the server began.
    pub notice: Duration,
    /// How often such sessions are looked for.
    pub tidy_every: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            sessions_in_memory: 256,
            sessions_kept: 10_000,
            corpora_kept: 64,
            keyframe_bytes: 2 << 30,
            clients_per_session: 512,
            connections: 4096,
            head_patience: Duration::from_secs(60),
            bytes_in_flight: 256 << 20,
            message_patience: Duration::from_secs(60),
            per_second: NonZero::new(1000).expect("a thousand is not zero"),
            send_patience: Duration::from_secs(30),
            keep_alive: Duration::from_secs(20),
            idle: Duration::from_secs(10 * 60),
            expiry: Duration::from_secs(90 * 24 * 60 * 60),
            notice: Duration::from_secs(60 * 60),
            tidy_every: Duration::from_secs(60),
        }
    }
}

impl Limits {
    /// Most sockets on one session when one more comes from someone with this access.
    pub(crate) fn clients_for(&self, access: &Access) -> usize {
        match access {
            Access::All => self.clients_per_session,
            Access::Look { .. } => self.clients_per_session - kept_for_owners(self.clients_per_session),
        }
    }
}

/// How many of so many places are kept for those who have the token: whoever has a link for a class must not be able to take them all.
#[must_use]
pub fn kept_for_owners(places: usize) -> usize {
    (places / 4).min(16)
}

/// Most requests that wait for one session; more wait their turn outside.
pub const REQUESTS_WAITING: usize = 64;

/// Most trainings in one request at a time: each takes a core.
pub const RETRAININGS: usize = 2;

/// How long such a training may take.
pub const RETRAIN_PATIENCE: Duration = Duration::from_secs(30);

/// Events kept for clients that are a little late or come back; whoever is later gets a snapshot. About two seconds of a run.
pub const EVENTS_KEPT: usize = 128;

/// Largest body of a request and largest message over the socket, in bytes: JSON may spell a byte of text with up to
/// three of its own (`é` is two bytes, and six as `\u00e9`), and the settings come on top.
pub const MESSAGE_BYTES: usize = 3 * LIMITS.corpus_bytes as usize + (64 << 10);

/// From one frame of a socket to the next: 60 a second.
pub const FRAME: Duration = Duration::from_micros(16_667);

/// How long a session trains or answers before others have their turn, at most: a frame at 60 Hz, so that nobody is told
/// what happened more often.
pub const SLICE: Duration = Duration::from_millis(17);

/// How long a request may take from its complete head to its answer.
pub const REQUEST_PATIENCE: Duration = Duration::from_secs(60);

/// How long a client may take to read a long answer, and besides that a second for so many bytes of it.
pub const ANSWER_PATIENCE: Duration = Duration::from_secs(60);

/// Bytes that the slowest reader of a long answer takes in a second.
pub const SLOWEST_READER: usize = 16 << 10;

/// So many who find no place are told so at a time; more are closed without a word.
pub const FAREWELLS: usize = 64;

/// How long one of them may go on talking.
pub const FAREWELL: Duration = Duration::from_millis(500);

/// How long open requests, and then sessions and sockets, may take to end when the server stops.
pub const GOODBYE: Duration = Duration::from_millis(400);
