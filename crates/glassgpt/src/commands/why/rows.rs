//! A long sum as a table: one row a term, the partial sum at its end.
//!
//! Why a pattern instead of names in every row: the names of a sum differ in one index, and rows of figures fit on a line.

use glassgpt_lab::why::{Contribution, Term};
use glassgpt_lab::wire_number::WireNumber;

use super::formulas::figures;
use crate::figures::short;
use crate::table::{Side, Table};

/// From this many terms on, a sum is a table.
const LONG: usize = 5;

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
pub(super) fn sum_table(terms: &[Term], partial_sums: &[WireNumber]) -> Table {
    match Pattern::of(terms) {
        Some(pattern) => pattern.table(terms, partial_sums),
        None => plain_table(terms, partial_sums),
    }
}

fn plain_table(terms: &[Term], partial_sums: &[WireNumber]) -> Table {
    let mut table = Table::new(&[("term", Side::Left), ("", Side::Right), ("sum so far", Side::Right)]);
    for (term, &partial) in terms.iter().zip(partial_sums) {
        let name = match term {
            Term::Number { address, .. } => address.to_string(),
            other => figures(other),
        };
        table.row(vec![name, short(WireNumber(term.value())), short(partial)]);
    }
    table
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

    fn table(&self, terms: &[Term], partial_sums: &[WireNumber]) -> Table {
        let mut columns = vec![("i", Side::Right)];
        columns.extend(self.names.iter().map(|name| (name.as_str(), Side::Right)));
        if self.names.len() > 1 {
            columns.push(("product", Side::Right));
        }
        columns.push(("sum so far", Side::Right));
        let mut table = Table::new(&columns);
        for ((term, partial), index) in terms.iter().zip(partial_sums).zip(&self.indices) {
            let mut row = vec![index.clone()];
            row.extend(factors(term).iter().map(|factor| short(WireNumber(factor.value()))));
            if self.names.len() > 1 {
                row.push(short(WireNumber(term.value())));
            }
            row.push(short(*partial));
            table.row(row);
        }
        table
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
pub(super) fn contributions_table(contributions: &[Contribution]) -> Table {
    let right = Side::Right;
    let mut table = Table::new(&[
        ("used for", Side::Left),
        ("its gradient", right),
        ("local derivative", right),
        ("product", right),
        ("sum so far", right),
    ]);
    for it in contributions {
        let numbers = [it.upstream, it.local_derivative, it.product, it.partial_sum].map(short);
        table.row([vec![it.part_of.to_string()], numbers.to_vec()].concat());
    }
    table
}
