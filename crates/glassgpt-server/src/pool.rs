//! A fixed number of threads that give every session its turns: answers first, then training, each in short slices.
//!
//! Why not a thread for each: two hundred of them that all train share two cores by the operating system's rules, in turns of
//! its own length, and a request waits behind them all. Here whoever was asked something comes next, and whoever trains goes to
//! the end of the line after each slice.
//!
//! Why generic: fairness can then be tested with players that only count.

mod line;

use std::collections::VecDeque;
use std::num::NonZero;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use std::{io, thread};

use crate::limits::SLICE;
use line::{Line, Next};

/// How soon every session should have had a turn while many train.
const ROUND: Duration = Duration::from_millis(200);

/// Shortest slice of training: below, looking at what came of it would take a good part of the time.
const SHORTEST_SLICE: Duration = Duration::from_millis(4);

/// What a pool gives turns to.
pub(crate) trait Player: Send + 'static {
    /// What can be asked of it.
    type Request: Send;

    /// Answers what waits, for as long as a slice may take; the rest waits on.
    fn answer(&mut self, requests: &mut VecDeque<Self::Request>) -> Going;

    /// Trains for about as long as it is given.
    fn train(&mut self, slice: Duration) -> Going;

    /// When it wants to train next.
    fn due(&mut self) -> Due;

    /// Whether it can be asked now. What it is asked meanwhile waits.
    fn listens(&self) -> bool;
}

/// Whether there is more to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Going {
    On,
    /// It is over; whatever else it was asked is dropped.
    Ended,
}

/// When to train.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Due {
    Never,
    Now,
    At(Instant),
}

/// The threads and the line before them.
pub(crate) struct Pool<P: Player>(Arc<Line<P>>);

impl<P: Player> Clone for Pool<P> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

/// How many threads: as many as there are cores.
pub(crate) fn usual_threads() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

impl<P: Player> Pool<P> {
    /// Starts the threads.
    ///
    /// # Errors
    /// If the operating system gives none.
    pub(crate) fn start(threads: usize) -> io::Result<Self> {
        let line = Arc::new(Line::new(threads));
        for i in 0..threads {
            let line = line.clone();
            thread::Builder::new().name(format!("train-{i}")).spawn(move || work(&line))?;
        }
        Ok(Self(line))
    }

    /// Lets a player in.
    pub(crate) fn admit(&self, player: P) -> Arc<Seat<P>> {
        let state = State {
            player: Some(player),
            requests: VecDeque::new(),
            training: Training::No,
            asked: false,
            ticket: 0,
            ended: false,
        };
        let seat = Arc::new(Seat { line: self.0.clone(), state: Mutex::new(state) });
        seat.give_back(None);
        seat
    }

    /// Lets the threads end once nobody waits for an answer.
    pub(crate) fn close(&self) {
        self.0.close();
    }

    /// How many wait for a turn to train.
    pub(crate) fn waiting(&self) -> usize {
        self.0.waiting()
    }
}

/// A player's place: where it is asked, and where the pool finds it.
pub(crate) struct Seat<P: Player> {
    line: Arc<Line<P>>,
    state: Mutex<State<P>>,
}

struct State<P: Player> {
    /// None while it has its turn, and after its end.
    player: Option<P>,
    requests: VecDeque<P::Request>,
    training: Training,
    /// Whether it stands in the line of those who were asked.
    asked: bool,
    /// Number of the place in the line, so that a place given up is recognised.
    ticket: u64,
    ended: bool,
}

/// Where it stands for training.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Training {
    No,
    InLine,
    Asleep,
}

impl<P: Player> Seat<P> {
    /// Asks it something. After its end the request is dropped.
    pub(crate) fn ask(self: &Arc<Self>, request: P::Request) {
        let mut state = self.state();
        if state.ended {
            return;
        }
        state.requests.push_back(request);
        // Without its player it has its turn at the moment, and what waits will be looked at when that is over.
        if state.player.as_ref().is_some_and(Player::listens) && !state.asked {
            state.asked = true;
            self.line.asked(self.clone());
        }
    }

    /// Takes the player for a turn; none if someone else has it or it has ended.
    fn take(&self, place: Place) -> Option<(P, VecDeque<P::Request>)> {
        let mut state = self.state();
        match place {
            Place::Asked => state.asked = false,
            Place::Training { ticket } if ticket == state.ticket => state.training = Training::No,
            Place::Training { .. } => return None,
        }
        let player = state.player.take()?;
        Some((player, std::mem::take(&mut state.requests)))
    }

    /// After a turn: gives the player back and finds its next places. `left` waits before what came meanwhile.
    fn give_back(self: &Arc<Self>, turn: Option<(P, VecDeque<P::Request>)>) {
        let mut state = self.state();
        if let Some((player, mut left)) = turn {
            left.append(&mut state.requests);
            state.requests = left;
            state.player = Some(player);
        }
        let State { player: Some(player), requests, asked, training, ticket, .. } = &mut *state else { return };
        if !requests.is_empty() && player.listens() && !*asked {
            *asked = true;
            self.line.asked(self.clone());
        }
        let due = player.due();
        if *training == Training::InLine || due == Due::Never {
            return;
        }
        *ticket += 1;
        *training = match due {
            Due::At(time) => {
                self.line.asleep(self.clone(), *ticket, time);
                Training::Asleep
            }
            Due::Now | Due::Never => {
                self.line.training(self.clone(), *ticket);
                Training::InLine
            }
        };
    }

    /// What waits is dropped, and whatever comes.
    fn end(&self) {
        let mut state = self.state();
        state.ended = true;
        state.requests.clear();
    }

    fn state(&self) -> MutexGuard<'_, State<P>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place in the line.
#[derive(Clone, Copy)]
enum Place {
    Asked,
    Training { ticket: u64 },
}

/// What a thread does all its life.
fn work<P: Player>(line: &Line<P>) {
    while let Some(Next { seat, place, slice }) = line.next() {
        let Some((mut player, mut requests)) = seat.take(place) else { continue };
        let turn = AssertUnwindSafe(|| match place {
            Place::Asked => player.answer(&mut requests),
            Place::Training { .. } => player.train(slice),
        });
        // A panic is a bug, and ends the session that had it, not those that share the thread.
        match catch_unwind(turn) {
            Ok(Going::On) => seat.give_back(Some((player, requests))),
            Ok(Going::Ended) | Err(_) => seat.end(),
        }
    }
}

/// How long a slice may take while so many wait for their turn to train.
fn slice(waiting: usize, threads: usize) -> Duration {
    let share = ROUND * u32::try_from(threads).unwrap_or(u32::MAX) / u32::try_from(waiting + 1).unwrap_or(u32::MAX);
    share.clamp(SHORTEST_SLICE, SLICE)
}

#[cfg(test)]
mod tests;
