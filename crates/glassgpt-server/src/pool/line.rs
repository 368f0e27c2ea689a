//! Who comes next: whoever was asked something, then whoever's time has come, then whoever has waited longest to train.
//!
//! Why one lock: it is held for a push or a pop, some thousand times a second at most.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::{Place, Player, Seat, slice};
use crate::limits::SLICE;

pub(super) struct Line<P: Player> {
    queues: Mutex<Queues<P>>,
    wake: Condvar,
    threads: usize,
}

struct Queues<P: Player> {
    asked: VecDeque<Arc<Seat<P>>>,
    training: VecDeque<(Arc<Seat<P>>, u64)>,
    asleep: BinaryHeap<Reverse<Sleeper<P>>>,
    closed: bool,
}

/// One who trains at a pace, until its next step is due.
struct Sleeper<P: Player> {
    time: Instant,
    ticket: u64,
    seat: Arc<Seat<P>>,
}

/// Whose turn it is, for what, and for how long.
pub(super) struct Next<P: Player> {
    pub(super) seat: Arc<Seat<P>>,
    pub(super) place: Place,
    pub(super) slice: Duration,
}

impl<P: Player> Line<P> {
    pub(super) fn new(threads: usize) -> Self {
        let queues =
            Queues { asked: VecDeque::new(), training: VecDeque::new(), asleep: BinaryHeap::new(), closed: false };
        Self { queues: Mutex::new(queues), wake: Condvar::new(), threads }
    }

    pub(super) fn asked(&self, seat: Arc<Seat<P>>) {
        self.queues().asked.push_back(seat);
        self.wake.notify_one();
    }

    pub(super) fn training(&self, seat: Arc<Seat<P>>, ticket: u64) {
        let mut queues = self.queues();
        if !queues.closed {
            queues.training.push_back((seat, ticket));
            self.wake.notify_one();
        }
    }

    pub(super) fn asleep(&self, seat: Arc<Seat<P>>, ticket: u64, time: Instant) {
        let mut queues = self.queues();
        if !queues.closed {
            queues.asleep.push(Reverse(Sleeper { time, ticket, seat }));
            self.wake.notify_one(); // the time to sleep may have become shorter
        }
    }

    /// Nobody trains any more; those who were asked are still answered.
    pub(super) fn close(&self) {
        let mut queues = self.queues();
        queues.closed = true;
        // Whoever stands in the line holds it, too: this lets both go.
        queues.training.clear();
        queues.asleep.clear();
        self.wake.notify_all();
    }

    pub(super) fn waiting(&self) -> usize {
        self.queues().training.len()
    }

    /// Waits for whoever comes next; none once the line is closed and nobody waits for an answer.
    pub(super) fn next(&self) -> Option<Next<P>> {
        let mut queues = self.queues();
        loop {
            if let Some(seat) = queues.asked.pop_front() {
                return Some(Next { seat, place: Place::Asked, slice: SLICE });
            }
            if queues.closed {
                return None;
            }
            let now = Instant::now();
            let slice = slice(queues.training.len(), self.threads);
            if let Some((seat, ticket)) = queues.wake_up(now).or_else(|| queues.training.pop_front()) {
                return Some(Next { seat, place: Place::Training { ticket }, slice });
            }
            let sleep = queues.asleep.peek().map(|Reverse(sleeper)| sleeper.time.saturating_duration_since(now));
            queues = match sleep {
                Some(time) => self.wake.wait_timeout(queues, time).unwrap_or_else(PoisonError::into_inner).0,
                None => self.wake.wait(queues).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }

    fn queues(&self) -> MutexGuard<'_, Queues<P>> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<P: Player> Queues<P> {
    /// Whoever's time has come, the longest overdue first.
    fn wake_up(&mut self, now: Instant) -> Option<(Arc<Seat<P>>, u64)> {
        if self.asleep.peek()?.0.time > now {
            return None;
        }
        self.asleep.pop().map(|Reverse(sleeper)| (sleeper.seat, sleeper.ticket))
    }
}

impl<P: Player> Ord for Sleeper<P> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.time.cmp(&other.time)
    }
}

impl<P: Player> PartialOrd for Sleeper<P> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<P: Player> PartialEq for Sleeper<P> {
    fn eq(&self, other: &Self) -> bool {
        self.time == other.time
    }
}

impl<P: Player> Eq for Sleeper<P> {}
