//! What to write down of a session so that it can be had again to the last bit: an origin, and commands with the steps trained
//! between them.
//!
//! Why steps tried and not steps done: a step whose loss is no number is not done, but trying it is what ended the run.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::protocol::{Command, Refusal};
use crate::{Library, Origin, Session};

/// A command, and how far the session was advanced before it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Steps tried since the entry before.
    pub advanced: u32,
    /// What was carried out then.
    pub command: Command,
}

/// What to write down after a command was carried out.
#[derive(Clone, Debug, PartialEq)]
pub enum Note {
    /// Everything before is of no consequence any more: the session comes from here.
    Origin(Box<Origin>),
    /// One more entry.
    Entry {
        /// Steps tried since the entry before.
        advanced: u32,
    },
}

/// Counts what must be known beside the commands.
#[derive(Debug, Default)]
pub struct Journal {
    advanced: u32,
}

impl Journal {
    /// Goes on after some steps that belong to no entry yet.
    #[must_use]
    pub fn after(advanced: u32) -> Self {
        Self { advanced }
    }

    /// Steps tried since the last entry.
    #[must_use]
    pub fn advanced(&self) -> u32 {
        self.advanced
    }

    /// Notes an advance of a session that stood at `before` steps.
    pub fn note_advance(&mut self, before: u32, session: &Session) {
        let failed = session.status().divergence.as_ref().map(|divergence| divergence.step);
        self.advanced += failed.unwrap_or(session.steps_done()) - before;
    }

    /// Notes a command that was carried out. Tells what to write down.
    pub fn note_command(&mut self, command: &Command, session: &Session) -> Note {
        let advanced = std::mem::take(&mut self.advanced);
        match command {
            Command::Start { .. } | Command::Reset => Note::Origin(Box::new(session.origin())),
            _ => Note::Entry { advanced },
        }
    }
}

/// Doing again what was written down, a few steps at a time.
#[derive(Debug)]
pub struct Replay {
    entries: VecDeque<Entry>,
    /// Steps to try before the next entry, or after the last one.
    ahead: u32,
    /// Steps after the last entry.
    tail: u32,
}

impl Replay {
    /// The session at its origin, and the way from there. `tail` steps were tried after the last entry.
    ///
    /// # Errors
    /// If its origin cannot be set up here.
    pub fn new(origin: Origin, entries: Vec<Entry>, tail: u32, library: Library) -> Result<(Session, Self), Refusal> {
        let entries = VecDeque::from(entries);
        let ahead = entries.front().map_or(tail, |entry| entry.advanced);
        Ok((Session::from_origin(origin, library)?, Self { entries, ahead, tail }))
    }

    /// Goes on by `max_steps` steps, or to the next command. True if the session is where it was.
    ///
    /// # Errors
    /// If a command is refused that was carried out: then this is not the log of that session.
    pub fn go_on(&mut self, session: &mut Session, max_steps: u32) -> Result<bool, Refusal> {
        if self.ahead > 0 {
            let steps = self.ahead.min(max_steps);
            session.advance(steps);
            self.ahead -= steps;
        } else if let Some(entry) = self.entries.pop_front() {
            session.apply(entry.command)?;
            self.ahead = self.entries.front().map_or(self.tail, |entry| entry.advanced);
        }
        Ok(self.ahead == 0 && self.entries.is_empty())
    }
}
