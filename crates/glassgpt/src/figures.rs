//! Numbers of the model for people: three digits at least, a true minus, a bare 0 only where it is 0.
//!
//! Why short: four digits are enough to follow a computation. `--json` and a single number read have them all.

use glassgpt_lab::wire_number::WireNumber;

/// A number in a few characters.
pub(crate) fn short(number: WireNumber) -> String {
    let x = number.0;
    let text = match decimals(x) {
        _ if number.word().is_some() => number.to_string(),
        _ if x == 0.0 => "0".to_string(),
        Some(decimals) => format!("{x:.decimals$}"),
        None => format!("{x:.3e}"),
    };
    with_minus(&text)
}

/// Numbers that stand in one column or table: all with as many decimals as the largest.
pub(crate) fn side_by_side(numbers: &[f64]) -> Vec<String> {
    let largest = numbers.iter().filter(|x| x.is_finite()).fold(0.0, |largest: f64, x| largest.max(x.abs()));
    let cell = |&x: &f64| match decimals(largest) {
        Some(decimals) if x.is_finite() && x != 0.0 => with_minus(&format!("{x:.decimals$}")),
        _ => short(WireNumber(x)),
    };
    numbers.iter().map(cell).collect()
}

/// Numbers under each other, each as it is told elsewhere, with their points in line.
pub(crate) fn in_line(numbers: &[f64]) -> Vec<String> {
    let most = numbers.iter().filter(|&&x| x != 0.0).filter_map(|&x| decimals(x)).max().unwrap_or(0);
    let cell = |&x: &f64| {
        let missing = if x == 0.0 { 0 } else { decimals(x).map_or(0, |decimals| most - decimals) };
        short(WireNumber(x)) + &" ".repeat(missing)
    };
    numbers.iter().map(cell).collect()
}

/// A number with four more digits, where digits are compared.
pub(crate) fn long(number: WireNumber) -> String {
    let x = number.0;
    match decimals(x).map(|decimals| decimals + 4) {
        Some(decimals) if x != 0.0 => with_minus(&format!("{x:.decimals$}")),
        _ if x.is_finite() && x != 0.0 => with_minus(&format!("{x:.8e}")),
        _ => short(number),
    }
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

/// How many decimals show three digits of it or more; None if that takes a power of ten.
fn decimals(x: f64) -> Option<usize> {
    match x.abs() {
        size if (1e-2..1e4).contains(&size) => Some(4),
        size if (1e-4..1e-2).contains(&size) => Some(6),
        _ => None,
    }
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
        assert_eq!([short(0.5), short(-12.25), short(0.0), short(-0.0)], ["0.5000", "−12.2500", "0", "0"]);
        assert_eq!([short(0.00123456), short(-0.000987654)], ["0.001235", "−0.000988"]);
        assert_eq!([short(1.5e-7), short(-2e9), short(f64::NEG_INFINITY)], ["1.500e−7", "−2.000e9", "−Infinity"]);
    }

    #[test]
    fn a_table_has_one_form() {
        assert_eq!(side_by_side(&[0.25, -8e-4, 0.0, 3e-9]), ["0.2500", "−0.0008", "0", "0.0000"]);
        assert_eq!(side_by_side(&[2.5e-4, f64::NAN]), ["0.000250", "NaN"]);
    }

    #[test]
    fn points_stand_in_line() {
        assert_eq!(in_line(&[0.25, -8e-4, 0.0, 3e-9]), ["0.2500  ", "−0.000800", "0", "3.000e−9"]);
        assert_eq!(in_line(&[]), [""; 0]);
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
