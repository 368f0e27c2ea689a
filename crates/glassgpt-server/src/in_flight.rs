//! Memory for what is on its way: messages that are not complete, and answers that are not read.
//!
//! Why one budget for all connections: a bound for each, times the number of connections, is more than a machine has. Each
//! connection has a little of its own, so that small requests go through whatever large ones do; only what is beyond that waits.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

/// What each connection may hold without asking, in bytes: more than a request of the page has, or a frame of a run.
pub(crate) const OWN_BYTES: usize = 64 << 10;

/// What one control frame of a client adds to its payload, in bytes: two of head, four of mask.
const CONTROL_FRAME: usize = 6;

/// What all connections share.
pub(crate) struct Budget {
    bytes: Arc<Semaphore>,
    most: usize,
}

impl Budget {
    pub(crate) fn new(bytes: usize) -> Arc<Self> {
        let most = bytes.min(Semaphore::MAX_PERMITS);
        Arc::new(Self { bytes: Arc::new(Semaphore::new(most)), most })
    }

    /// So many bytes, once they are there. Whoever waits for longest is served first.
    pub(crate) async fn take(self: Arc<Self>, bytes: usize) -> Option<OwnedSemaphorePermit> {
        self.bytes.clone().acquire_many_owned(self.part(bytes)).await.ok()
    }

    /// So many bytes, if they are there.
    pub(crate) fn try_take(&self, bytes: usize) -> Option<OwnedSemaphorePermit> {
        self.bytes.clone().try_acquire_many_owned(self.part(bytes)).ok()
    }

    /// What is larger than the whole budget takes all of it, or it would wait for ever.
    fn part(&self, bytes: usize) -> u32 {
        u32::try_from(bytes.min(self.most)).unwrap_or(u32::MAX)
    }
}

/// What one connection holds of a message that is not complete.
pub(crate) struct Meter {
    budget: Arc<Budget>,
    state: Mutex<Unfinished>,
}

#[derive(Default)]
struct Unfinished {
    bytes: usize,
    /// When the first of them came.
    since: Option<Instant>,
    /// Taken from the budget.
    held: Option<OwnedSemaphorePermit>,
}

impl Meter {
    pub(crate) fn new(budget: Arc<Budget>) -> Arc<Self> {
        Arc::new(Self { budget, state: Mutex::default() })
    }

    pub(crate) fn budget(&self) -> &Arc<Budget> {
        &self.budget
    }

    /// More bytes have come.
    pub(crate) fn received(&self, bytes: usize) {
        let mut state = self.state();
        state.bytes += bytes;
        if bytes > 0 {
            state.since.get_or_insert_with(Instant::now);
        }
    }

    /// How many bytes have come for which the budget was not asked yet.
    pub(crate) fn owed(&self) -> usize {
        let state = self.state();
        state.due(&self.budget).saturating_sub(state.held())
    }

    /// The budget has given.
    pub(crate) fn pay(&self, permit: OwnedSemaphorePermit) {
        let mut state = self.state();
        match &mut state.held {
            Some(held) => held.merge(permit),
            None => state.held = Some(permit),
        }
        state.settle(&self.budget);
    }

    /// Everything that came is complete and answered, or given to someone who bounds it.
    pub(crate) fn complete(&self) {
        *self.state() = Unfinished::default();
    }

    /// A control frame was complete. It may have come between the parts of a message, which remains.
    pub(crate) fn control_frame_complete(&self, payload: usize) {
        let mut state = self.state();
        state.bytes = state.bytes.saturating_sub(CONTROL_FRAME + payload);
        if state.bytes == 0 {
            state.since = None;
        }
        state.settle(&self.budget);
    }

    /// Since when a message has been incomplete, if one is.
    pub(crate) fn incomplete_since(&self) -> Option<Instant> {
        self.state().since
    }

    fn state(&self) -> MutexGuard<'_, Unfinished> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Unfinished {
    fn due(&self, budget: &Budget) -> usize {
        self.bytes.saturating_sub(OWN_BYTES).min(budget.most)
    }

    fn held(&self) -> usize {
        self.held.as_ref().map_or(0, OwnedSemaphorePermit::num_permits)
    }

    /// Gives back what is not needed any more.
    fn settle(&mut self, budget: &Budget) {
        let excess = self.held().saturating_sub(self.due(budget));
        drop(self.held.as_mut().and_then(|held| held.split(excess)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(meter: &Meter) -> usize {
        meter.budget.bytes.available_permits()
    }

    fn pay_all(meter: &Meter) -> bool {
        let permit = meter.budget.try_take(meter.owed());
        permit.map(|permit| meter.pay(permit)).is_some()
    }

    #[test]
    fn only_what_is_beyond_ones_own_is_taken_from_all() {
        let meter = Meter::new(Budget::new(1000));
        meter.received(OWN_BYTES);
        assert_eq!(meter.owed(), 0);
        meter.received(300);
        assert_eq!(meter.owed(), 300);
        assert!(pay_all(&meter));
        meter.received(400);
        assert!(pay_all(&meter));
        assert_eq!((meter.owed(), left(&meter)), (0, 300));
        let other = Meter::new(meter.budget.clone());
        other.received(OWN_BYTES + 301);
        assert!(!pay_all(&other));
        meter.complete();
        assert!(pay_all(&other));
        assert_eq!(left(&meter), 699);
    }

    #[test]
    fn a_control_frame_does_not_complete_the_message_around_it() {
        let meter = Meter::new(Budget::new(1000));
        meter.received(OWN_BYTES + 500);
        assert!(pay_all(&meter));
        let since = meter.incomplete_since();
        meter.received(CONTROL_FRAME + 4);
        meter.control_frame_complete(4);
        assert_eq!((meter.owed(), left(&meter), meter.incomplete_since()), (0, 500, since));
        meter.complete();
        assert_eq!((left(&meter), meter.incomplete_since()), (1000, None));
    }

    #[test]
    fn what_is_larger_than_the_budget_takes_all_of_it() {
        let meter = Meter::new(Budget::new(1000));
        meter.received(OWN_BYTES + 5000);
        assert_eq!(meter.owed(), 1000);
        assert!(pay_all(&meter));
        assert_eq!(meter.owed(), 0);
    }
}
