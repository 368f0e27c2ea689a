//! A long sum as a table: one row a term, the partial sum at its end.
//!
//! Why a pattern instead of names in every row: the names of a sum differ in one index, and rows of figures fit on a line.

use std::io::Write;

use glassgpt_lab::why::{Contribution, Term};
use glassgpt_lab::wire_number::WireNumber;

use super::formulas::{LONG, figures};
use crate::figures::{in_line, side_by_side};
use crate::output::{DIM, Out};
use crate::table::{Side, Table};

/// Rows of a table that is not cut.
const ROWS: usize = 16;

/// The long sum within a computation, if it has one.
pub(super) fn long_sum(term: &Term) -> Option<(&[Term], &[WireNumber])> {
    if let Term::Sum { terms, partial_sums, .. } = term
        && terms.len() >= LONG
    {
        return Some((terms, partial_sums));
    }
    term.parts().into_iter().find_map(long_sum)
}

/// The terms of a sum as rows.
pub(super) fn sum_table(terms: &[Term], partial_sums: &[WireNumber], full: bool) -> Rows {
    match Pattern::of(terms) {
        Some(pattern) => pattern.table(terms, partial_sums, full),
        None => plain_table(terms, partial_sums, full),
    }
}

fn plain_table(terms: &[Term], partial_sums: &[WireNumber], full: bool) -> Rows {
    let name = |term: &Term| match term {
        Term::Number { address, .. } => address.to_string(),
        other => figures(other),
    };
    let [values, sums] = added_up(terms.iter().map(Term::value), partial_sums.iter().copied());
    let columns = [terms.iter().map(name).collect(), values, sums];
    Rows::new(&[("term", Side::Left), ("", Side::Right), ("sum so far", Side::Right)], &columns, adds_zero(terms), full)
}

/// Which terms make no difference to the sum.
fn adds_zero(terms: &[Term]) -> impl Fn(usize) -> bool + '_ {
    |i| terms[i].value() == 0.0
}

/// Numbers that have a name, as they are told elsewhere.
fn named(numbers: impl Iterator<Item = f64>) -> Vec<String> {
    in_line(&numbers.collect::<Vec<_>>())
}

/// Numbers that are added up, and the sums so far, all with the same number of decimals.
fn added_up(summands: impl Iterator<Item = f64>, sums: impl Iterator<Item = WireNumber>) -> [Vec<String>; 2] {
    let mut summands: Vec<f64> = summands.collect();
    let n = summands.len();
    summands.extend(sums.map(|sum| sum.0));
    let mut cells = side_by_side(&summands);
    let sums = cells.split_off(n);
    [cells, sums]
}

/// A table, and what is to be said of rows that it lacks.
pub(super) struct Rows {
    table: Table,
    note: String,
}

impl Rows {
    /// Of columns of the same length. A long table goes without rows that add 0, and is cut before its last row.
    fn new(headings: &[(&str, Side)], columns: &[Vec<String>], adds_zero: impl Fn(usize) -> bool, full: bool) -> Self {
        let n = columns[0].len();
        let is_long = !full && n > ROWS;
        let rows: Vec<usize> = (0..n).filter(|&i| !is_long || !adds_zero(i)).collect();
        let cut = if is_long { rows.len().saturating_sub(ROWS) } else { 0 };
        let mut table = Table::new(headings);
        for (at, &i) in rows.iter().enumerate() {
            let is_last = at + 1 == rows.len();
            if cut == 0 || at < ROWS - 2 || is_last {
                if cut > 0 && is_last {
                    table.row(vec!["…".to_string(); columns.len()]);
                }
                table.row(columns.iter().map(|column| column[i].clone()).collect());
            }
        }
        let note = match n - rows.len() {
            0 if cut == 0 => String::new(),
            0 => "--full shows all rows".to_string(),
            zeros => format!("{zeros} terms that are 0 are left out: --full shows all"),
        };
        Self { table, note }
    }

    /// Prints it.
    pub(super) fn print(&self, out: &mut Out) -> std::io::Result<()> {
        self.table.print(out)?;
        if self.note.is_empty() { Ok(()) } else { writeln!(out, "  {DIM}{}{DIM:#}", self.note) }
    }
}

/// What the terms have in common: the names of their numbers, `i` where they differ.
struct Pattern {
    names: Vec<String>,
    /// Of each term, what stands for `i`.
    indices: Vec<String>,
}

impl Pattern {
    fn of(terms: &[Term]) -> Option<Self> {
        let names: Vec<Vec<String>> = terms.iter().map(names).collect::<Option<_>>()?;
        let mut indices: Option<Vec<String>> = None;
        let mut patterns = Vec::new();
        for column in 0..names.first()?.len() {
            let cells: Vec<&String> = names.iter().map(|row| row.get(column)).collect::<Option<_>>()?;
            let (pattern, found) = common(&cells)?;
            if let Some(found) = found
                && *indices.get_or_insert_with(|| found.clone()) != found
            {
                return None;
            }
            patterns.push(pattern);
        }
        Some(Self { names: patterns, indices: indices? })
    }

    fn table(&self, terms: &[Term], partial_sums: &[WireNumber], full: bool) -> Rows {
        let mut headings = vec![("i", Side::Right)];
        headings.extend(self.names.iter().map(|name| (name.as_str(), Side::Right)));
        let mut columns = vec![self.indices.clone()];
        for at in 0..self.names.len() {
            columns.push(named(terms.iter().map(|term| factors(term)[at].value())));
        }
        let [products, sums] = added_up(terms.iter().map(Term::value), partial_sums.iter().copied());
        if self.names.len() > 1 {
            headings.push(("product", Side::Right));
            columns.push(products);
        }
        headings.push(("sum so far", Side::Right));
        columns.push(sums);
        Rows::new(&headings, &columns, adds_zero(terms), full)
    }
}

fn factors(term: &Term) -> Vec<&Term> {
    match term {
        Term::Product { .. } => term.parts(),
        other => vec![other],
    }
}

fn names(term: &Term) -> Option<Vec<String>> {
    let name = |factor: &&Term| match factor {
        Term::Number { address, .. } => Some(address.to_string()),
        _ => None,
    };
    factors(term).iter().map(name).collect()
}

/// What some names have in common, and what stands in each where they differ. None if they differ in more than one number.
fn common(names: &[&String]) -> Option<(String, Option<Vec<String>>)> {
    let split: Vec<Vec<&str>> = names.iter().map(|name| pieces(name)).collect();
    let first = split.first()?;
    if split.iter().any(|pieces| pieces.len() != first.len()) {
        return None;
    }
    let mut pattern = String::new();
    let mut found: Option<Vec<String>> = None;
    for at in 0..first.len() {
        if split.iter().all(|pieces| pieces[at] == first[at]) {
            pattern += first[at];
            continue;
        }
        let indices: Vec<String> = split.iter().map(|pieces| pieces[at].to_string()).collect();
        let is_number = indices.iter().all(|index| index.bytes().all(|byte| byte.is_ascii_digit()));
        if !is_number || found.as_ref().is_some_and(|found| *found != indices) {
            return None;
        }
        found = Some(indices);
        pattern += if pattern.ends_with('[') { "i" } else { "{i}" };
    }
    Some((pattern, found))
}

/// Digits and what stands between them.
fn pieces(name: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = name;
    while let Some(first) = rest.chars().next() {
        let digits = first.is_ascii_digit();
        let end = rest.find(|c: char| c.is_ascii_digit() != digits).unwrap_or(rest.len());
        pieces.push(&rest[..end]);
        rest = &rest[end..];
    }
    pieces
}

/// What the uses of a number contributed to its gradient, one row each.
pub(super) fn contributions_table(contributions: &[Contribution], full: bool) -> Rows {
    let right = Side::Right;
    let headings =
        [("used for", Side::Left), ("its grad", right), ("· slope", right), ("product", right), ("sum so far", right)];
    let products = contributions.iter().map(|it| it.product.0);
    let [products, sums] = added_up(products, contributions.iter().map(|it| it.partial_sum));
    let columns = [
        contributions.iter().map(|it| it.part_of.to_string()).collect(),
        named(contributions.iter().map(|it| it.upstream.0)),
        named(contributions.iter().map(|it| it.local_derivative.0)),
        products,
        sums,
    ];
    Rows::new(&headings, &columns, |i| contributions[i].product.0 == 0.0, full)
}

/// Why the slopes are what they are: each reason once, with the numbers it is about.
pub(super) fn reasons(contributions: &[Contribution]) -> Vec<String> {
    let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
    for it in contributions {
        let because = it.because.as_str();
        let about = [" is ", " a = "].iter().find_map(|link| Some(because.rsplit_once(link)?.1)).unwrap_or("");
        let rule = &because[..because.len() - about.len()];
        match reasons.iter_mut().find(|(known, _)| *known == rule) {
            Some((_, abouts)) => abouts.push(about),
            None => reasons.push((rule, vec![about])),
        }
    }
    let sentence = |(rule, mut abouts): (&str, Vec<&str>)| {
        abouts.dedup();
        match abouts[..] {
            [first, second, .., last] if abouts.len() > 3 => format!("{rule}{first}, {second}, … {last}"),
            _ => format!("{rule}{}", abouts.join(", ")),
        }
    };
    reasons.into_iter().map(sentence).collect()
}
