//! The thread that owns a session: it answers requests, trains in slices, and tells everyone what happened.
//!
//! Why a thread: numeric work never runs on an async worker, and a value with one owner needs no lock. Requests wait for
//! one slice at most, so a session at full speed answers as promptly as one at rest.

use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::ws::Utf8Bytes;
use glassgpt_lab::pacer::{Pacer, Turn};
use glassgpt_lab::protocol::{Command, Experiment, NumberedEvent, Phase, Refusal, ServerMessage, Snapshot, Status};
use glassgpt_lab::{Answer, Question, Session};
use tokio::sync::{OwnedSemaphorePermit, broadcast, oneshot};

use crate::limits::{REQUESTS_WAITING, SLICE};

/// Something asked of a session. Whoever asked may have left: then the answer goes nowhere.
pub(crate) enum Request {
    /// Carry out a command.
    Apply { command: Command, reply: oneshot::Sender<Result<Applied, Rejected>> },
    /// Answer a question.
    Ask { question: Box<Question>, reply: oneshot::Sender<Result<Answer, Refusal>> },
    /// Tell everything.
    Snapshot { reply: oneshot::Sender<Snapshot> },
    /// Tell how it stands.
    Describe { reply: oneshot::Sender<Overview> },
    /// End the session.
    End,
}

/// A request, and its place among those that wait.
pub(crate) type Queued = (Request, Option<OwnedSemaphorePermit>);

/// A command carried out.
pub(crate) struct Applied {
    /// What happened. Sockets have been told as well.
    pub(crate) events: Vec<NumberedEvent>,
    /// How the session stands afterwards.
    pub(crate) overview: Overview,
    /// How long it took.
    pub(crate) took: Duration,
}

/// A command not carried out.
pub(crate) struct Rejected {
    /// Why.
    pub(crate) refusal: Refusal,
    /// What the session was doing.
    pub(crate) phase: Phase,
}

/// How a session stands.
pub(crate) struct Overview {
    pub(crate) experiment: Experiment,
    pub(crate) status: Status,
    pub(crate) step: u32,
}

/// The little that can be known of a session without asking its thread.
#[derive(Clone, Copy)]
pub(crate) struct Glance {
    pub(crate) running: bool,
    pub(crate) step: u32,
    pub(crate) num_steps: u32,
    /// When it last did something or someone last asked it.
    pub(crate) last_used: Instant,
}

impl Glance {
    pub(crate) fn new() -> Self {
        Self { running: false, step: 0, num_steps: 0, last_used: Instant::now() }
    }
}

/// An event as it goes to every socket, serialised once.
#[derive(Clone)]
pub(crate) struct Published {
    pub(crate) seq: u32,
    pub(crate) text: Utf8Bytes,
}

/// A message as it goes over the socket.
pub(crate) fn wire(message: &ServerMessage) -> Utf8Bytes {
    serde_json::to_string(message).expect("plain data always has a JSON form").into()
}

/// The clock that a session is given to look at.
fn microseconds_since(began: Instant) -> f64 {
    began.elapsed().as_secs_f64() * 1e6
}

/// The owner of a session.
pub(crate) struct Driver {
    session: Session,
    inbox: Receiver<Queued>,
    outbox: broadcast::Sender<Published>,
    glance: Arc<Mutex<Glance>>,
    /// What the pacer counts time from.
    began: Instant,
}

/// The session has ended.
struct Ended;

impl Driver {
    pub(crate) fn new(
        session: Session,
        inbox: Receiver<Queued>,
        outbox: broadcast::Sender<Published>,
        glance: Arc<Mutex<Glance>>,
    ) -> Self {
        let driver = Self { session, inbox, outbox, glance, began: Instant::now() };
        driver.note();
        driver
    }

    /// Works until the session is ended or nobody can reach it any more.
    pub(crate) fn run(mut self) {
        let mut pacer = Pacer::new(SLICE);
        while self.turn(&mut pacer).is_ok() {}
    }

    fn turn(&mut self, pacer: &mut Pacer) -> Result<(), Ended> {
        let status = self.session.status();
        if status.phase != Phase::Running {
            pacer.rest();
            let request = self.inbox.recv().map_err(|_| Ended)?;
            return self.answer_from(request);
        }
        match pacer.turn(self.began.elapsed(), status.pace) {
            Turn::Train(steps) => {
                self.train(steps, pacer);
                match self.inbox.try_recv() {
                    Ok(request) => self.answer_from(request),
                    Err(TryRecvError::Empty) => Ok(()),
                    Err(TryRecvError::Disconnected) => Err(Ended),
                }
            }
            Turn::Wait(time) => match self.inbox.recv_timeout(time) {
                Ok(request) => self.answer_from(request),
                Err(RecvTimeoutError::Timeout) => Ok(()),
                Err(RecvTimeoutError::Disconnected) => Err(Ended),
            },
        }
    }

    fn train(&mut self, steps: u32, pacer: &mut Pacer) {
        let (began, at) = (Instant::now(), self.began.elapsed());
        let before = self.session.steps_done();
        for event in self.session.advance_timed(steps, &mut || microseconds_since(began)) {
            self.publish(event);
        }
        // The steps done, not those asked for: a run stops at its last one.
        pacer.trained(self.session.steps_done().saturating_sub(before).max(1), at, began.elapsed());
        self.note();
    }

    /// Answers a request and those that wait behind it, for about as long as a slice of training takes.
    fn answer_from(&mut self, first: Queued) -> Result<(), Ended> {
        let began = Instant::now();
        self.answer(first)?;
        for _ in 1..REQUESTS_WAITING {
            if began.elapsed() > SLICE {
                break;
            }
            let Ok(request) = self.inbox.try_recv() else { break };
            self.answer(request)?;
        }
        Ok(())
    }

    fn answer(&mut self, (request, place): Queued) -> Result<(), Ended> {
        drop(place);
        match request {
            Request::Apply { command, reply } => drop(reply.send(self.apply(command))),
            // Whoever has left needs no answer.
            Request::Ask { reply, .. } if reply.is_closed() => {}
            Request::Ask { question, reply } => drop(reply.send(self.session.ask(&question))),
            Request::Snapshot { reply } => drop(reply.send(self.session.snapshot())),
            Request::Describe { reply } => drop(reply.send(self.overview())),
            Request::End => return Err(Ended),
        }
        Ok(())
    }

    fn apply(&mut self, command: Command) -> Result<Applied, Rejected> {
        let began = Instant::now();
        let phase = self.session.status().phase;
        let events = self
            .session
            .apply_timed(command, &mut || microseconds_since(began))
            .map_err(|refusal| Rejected { refusal, phase })?;
        let took = began.elapsed();
        for event in &events {
            self.publish(event.clone());
        }
        self.note();
        Ok(Applied { events, overview: self.overview(), took })
    }

    pub(crate) fn overview(&self) -> Overview {
        Overview {
            experiment: self.session.experiment().clone(),
            status: self.session.status().clone(),
            step: self.session.steps_done(),
        }
    }

    /// Tells all sockets. One that connects later finds the event in its snapshot.
    fn publish(&self, event: NumberedEvent) {
        if self.outbox.receiver_count() > 0 {
            let (seq, text) = (event.seq, wire(&ServerMessage::Event(Box::new(event))));
            drop(self.outbox.send(Published { seq, text }));
        }
    }

    fn note(&self) {
        *self.glance.lock().unwrap_or_else(PoisonError::into_inner) = Glance {
            running: self.session.status().phase == Phase::Running,
            step: self.session.steps_done(),
            num_steps: self.session.experiment().config.steps,
            last_used: Instant::now(),
        };
    }
}
