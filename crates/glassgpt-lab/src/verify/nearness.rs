//! How near a repeated run came to its trace, counted: what is promised where the last bit may differ.
//!
//! Why: only Linux with glibc gives every bit. Elsewhere the promise is what is printed, losses to four decimals and samples to
//! the letter, and a promise is worth what it was checked with.

use serde::Serialize;

/// How near the numbers and texts of a run came.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Nearness {
    /// Losses of which every bit is the same.
    pub losses_same: u32,
    /// Losses that are the same when printed to four decimals.
    pub losses_alike: u32,
    /// The largest difference of a loss, as a part of it: 0 where all are the same; null if one is not a number.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub largest_relative: f64,
    /// The step with that difference; null where all are the same.
    pub largest_at: Option<u32>,
    /// The first step whose loss has another bit; null where all are the same.
    pub first_at: Option<u32>,
    /// Samples that are the same to the letter.
    pub samples_same: u32,
}

impl Nearness {
    /// Takes in the loss of a step.
    pub(super) fn lost(&mut self, step: u32, loss: f64, expected: f64) {
        self.losses_alike += u32::from(format!("{loss:.4}") == format!("{expected:.4}"));
        if loss.to_bits() == expected.to_bits() {
            self.losses_same += 1;
            return;
        }
        self.first_at.get_or_insert(step);
        let relative = ((loss - expected) / expected).abs();
        // What is not a number is further away than anything, and stays so.
        if relative > self.largest_relative || relative.is_nan() {
            self.largest_relative = relative;
            self.largest_at = Some(step);
        }
    }

    /// Takes in whether a sample is the same.
    pub(super) fn wrote(&mut self, same: bool) {
        self.samples_same += u32::from(same);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_bit_counts_as_near_and_not_as_the_same() {
        let mut nearness = Nearness::default();
        nearness.lost(1, 3.25, 3.25);
        nearness.lost(2, f64::from_bits(2.5f64.to_bits() + 1), 2.5);
        nearness.lost(3, 2.0001, 2.0);
        nearness.wrote(true);
        nearness.wrote(false);
        assert_eq!((nearness.losses_same, nearness.losses_alike, nearness.samples_same), (1, 2, 1));
        assert_eq!((nearness.first_at, nearness.largest_at), (Some(2), Some(3)));
        assert!((nearness.largest_relative - 5e-5).abs() < 1e-12);
    }

    #[test]
    fn what_is_not_a_number_is_the_furthest() {
        let mut nearness = Nearness::default();
        nearness.lost(1, f64::NAN, 2.0);
        nearness.lost(2, 3.0, 2.0);
        assert!(nearness.largest_relative.is_nan());
        assert_eq!((nearness.losses_alike, nearness.largest_at), (0, Some(1)));
    }
}
