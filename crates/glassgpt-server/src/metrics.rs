//! What the server counts about itself.

use std::sync::atomic::{AtomicU64, Ordering};

/// Counts since the server started.
#[derive(Default)]
pub(crate) struct Metrics {
    steps: AtomicU64,
}

impl Metrics {
    /// Some session trained some steps.
    pub(crate) fn trained(&self, steps: u32) {
        self.steps.fetch_add(u64::from(steps), Ordering::Relaxed);
    }

    /// Steps trained by all sessions.
    pub(crate) fn steps(&self) -> u64 {
        self.steps.load(Ordering::Relaxed)
    }
}
