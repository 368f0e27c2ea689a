//! Numbers of the model for people: four decimals, or four digits and a power of ten; a true minus; 0 only where it is 0.
//!
//! Why short: four digits are enough to follow a computation. `--json` and a single number read have them all.

use glassgpt_lab::wire_number::WireNumber;

/// A number in a few characters.
pub(crate) fn short(number: WireNumber) -> String {
    let x = number.0;
    let text = if number.word().is_some() || x == 0.0 {
        number.to_string()
    } else if is_plain(x) {
        format!("{x:.4}")
    } else {
        format!("{x:.3e}")
    };
    with_minus(&text)
}

/// Numbers that stand in one table: all with four decimals, if that shows enough of the largest.
pub(crate) fn side_by_side(numbers: &[f64]) -> Vec<String> {
    let largest = numbers.iter().filter(|x| x.is_finite()).fold(0.0, |largest: f64, x| largest.max(x.abs()));
    let fixed = (1e-2..1e4).contains(&largest);
    let cell = |&x: &f64| match x {
        x if fixed && x.is_finite() && x != 0.0 => with_minus(&format!("{x:.4}")),
        x => short(WireNumber(x)),
    };
    numbers.iter().map(cell).collect()
}

/// The same with twice the digits, where digits are compared.
pub(crate) fn long(number: WireNumber) -> String {
    let x = number.0;
    let text = if number.word().is_some() || x == 0.0 {
        number.to_string()
    } else if is_plain(x) {
        format!("{x:.8}")
    } else {
        format!("{x:.8e}")
    };
    with_minus(&text)
}

/// All the digits it takes to tell a double from its neighbours.
pub(crate) fn in_full(number: WireNumber) -> String {
    let x = number.0;
    let text = if number.word().is_some() || x == 0.0 || (1e-5..1e16).contains(&x.abs()) {
        number.to_string()
    } else {
        format!("{x:e}")
    };
    with_minus(&text)
}

/// Whether four decimals show enough of it.
fn is_plain(x: f64) -> bool {
    (1e-3..1e4).contains(&x.abs())
}

fn with_minus(text: &str) -> String {
    text.replace('-', "−")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        let short = |x: f64| short(WireNumber(x));
        assert_eq!([short(0.5), short(-12.25), short(0.0), short(-0.0)], ["0.5000", "−12.2500", "0", "−0"]);
        assert_eq!([short(1.5e-7), short(-2e9), short(f64::NEG_INFINITY)], ["1.500e−7", "−2.000e9", "−Infinity"]);
    }

    #[test]
    fn a_table_has_one_form() {
        assert_eq!(side_by_side(&[0.25, -8e-4, 0.0, 3e-9]), ["0.2500", "−0.0008", "0", "0.0000"]);
        assert_eq!(side_by_side(&[2.5e-4, f64::NAN]), ["2.500e−4", "NaN"]);
    }

    #[test]
    fn numbers_in_full_keep_their_bits() {
        for x in [0.1 + 0.2, -1.0 / 3.0, 1e-300, f64::MAX, -0.0, 5e-324] {
            let back: f64 = in_full(WireNumber(x)).replace('−', "-").parse().unwrap();
            assert_eq!(back.to_bits(), x.to_bits());
        }
        assert_eq!(in_full(WireNumber(-1.0)), "−1");
    }
}
