//! What waits to be carried out, in the order in which it was said.
//!
//! Why under one lock: order, the bounds and who is out of step belong together. The lock is held for a push or a take, never
//! while the disk works.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use super::limits::{NOTES_WAIT, TEXT_BYTES, WAITING_BYTES, WAITING_OPERATIONS};
use super::{Entry, KeptCorpus, Listed, Recipe, StoreError, Ticket};

type Reply<T> = oneshot::Sender<Result<T, StoreError>>;

/// Something to be written, and who waits for it.
pub(super) struct Order {
    pub(super) id: String,
    pub(super) write: Write,
    pub(super) reply: Reply<()>,
}

pub(super) enum Write {
    Create {
        base: String,
        now: i64,
    },
    Append(Entry),
    Restart {
        base: String,
    },
    Delete,
    /// A corpus; the order's name is its own.
    KeepCorpus {
        about: String,
        text: String,
    },
    DropCorpus,
}

impl Order {
    /// Whether it was said on top of what its session said before.
    pub(super) fn continues(&self) -> bool {
        matches!(self.write, Write::Append(_) | Write::Restart { .. })
    }

    fn bytes(&self) -> usize {
        match &self.write {
            Write::Create { base: text, .. } | Write::Restart { base: text } => text.len(),
            Write::Append(entry) => entry.command.len(),
            Write::KeepCorpus { about, text } => about.len() + text.len(),
            Write::Delete | Write::DropCorpus => 0,
        }
    }
}

/// Something with an answer of its own, carried out between two commits.
pub(super) enum Request {
    Load { id: String, reply: Reply<Option<Recipe>> },
    List { reply: Reply<Vec<Listed>> },
    Corpora { reply: Reply<Vec<KeptCorpus>> },
    Expire { before: i64, reply: Reply<Vec<String>> },
}

/// The latest mark and use of each session.
pub(super) type Notes = HashMap<String, Note>;

#[derive(Default)]
pub(super) struct Note {
    pub(super) mark: Option<u32>,
    pub(super) last_used: Option<i64>,
}

/// What the thread does next.
pub(super) enum Turn {
    /// Everything in one transaction, the notes last.
    Commit {
        orders: Vec<Order>,
        notes: Notes,
    },
    Answer(Request),
    /// Nothing waits, and nothing will.
    End,
}

/// Filled by everyone, emptied by one thread.
#[derive(Default)]
pub(super) struct Queue {
    state: Mutex<State>,
    called: Condvar,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Waiting>,
    /// Of the orders that wait.
    bytes: usize,
    /// Said after all that waits.
    notes: Notes,
    out_of_step: HashSet<String>,
    phase: Phase,
    closers: Vec<Reply<()>>,
}

struct Waiting {
    /// Said before it, so written before it. Empty where that makes no difference.
    notes: Notes,
    what: What,
}

enum What {
    Order(Order),
    Request(Request),
}

#[derive(Default, PartialEq, Eq)]
enum Phase {
    #[default]
    Open,
    Closing,
    Ended,
}

impl Queue {
    pub(super) fn order(&self, id: &str, write: Write) -> Ticket {
        let (reply, ticket) = Ticket::new();
        let order = Order { id: id.to_string(), write, reply };
        let mut state = self.state();
        match state.admit(&order) {
            Ok(()) => {
                let notes = state.notes_before(&order);
                state.bytes += order.bytes();
                state.waiting.push_back(Waiting { notes, what: What::Order(order) });
                self.called.notify_one();
            }
            Err(error) => drop(order.reply.send(Err(error))),
        }
        ticket
    }

    pub(super) fn request(&self, request: Request) -> Result<(), StoreError> {
        let mut state = self.state();
        state.has_room(0)?;
        let notes = std::mem::take(&mut state.notes);
        state.waiting.push_back(Waiting { notes, what: What::Request(request) });
        self.called.notify_one();
        Ok(())
    }

    pub(super) fn mark(&self, id: &str, advanced: u32) {
        let mut state = self.state();
        if !state.out_of_step.contains(id) {
            self.note(&mut state, id, |note| note.mark = Some(advanced));
        }
    }

    pub(super) fn touch(&self, id: &str, now: i64) {
        self.note(&mut self.state(), id, |note| note.last_used = note.last_used.max(Some(now)));
    }

    fn note(&self, state: &mut State, id: &str, write: impl FnOnce(&mut Note)) {
        if state.phase != Phase::Open {
            return;
        }
        match state.notes.get_mut(id) {
            Some(note) => write(note),
            None => {
                write(state.notes.entry(id.to_string()).or_default());
                self.called.notify_one();
            }
        }
    }

    /// Lets nothing in any more; what waits is still carried out.
    pub(super) fn close(&self, reply: Option<Reply<()>>) {
        let mut state = self.state();
        if state.phase == Phase::Ended {
            reply.map(|reply| reply.send(Ok(())));
            return;
        }
        state.phase = Phase::Closing;
        state.closers.extend(reply);
        self.called.notify_one();
    }

    /// Waits for something to do.
    pub(super) fn take(&self) -> Turn {
        let mut state = self.state();
        loop {
            if let Some(turn) = state.next() {
                return turn;
            }
            if state.phase != Phase::Open {
                return state.last_notes().unwrap_or(Turn::End);
            }
            if state.notes.is_empty() {
                state = self.called.wait(state).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            let idle = |state: &mut State| state.waiting.is_empty() && state.phase == Phase::Open;
            let waited = self.called.wait_timeout_while(state, NOTES_WAIT, idle);
            let (guard, patience) = waited.unwrap_or_else(PoisonError::into_inner);
            state = guard;
            if let Some(turn) = patience.timed_out().then(|| state.last_notes()).flatten() {
                return turn;
            }
        }
    }

    /// These sessions' last words were lost: what they said since counts for nothing, and what they say next neither.
    pub(super) fn out_of_step(&self, ids: impl IntoIterator<Item = String>) {
        let mut state = self.state();
        let state = &mut *state;
        state.out_of_step.extend(ids);
        let lost = |id: &str| state.out_of_step.contains(id);
        for mut waiting in std::mem::take(&mut state.waiting) {
            state.out_of_step.iter().for_each(|id| forget_mark(&mut waiting.notes, id));
            match waiting.what {
                What::Order(order) if order.continues() && lost(&order.id) => {
                    state.bytes -= order.bytes();
                    drop(order.reply.send(Err(StoreError::OutOfStep { id: order.id })));
                }
                _ => state.waiting.push_back(waiting),
            }
        }
        state.out_of_step.iter().for_each(|id| forget_mark(&mut state.notes, id));
    }

    /// This session is known as it is on the disk, or is there no more.
    pub(super) fn in_step(&self, id: &str) {
        self.state().out_of_step.remove(id);
    }

    /// The thread has ended. Harmless the second time.
    pub(super) fn end(&self, outcome: &Result<(), StoreError>) {
        let mut state = self.state();
        state.phase = Phase::Ended;
        state.waiting.clear(); // whoever waits learns it from the lost reply
        for closer in state.closers.drain(..) {
            drop(closer.send(outcome.clone()));
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn admit(&mut self, order: &Order) -> Result<(), StoreError> {
        if order.continues() && self.out_of_step.contains(&order.id) {
            return Err(StoreError::OutOfStep { id: order.id.clone() });
        }
        let result = match order.bytes() {
            bytes if bytes > TEXT_BYTES => Err(StoreError::TooLong { bytes }),
            bytes => self.has_room(bytes),
        };
        if result.is_err() && order.continues() {
            forget_mark(&mut self.notes, &order.id);
            self.out_of_step.insert(order.id.clone());
        }
        result
    }

    fn has_room(&self, bytes: usize) -> Result<(), StoreError> {
        if self.phase != Phase::Open {
            Err(StoreError::Closed)
        } else if self.waiting.len() >= WAITING_OPERATIONS || self.bytes + bytes > WAITING_BYTES {
            Err(StoreError::Overloaded)
        } else {
            Ok(())
        }
    }

    /// The notes that must be written before an order, out of those that may be written after it.
    fn notes_before(&mut self, order: &Order) -> Notes {
        match order.write {
            // Whether they concern an older session of that name shows only then.
            Write::Create { .. } => return std::mem::take(&mut self.notes),
            Write::Delete => drop(self.notes.remove(&order.id)),
            // A mark counts from the entry before it.
            Write::Append(_) | Write::Restart { .. } => forget_mark(&mut self.notes, &order.id),
            Write::KeepCorpus { .. } | Write::DropCorpus => {}
        }
        Notes::new()
    }

    /// The next turn, if anything but notes waits: orders up to the first notes, or up to a request.
    fn next(&mut self) -> Option<Turn> {
        let mut orders = Vec::new();
        while let Some(Waiting { notes, what }) = self.waiting.pop_front() {
            if !notes.is_empty() {
                self.waiting.push_front(Waiting { notes: Notes::new(), what });
                return Some(Turn::Commit { orders, notes });
            }
            match what {
                What::Order(order) => {
                    self.bytes -= order.bytes();
                    orders.push(order);
                }
                What::Request(request) if orders.is_empty() => return Some(Turn::Answer(request)),
                What::Request(_) => {
                    self.waiting.push_front(Waiting { notes, what });
                    return Some(Turn::Commit { orders, notes: Notes::new() });
                }
            }
        }
        if orders.is_empty() { None } else { Some(Turn::Commit { orders, notes: std::mem::take(&mut self.notes) }) }
    }

    /// What remains when nothing else waits.
    fn last_notes(&mut self) -> Option<Turn> {
        let notes = std::mem::take(&mut self.notes);
        (!notes.is_empty()).then_some(Turn::Commit { orders: Vec::new(), notes })
    }
}

fn forget_mark(notes: &mut Notes, id: &str) {
    if let Some(note) = notes.get_mut(id) {
        note.mark = None;
    }
}
