//! How numbers are spread: their extremes, their size, and a histogram.
//!
//! Why the bins are symmetric unless asked otherwise: weights, activations and gradients come with both signs, and what
//! training does to them is seen against zero.

use serde::Serialize;

use crate::address::Address;
use crate::protocol::Refusal;
use crate::reading::Reading;
use crate::wire_rows;

/// The numbers at an address, summed up. Means and extremes are of the finite ones, and 0 if there are none.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Spread {
    /// The address asked for, with its step filled in.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub address: Address,
    /// How many numbers.
    pub n: u32,
    /// How many of them are NaN or infinite: nothing below counts them.
    pub non_finite: u32,
    /// The smallest.
    pub min: f64,
    /// The largest.
    pub max: f64,
    /// Their mean.
    #[cfg_attr(feature = "ts", ts(type = r#"number | "NaN" | "Infinity" | "-Infinity""#))]
    #[cfg_attr(feature = "openapi", schema(value_type = crate::wire_number::WireNumber))]
    #[serde(serialize_with = "wire_rows::number")]
    pub mean: f64,
    /// Their standard deviation: the root of the mean squared distance from the mean.
    #[cfg_attr(feature = "ts", ts(type = r#"number | "NaN" | "Infinity" | "-Infinity""#))]
    #[cfg_attr(feature = "openapi", schema(value_type = crate::wire_number::WireNumber))]
    #[serde(serialize_with = "wire_rows::number")]
    pub std: f64,
    /// The root of their mean square.
    #[cfg_attr(feature = "ts", ts(type = r#"number | "NaN" | "Infinity" | "-Infinity""#))]
    #[cfg_attr(feature = "openapi", schema(value_type = crate::wire_number::WireNumber))]
    #[serde(serialize_with = "wire_rows::number")]
    pub rms: f64,
    /// The share of them that are exactly 0, of either sign.
    pub zeros: f64,
    /// Where the bins begin and end, one more than there are bins. A number on an edge belongs to the bin above it, at the
    /// last edge to the last bin.
    pub edges: Vec<f64>,
    /// How many lie in each bin.
    pub counts: Vec<u32>,
    /// How many lie below the first edge.
    pub below: u32,
    /// How many lie above the last edge.
    pub above: u32,
}

/// Checks a range for bins.
pub(crate) fn check_range([low, high]: [f64; 2]) -> Result<(), Refusal> {
    if low.is_finite() && high.is_finite() && low < high {
        return Ok(());
    }
    let message = format!("range is from {low} to {high}; it must be two numbers, the first below the second");
    Err(Refusal::of("range", message))
}

impl Spread {
    /// Of some numbers, in bins of equal width over a range: without one, from minus the largest magnitude to that, or from
    /// −1 to 1 if all are 0.
    pub(crate) fn new(reading: Reading, bins: u32, range: Option<[f64; 2]>) -> Self {
        let Reading { address, values, .. } = reading;
        let finite: Vec<f64> = values.iter().copied().filter(|x| x.is_finite()).collect();
        let mean_of = |of: &dyn Fn(f64) -> f64| match finite.len() {
            0 => 0.0,
            n => finite.iter().map(|&x| of(x)).sum::<f64>() / n as f64,
        };
        let mean = mean_of(&|x| x);
        let min = finite.iter().copied().reduce(f64::min).unwrap_or(0.0);
        let max = finite.iter().copied().reduce(f64::max).unwrap_or(0.0);
        let largest = f64::max(-min, max);
        let reach = if largest > 0.0 { largest } else { 1.0 };
        let edges = edges(range.unwrap_or([-reach, reach]), bins);
        let mut counts = vec![0; bins as usize];
        let [mut below, mut above] = [0, 0];
        for &x in &finite {
            match edges.partition_point(|&edge| edge <= x) {
                0 => below += 1,
                bin if bin < edges.len() => counts[bin - 1] += 1,
                _ if x == edges[bins as usize] => counts[bins as usize - 1] += 1,
                _ => above += 1,
            }
        }
        Self {
            address,
            n: values.len() as u32,
            non_finite: (values.len() - finite.len()) as u32,
            min,
            max,
            mean,
            std: mean_of(&|x| (x - mean) * (x - mean)).sqrt(),
            rms: mean_of(&|x| x * x).sqrt(),
            zeros: mean_of(&|x| f64::from(u8::from(x == 0.0))),
            edges,
            counts,
            below,
            above,
        }
    }
}

/// The ends of equal bins. Each is weighed from both ends of the range, whose distance may be beyond what a double can hold.
fn edges([low, high]: [f64; 2], bins: u32) -> Vec<f64> {
    let edge = |i: u32| {
        let share = f64::from(i) / f64::from(bins);
        low * (1.0 - share) + high * share
    };
    (0..=bins).map(edge).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn spread(values: &[f64], bins: u32, range: Option<[f64; 2]>) -> Spread {
        let address: Address = "wte".parse().expect("an address");
        let shape = vec![values.len() as u32];
        Spread::new(Reading { address, shape, is_triangle: false, values: values.to_vec() }, bins, range)
    }

    #[test]
    fn agrees_with_a_count_by_hand() {
        let found = spread(&[-2.0, 0.0, -0.0, 1.0, 2.0, f64::NAN, f64::NEG_INFINITY, -1.0], 4, None);
        assert_eq!((found.n, found.non_finite, found.min, found.max), (8, 2, -2.0, 2.0));
        assert_eq!((found.mean, found.zeros), (0.0, 1.0 / 3.0));
        assert_eq!((found.std, found.rms), ((10.0f64 / 6.0).sqrt(), (10.0f64 / 6.0).sqrt()));
        assert_eq!(found.edges, [-2.0, -1.0, 0.0, 1.0, 2.0]);
        assert_eq!((found.counts, found.below, found.above), (vec![1, 1, 2, 2], 0, 0));

        let found = spread(&[3.0, 4.0, 5.0, 7.0, 8.0], 2, Some([4.0, 7.0]));
        assert_eq!((found.edges, found.counts), (vec![4.0, 5.5, 7.0], vec![2, 1]));
        assert_eq!((found.below, found.above, found.mean), (1, 1, 5.4));
        assert!((found.std - 3.44f64.sqrt()).abs() < 1e-15);
    }

    #[test]
    fn nothing_but_zeros_or_words_has_bins_too() {
        let zeros = spread(&[0.0; 3], 2, None);
        assert_eq!((zeros.edges, zeros.counts, zeros.zeros), (vec![-1.0, 0.0, 1.0], vec![0, 3], 1.0));
        let none = spread(&[f64::NAN, f64::INFINITY], 2, None);
        assert_eq!((none.n, none.non_finite, none.mean, none.std, none.rms, none.zeros), (2, 2, 0.0, 0.0, 0.0, 0.0));
        assert_eq!(none.counts, [0, 0]);
        let vast = spread(&[f64::MAX, -f64::MAX], 3, None);
        assert!(vast.edges.iter().all(|edge| edge.is_finite()));
        assert_eq!((vast.counts, vast.rms), (vec![1, 0, 1], f64::INFINITY));
    }

    #[test]
    fn a_range_runs_upwards() {
        for range in [[1.0, 1.0], [2.0, 1.0], [f64::NAN, 1.0], [0.0, f64::INFINITY]] {
            assert_eq!(check_range(range).expect_err("refused").field.as_deref(), Some("range"));
        }
    }

    proptest! {
        #[test]
        fn every_number_is_counted_once(values in prop::collection::vec(-1e3f64..1e3, 1..200), bins in 1u32..50) {
            let found = spread(&values, bins, None);
            prop_assert_eq!(found.counts.iter().sum::<u32>() as usize, values.len());
            prop_assert_eq!((found.below, found.above), (0, 0));
            prop_assert!(found.edges.is_sorted());
            for (pair, &count) in found.edges.windows(2).zip(&found.counts) {
                let is_last = pair[1] == found.edges[bins as usize];
                let inside = |x: &&f64| **x >= pair[0] && (**x < pair[1] || is_last);
                prop_assert_eq!(values.iter().filter(inside).count() as u32, count);
            }
            let near = |a: f64, b: f64| (a - b).abs() <= 1e-9 * (1.0 + b.abs());
            prop_assert!(near(found.rms * found.rms, found.std * found.std + found.mean * found.mean));
        }
    }
}
