//! Times taken again and again, and what is said of them: the middle, the late ones, the latest.

use std::time::Duration;

use crate::report::Part;

/// Some times.
#[derive(Default)]
pub(crate) struct Times(Vec<Duration>);

impl Times {
    pub(crate) fn add(&mut self, time: Duration) {
        self.0.push(time);
    }

    /// Tells middle, late and latest; the late ones, or the latest, should come within `most` milliseconds.
    pub(crate) fn tell(mut self, part: &mut Part, what: &str, bound: Within) {
        self.0.sort_unstable();
        if self.0.is_empty() {
            return part.fault(format!("{what}: not once measured"));
        }
        part.tell(&format!("{what}: {} times, median", self.0.len()), self.at(0.5), "ms");
        match bound {
            Within::Latest(most) => part.soon(&format!("{what}: latest"), self.at(1.0), most),
            Within::P99(most) => {
                part.soon(&format!("{what}: p99"), self.at(0.99), most);
                part.tell(&format!("{what}: latest"), self.at(1.0), "ms");
            }
            Within::Whatever => part.tell(&format!("{what}: latest"), self.at(1.0), "ms"),
        }
    }

    /// The time, in milliseconds, within which this share of them came.
    fn at(&self, share: f64) -> f64 {
        let place = (share * self.0.len() as f64).ceil() as usize;
        self.0[place.clamp(1, self.0.len()) - 1].as_secs_f64() * 1e3
    }
}

/// How soon, in milliseconds.
#[derive(Clone, Copy)]
pub(crate) enum Within {
    /// All of them.
    Latest(f64),
    /// All but one in a hundred.
    P99(f64),
    /// It is only told.
    Whatever,
}
