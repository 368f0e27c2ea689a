//! What somebody probably meant by a name that does not exist.
//!
//! Why: in a language of four functions, saying which one was meant is most of the help one can give.

use super::ast::Function;

/// What to write instead of a function that does not exist.
pub(super) fn function(name: &str) -> Option<&'static str> {
    match name.to_lowercase().as_str() {
        "ln" => Some("log"),
        "max" => Some("relu"),
        "sqrt" => Some("** 0.5"),
        "pow" => Some("**"),
        lower => closest(lower, Function::ALL.map(Function::name)),
    }
}

/// The candidate that is most like `name`, the first of them if several are, if it is close enough to be a slip.
pub(super) fn closest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let slips = if name.chars().count() <= 4 { 1 } else { 2 };
    let distances = candidates.into_iter().map(|candidate| (distance(name, candidate), candidate));
    distances.filter(|&(distance, _)| distance <= slips).min_by_key(|&(distance, _)| distance).map(|(_, near)| near)
}

/// Letters to add, drop, replace or swap with their neighbour to get from `a` to `b` (optimal string alignment).
fn distance(a: &str, b: &str) -> usize {
    let [a, b]: [Vec<char>; 2] = [a, b].map(|text| text.chars().collect());
    let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            table[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let replaced = table[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                let mut best = replaced.min(table[i - 1][j] + 1).min(table[i][j - 1] + 1);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    best = best.min(table[i - 2][j - 2] + 1);
                }
                best
            };
        }
    }
    table[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_recognised_and_strangers_are_not() {
        let cases =
            [("lgo", "log"), ("Exp", "exp"), ("rleu", "relu"), ("tan", "tanh"), ("ln", "log"), ("sqrt", "** 0.5")];
        for (name, meant) in cases {
            assert_eq!(function(name), Some(meant), "{name}");
        }
        for name in ["cos", "sin", "sigmoid", "a"] {
            assert_eq!(function(name), None, "{name}");
        }
        assert_eq!(closest("w2", ["x1", "w1"]), Some("w1"));
        assert_eq!(distance("", "abc"), 3);
    }
}
