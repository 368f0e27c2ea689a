//! A session as the pool drives it: it answers requests, trains in slices, tells everyone what happened, and has what it
//! accepted written down.
//!
//! Why an owner: numeric work never runs on an async worker, and a value that one thread has at a time needs no lock. Requests
//! wait for one slice at most, so a session at full speed answers as promptly as one at rest.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use glassgpt_core::Corpus;
use glassgpt_lab::journal::{Journal, Note, Replay};
use glassgpt_lab::pacer::{Pacer, Turn};
use glassgpt_lab::protocol::{Command, Event, Experiment, NumberedEvent, Phase, Refusal, Snapshot, Status};
use glassgpt_lab::{Answer, Question, Session};
use tokio::sync::{OwnedSemaphorePermit, oneshot};

use crate::app::Pass;
use crate::glance::{Glance, Shared};
use crate::limits::SLICE;
use crate::outbox::Outbox;
use crate::pool::{Due, Going, Player};
use crate::share::Share;
use crate::store::{Store, Ticket};
use crate::{record, store};

/// How often it is written down how far a run has come.
const MARK_EVERY: Duration = Duration::from_millis(500);

/// Steps done again at a time while a session is brought back.
const REPLAY_STEPS: u32 = 16;

/// Something asked of a session. Whoever asked may have left: then the answer goes nowhere.
pub(crate) enum Request {
    /// Carry out a command. The ticket resolves once it is written down.
    Apply { command: Command, detail: Detail, reply: oneshot::Sender<Result<(Applied, Ticket), Rejected>> },
    /// Answer a question.
    Ask { question: Box<Question>, reply: oneshot::Sender<Result<Answer, Refusal>> },
    /// Tell everything.
    Snapshot { reply: oneshot::Sender<Snapshot> },
    /// Tell how it stands.
    Describe { reply: oneshot::Sender<Overview> },
    /// Leave memory. What was written down stays.
    End,
}

/// What is shown of the steps of a run that a command starts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Detail {
    /// The last step of each slice is looked into; those before it have their figures.
    LastOfSlice,
    /// Every step is looked into. This costs several times the training.
    EveryStep,
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
    /// The documents it trains on, those held out included.
    pub(crate) corpus: Arc<Corpus>,
    pub(crate) status: Status,
    pub(crate) step: u32,
}

/// The clock that a session is given to look at.
fn microseconds_since(began: Instant) -> f64 {
    began.elapsed().as_secs_f64() * 1e6
}

/// Steps that events tell of.
fn steps_told(events: &[NumberedEvent]) -> u32 {
    let steps = events.iter().map(|NumberedEvent { event, .. }| match event {
        Event::Trained { records, .. } => records.len() as u32,
        _ => 0,
    });
    steps.sum()
}

/// What a driver needs beside its session.
pub(crate) struct Surroundings {
    /// The session's name.
    pub(crate) id: String,
    /// What S4's clients get if they name no temperature; kept with the session.
    pub(crate) temperature: f64,
    pub(crate) store: Store,
    pub(crate) outbox: Arc<Outbox>,
    pub(crate) shared: Arc<Shared>,
    /// Its part of the memory for keyframes.
    pub(crate) share: Share,
    /// Shows that the session is at work.
    pub(crate) _pass: Pass,
}

/// The owner of a session.
pub(crate) struct Driver {
    session: Session,
    journal: Journal,
    /// The way back to where it was, while it is brought there.
    replay: Option<Replay>,
    /// What is shown of the run at hand.
    detail: Detail,
    pacer: Pacer,
    /// What the pacer counts time from.
    began: Instant,
    marked: Instant,
    around: Surroundings,
}

impl Driver {
    /// A fresh session.
    pub(crate) fn new(session: Session, around: Surroundings) -> Self {
        Self::with(session, Journal::default(), None, around)
    }

    /// One that is still to be brought to where it was. `tail` steps come after the last entry of its log.
    pub(crate) fn returning(session: Session, replay: Replay, tail: u32, around: Surroundings) -> Self {
        Self::with(session, Journal::after(tail), Some(replay), around)
    }

    fn with(session: Session, journal: Journal, replay: Option<Replay>, around: Surroundings) -> Self {
        let now = Instant::now();
        let pacer = Pacer::new(SLICE);
        let driver =
            Self { session, journal, replay, detail: Detail::LastOfSlice, pacer, began: now, marked: now, around };
        driver.note();
        driver
    }

    pub(crate) fn overview(&self) -> Overview {
        Overview {
            experiment: self.session.experiment().clone(),
            corpus: self.session.corpus().clone(),
            status: self.session.status().clone(),
            step: self.session.steps_done(),
        }
    }

    fn answer_one(&mut self, (request, place): Queued) -> Going {
        drop(place);
        match request {
            Request::Apply { command, detail, reply } => drop(reply.send(self.apply(command, detail))),
            // Whoever has left needs no answer.
            Request::Ask { reply, .. } if reply.is_closed() => {}
            Request::Ask { question, reply } => drop(reply.send(self.session.ask(&question))),
            Request::Snapshot { reply } => drop(reply.send(self.session.snapshot())),
            Request::Describe { reply } => drop(reply.send(self.overview())),
            Request::End => return self.leave(),
        }
        Going::On
    }

    fn apply(&mut self, command: Command, detail: Detail) -> Result<(Applied, Ticket), Rejected> {
        let began = Instant::now();
        let phase = self.session.status().phase;
        let kept = command.clone();
        let events = self
            .session
            .apply_timed(command, &mut || microseconds_since(began))
            .map_err(|refusal| Rejected { refusal, phase })?;
        let took = began.elapsed();
        if matches!(kept, Command::Run { .. }) {
            self.detail = detail;
        }
        let saved = self.write_down(&kept);
        self.around.shared.count_steps(steps_told(&events));
        for event in &events {
            self.around.outbox.publish(event.clone());
        }
        self.note();
        Ok((Applied { events, overview: self.overview(), took }, saved))
    }

    fn write_down(&mut self, command: &Command) -> Ticket {
        let Surroundings { id, temperature, store, .. } = &self.around;
        match self.journal.note_command(command, &self.session) {
            Note::Origin(origin) => store.restart(id, record::base(&self.session, *origin, *temperature)),
            Note::Entry { advanced } => store.append(id, store::Entry { advanced, command: record::command(command) }),
        }
    }

    fn train_on(&mut self, slice: Duration) {
        self.pacer.set_slice(slice);
        self.session.set_keyframe_bytes(self.around.share.bytes());
        let at = self.began.elapsed();
        let Turn::Train(steps) = self.pacer.turn(at, self.session.status().pace) else { return };
        let (began, before) = (Instant::now(), self.session.steps_done());
        let has_told = match self.detail {
            Detail::LastOfSlice => self.advance(steps),
            Detail::EveryStep => self.advance_singly(steps, began + slice),
        };
        if !has_told {
            return; // paused while it stood in the line
        }
        // The steps done, not those asked for: a run stops at its last one.
        let trained = self.session.steps_done().saturating_sub(before);
        self.around.shared.count_steps(trained);
        self.pacer.trained(trained.max(1), at, began.elapsed());
        if self.marked.elapsed() >= MARK_EVERY || self.session.status().phase != Phase::Running {
            self.mark();
        }
        self.note();
    }

    /// Trains up to so many steps and tells what happened, if anything did.
    fn advance(&mut self, steps: u32) -> bool {
        let (began, before) = (Instant::now(), self.session.steps_done());
        let events = self.session.advance_timed(steps, &mut || microseconds_since(began));
        if events.is_empty() {
            return false;
        }
        self.journal.note_advance(before, &self.session);
        for event in events {
            self.around.outbox.publish(event);
        }
        true
    }

    /// The same in advances of one step, as far as the time goes: the last step of an advance is the one that is looked into.
    fn advance_singly(&mut self, steps: u32, end: Instant) -> bool {
        let mut told = 0;
        while told < steps && (told == 0 || Instant::now() < end) && self.advance(1) {
            told += 1;
        }
        told > 0
    }

    /// Goes on along the way back.
    fn return_on(&mut self, slice: Duration) -> Going {
        self.session.set_keyframe_bytes(self.around.share.bytes());
        let began = Instant::now();
        while let Some(replay) = &mut self.replay {
            match replay.go_on(&mut self.session, REPLAY_STEPS) {
                Ok(true) => self.replay = None,
                Ok(false) if began.elapsed() < slice => {}
                Ok(false) => break,
                Err(refusal) => {
                    tracing::error!(session = self.around.id, reason = refusal.message, "could not be brought back");
                    self.around.shared.fail(&refusal.message);
                    return Going::Ended;
                }
            }
        }
        self.note();
        Going::On
    }

    fn mark(&mut self) {
        self.around.store.mark(&self.around.id, self.journal.advanced());
        self.marked = Instant::now();
    }

    fn leave(&mut self) -> Going {
        if self.replay.is_none() {
            self.mark();
        }
        Going::Ended
    }

    fn note(&self) {
        self.around.shared.note(Glance {
            running: self.session.status().phase == Phase::Running,
            step: self.session.steps_done(),
            num_steps: self.session.experiment().config.steps,
            last_used: Instant::now(),
        });
    }
}

impl Player for Driver {
    type Request = Queued;

    fn answer(&mut self, requests: &mut VecDeque<Queued>) -> Going {
        let began = Instant::now();
        while let Some(request) = requests.pop_front() {
            if self.answer_one(request) == Going::Ended {
                return Going::Ended;
            }
            if began.elapsed() > SLICE {
                break;
            }
        }
        Going::On
    }

    fn train(&mut self, slice: Duration) -> Going {
        if self.around.shared.is_dismissed() {
            return self.leave();
        }
        if self.replay.is_some() {
            return self.return_on(slice);
        }
        self.train_on(slice);
        Going::On
    }

    fn due(&mut self) -> Due {
        if self.replay.is_some() {
            return Due::Now;
        }
        let status = self.session.status();
        if status.phase != Phase::Running {
            self.pacer.rest();
            return Due::Never;
        }
        match self.pacer.turn(self.began.elapsed(), status.pace) {
            Turn::Train(_) => Due::Now,
            Turn::Wait(time) => Due::At(Instant::now() + time),
        }
    }

    fn listens(&self) -> bool {
        self.replay.is_none()
    }
}
