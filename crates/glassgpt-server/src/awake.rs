//! A clock that counts only the time during which the server ran.
//!
//! Why not the system's clock: it jumps. A clock set forward by 100 days made every session look unused for as long.

use std::time::{Duration, Instant};

/// Milliseconds: where the last run of the server ended, and what passed since.
pub(crate) struct AwakeClock {
    began_at: i64,
    passed: Duration,
    last: Instant,
    /// More than this between two looks is a jump, and counts as this.
    longest_lap: Duration,
}

impl AwakeClock {
    pub(crate) fn new(began_at: i64, now: Instant, longest_lap: Duration) -> Self {
        Self { began_at, passed: Duration::ZERO, last: now, longest_lap }
    }

    /// Goes on to `now`.
    pub(crate) fn advance(&mut self, now: Instant) {
        self.passed += now.saturating_duration_since(self.last).min(self.longest_lap);
        self.last = now;
    }

    /// The time by this clock.
    pub(crate) fn now(&self) -> i64 {
        self.began_at.saturating_add(i64::try_from(self.passed.as_millis()).unwrap_or(i64::MAX))
    }

    /// How long the server has run.
    pub(crate) fn passed(&self) -> Duration {
        self.passed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jump_counts_as_one_lap() {
        let (began, minute) = (Instant::now(), Duration::from_secs(60));
        let mut clock = AwakeClock::new(7, began, 2 * minute);
        clock.advance(began + minute);
        assert_eq!((clock.now(), clock.passed()), (60_007, minute));
        clock.advance(began + 100 * 24 * 60 * minute);
        assert_eq!((clock.now(), clock.passed()), (180_007, 3 * minute));
        clock.advance(began); // backwards
        assert_eq!(clock.now(), 180_007);
    }
}
