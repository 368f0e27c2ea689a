//! One session and its client: messages in, messages out, as over the server's socket.
//!
//! Why the clock is passed in: what is said when can then be tested on any machine. Unlike the server's, this session has no
//! thread; whoever owns it calls [`Host::turn`] again and again.

use std::time::Duration;

use glassgpt_lab::pacer::{Pacer, Turn};
use glassgpt_lab::protocol::{ClientMessage, Command, NumberedEvent, Phase, Refusal, ServerMessage, Spec};
use glassgpt_lab::{Library, Question, Session};

use crate::message;

/// How long training goes on before messages are looked at. Short of a frame at 60 Hz, which the page needs to draw.
const SLICE: Duration = Duration::from_millis(12);

/// The name of the only session.
const SESSION: &str = "browser";

/// One session and its client.
#[derive(Debug)]
pub struct Host {
    library: Library,
    session: Option<Session>,
    pacer: Pacer,
    /// The time since something that stays the same.
    clock: fn() -> Duration,
}

impl Host {
    /// A host with the embedded corpora, and no session yet.
    #[must_use]
    pub fn new(clock: fn() -> Duration) -> Self {
        Self { library: Library::embedded(), session: None, pacer: Pacer::new(SLICE), clock }
    }

    /// Presets, corpora and limits, as JSON.
    #[must_use]
    pub fn catalog(&self) -> String {
        let catalog = self.library.catalog(env!("CARGO_PKG_VERSION"));
        serde_json::to_string(&catalog).expect("plain data always has a JSON form")
    }

    /// Takes a message: what it leads to, and then the answer.
    pub fn receive(&mut self, text: &str) -> Vec<ServerMessage> {
        match message::read(text) {
            Ok(ClientMessage { id, command: Some(command), question: None }) => {
                let messages = answer(id, self.obey(id, command));
                if self.running().is_none() {
                    self.pacer.rest();
                }
                messages
            }
            Ok(ClientMessage { id, command: None, question: Some(question) }) => {
                answer(id, self.look_up(id, &question))
            }
            Ok(ClientMessage { id, .. }) => {
                answer(id, Err(Refusal::general("a message has either a command or a question")))
            }
            Err((id, refusal)) => vec![ServerMessage::Refused { id, refusal }],
        }
    }

    /// Trains one slice if the session runs and it is time for it. Returns what happened.
    pub fn turn(&mut self) -> Vec<ServerMessage> {
        let Some(Turn::Train(steps)) = self.plan() else { return Vec::new() };
        let clock = self.clock;
        let Some(session) = &mut self.session else { return Vec::new() };
        let (began, before) = (clock(), session.steps_done());
        let events = session.advance_timed(steps, &mut || microseconds(clock()));
        // The steps done, not those asked for: a run stops at its last one.
        let trained = session.steps_done().saturating_sub(before).max(1);
        self.pacer.trained(trained, began, clock().saturating_sub(began));
        told(events).collect()
    }

    /// How long until there is something to do; None if nothing runs.
    pub fn wait(&mut self) -> Option<Duration> {
        match self.plan()? {
            Turn::Train(_) => Some(Duration::ZERO),
            Turn::Wait(time) => Some(time),
        }
    }

    fn plan(&mut self) -> Option<Turn> {
        let pace = self.running()?.status().pace;
        Some(self.pacer.turn((self.clock)(), pace))
    }

    fn running(&self) -> Option<&Session> {
        self.session.as_ref().filter(|session| session.status().phase == Phase::Running)
    }

    fn obey(&mut self, id: u32, command: Command) -> Result<Vec<ServerMessage>, Refusal> {
        let clock = self.clock;
        let mut messages: Vec<ServerMessage> = match (&mut self.session, command) {
            (Some(session), command) => told(session.apply_timed(command, &mut || microseconds(clock()))?).collect(),
            (None, Command::Start { spec }) => vec![self.begin(&spec)?],
            (None, _) => return Err(nothing_started()),
        };
        messages.push(ServerMessage::Done { id });
        Ok(messages)
    }

    fn begin(&mut self, spec: &Spec) -> Result<ServerMessage, Refusal> {
        let session = self.session.insert(Session::new(spec, self.library.clone())?);
        Ok(ServerMessage::Snapshot { session_id: SESSION.to_string(), snapshot: Box::new(session.snapshot()) })
    }

    fn look_up(&self, id: u32, question: &Question) -> Result<Vec<ServerMessage>, Refusal> {
        let session = self.session.as_ref().ok_or_else(nothing_started)?;
        Ok(vec![ServerMessage::Answered { id, answer: Box::new(session.ask(question)?) }])
    }
}

fn answer(id: u32, outcome: Result<Vec<ServerMessage>, Refusal>) -> Vec<ServerMessage> {
    outcome.unwrap_or_else(|refusal| vec![ServerMessage::Refused { id: Some(id), refusal }])
}

fn told(events: Vec<NumberedEvent>) -> impl Iterator<Item = ServerMessage> {
    events.into_iter().map(|event| ServerMessage::Event(Box::new(event)))
}

fn nothing_started() -> Refusal {
    Refusal::general("there is no experiment yet; start one first")
}

fn microseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}
