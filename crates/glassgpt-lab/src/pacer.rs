//! How many steps to train next, and when: as many as fit a slice, or as many as the pace asks for.
//!
//! Why without a clock: it is arithmetic on times that it is told, so a server and a browser share it and it can be tested
//! without waiting. A time is how long ago something began that stays the same: a thread, a page.

use std::time::Duration;

/// Most steps in a slice, so that one event stays a reasonable size.
const STEPS_PER_SLICE: u32 = 4096;

/// How far a paced run may fall behind before the time lost is forgiven.
const PACE_DEBT: Duration = Duration::from_millis(250);

/// What to do now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Train this many steps, at least one.
    Train(u32),
    /// Wait this long for the next step's time.
    Wait(Duration),
}

/// Plans the slices of a run.
#[derive(Debug)]
pub struct Pacer {
    /// How long training goes on before someone looks.
    slice: Duration,
    /// Steps that take about one slice, by experience.
    fit: u32,
    /// The run's plan; none between runs.
    plan: Option<Plan>,
}

/// From `start` on, one step every 1/pace seconds.
#[derive(Debug)]
struct Plan {
    pace: Option<u32>,
    start: Duration,
    /// Steps trained since.
    trained: u32,
    /// When the last slice's time is over, so that a fast pace comes in slices too.
    not_before: Duration,
}

impl Pacer {
    /// Plans slices that take about so long.
    #[must_use]
    pub fn new(slice: Duration) -> Self {
        Self { slice, fit: 1, plan: None }
    }

    /// Plans slices of another length from now on.
    pub fn set_slice(&mut self, slice: Duration) {
        let fit = f64::from(self.fit) * slice.as_secs_f64() / self.slice.as_secs_f64();
        self.fit = (fit as u32).clamp(1, STEPS_PER_SLICE);
        self.slice = slice;
    }

    /// Between runs. The next one starts at once, and starts counting then.
    pub fn rest(&mut self) {
        self.plan = None;
    }

    /// What a run at `pace` steps a second does at `now`; None is as fast as possible.
    pub fn turn(&mut self, now: Duration, pace: Option<u32>) -> Turn {
        let plan = match &mut self.plan {
            Some(plan) if plan.pace == pace => plan,
            plan => plan.insert(Plan { pace, start: now, trained: 0, not_before: now }),
        };
        let Some(pace) = pace else { return Turn::Train(self.fit) };
        let next = plan.start + plan.time_of_next(pace);
        if now > next + PACE_DEBT {
            // The machine cannot keep up, or slept. Catching up would only make a burst.
            (plan.start, plan.trained) = (now, 0);
            return Turn::Train(1);
        }
        if now < next {
            return Turn::Wait(next.max(plan.not_before) - now);
        }
        // Step k is due k/pace seconds after the start; the first one at once.
        let due = (now - plan.start).as_secs_f64() * f64::from(pace) - f64::from(plan.trained) + 1.0;
        if (due as u32) < self.fit && now < plan.not_before {
            return Turn::Wait(plan.not_before - now); // a slice that is not full can wait for its time
        }
        Turn::Train((due as u32).clamp(1, self.fit))
    }

    /// Learns how long `steps` steps took that began at `began`.
    pub fn trained(&mut self, steps: u32, began: Duration, took: Duration) {
        if let Some(plan) = &mut self.plan {
            plan.trained += steps;
            plan.not_before = began + self.slice;
        }
        let steps = f64::from(steps.max(1));
        let fitting = steps * self.slice.as_secs_f64() / took.as_secs_f64().max(1e-9);
        // A short slice tells little about a long one (part of the time is the same for both): grow fourfold at most.
        // One that was cut short by the pace or by the last step tells nothing against longer ones.
        let fitting = fitting.clamp(1.0, (4.0 * steps).max(f64::from(self.fit))) as u32;
        self.fit = fitting.min(STEPS_PER_SLICE);
    }
}

impl Plan {
    fn time_of_next(&self, pace: u32) -> Duration {
        Duration::from_secs_f64(f64::from(self.trained) / f64::from(pace))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs for `time` on a machine that needs `step` for one step; returns the steps trained and the longest slice.
    fn simulate(pace: Option<u32>, step: Duration, time: Duration) -> (u32, u32) {
        let start = Duration::from_secs(5);
        let (mut pacer, mut now, mut total, mut longest) = (Pacer::new(Duration::from_millis(16)), start, 0, 0);
        while now < start + time {
            match pacer.turn(now, pace) {
                Turn::Wait(wait) => {
                    assert!(wait > Duration::ZERO);
                    now += wait;
                }
                Turn::Train(steps) => {
                    pacer.trained(steps, now, step * steps);
                    now += step * steps;
                    total += steps;
                    longest = longest.max(steps);
                }
            }
        }
        (total, longest)
    }

    #[test]
    fn full_speed_uses_all_the_time_in_slices() {
        let (total, longest) = simulate(None, Duration::from_micros(100), Duration::from_secs(1));
        assert!((9_990..=10_160).contains(&total), "{total}");
        assert!((150..=160).contains(&longest), "{longest}");
    }

    #[test]
    fn slices_of_another_length_fit_at_once() {
        let mut pacer = Pacer::new(Duration::from_millis(16));
        let (step, mut now) = (Duration::from_micros(100), Duration::ZERO);
        let mut steps = 0;
        for slice in [16, 16, 16, 16, 16, 4, 8, 16].map(Duration::from_millis) {
            pacer.set_slice(slice);
            let Turn::Train(n) = pacer.turn(now, None) else { panic!("nothing to wait for") };
            pacer.trained(n, now, step * n);
            now += step * n;
            steps = n;
            if now > Duration::from_millis(20) {
                assert_eq!(step * n, slice);
            }
        }
        assert_eq!(steps, 160);
    }

    #[test]
    fn a_slow_step_is_a_slice() {
        assert_eq!(simulate(None, Duration::from_millis(100), Duration::from_secs(1)), (10, 1));
    }

    #[test]
    fn every_pace_is_kept() {
        for pace in [1, 7, 60, 61, 500, 5_000] {
            let (total, longest) = simulate(Some(pace), Duration::from_micros(10), Duration::from_secs(10));
            assert!((pace * 10 - pace / 10..=pace * 10 + 1).contains(&total), "{total} at {pace}");
            assert!(longest <= pace / 30 + 1, "{longest} at {pace}");
        }
    }

    #[test]
    fn time_lost_is_forgiven() {
        let (total, longest) = simulate(Some(1_000), Duration::from_millis(10), Duration::from_secs(10));
        assert!((999..=1001).contains(&total), "{total}");
        assert!(longest <= 2, "{longest}");
    }

    #[test]
    fn asking_twice_changes_nothing() {
        let mut pacer = Pacer::new(Duration::from_millis(16));
        let now = Duration::from_secs(1);
        assert_eq!(pacer.turn(now, Some(10)), Turn::Train(1));
        assert_eq!(pacer.turn(now, Some(10)), Turn::Train(1));
        pacer.trained(1, now, Duration::from_micros(30));
        let wait = Turn::Wait(Duration::from_millis(90));
        let later = now + Duration::from_millis(10);
        assert_eq!((pacer.turn(later, Some(10)), pacer.turn(later, Some(10))), (wait, wait));
    }
}
