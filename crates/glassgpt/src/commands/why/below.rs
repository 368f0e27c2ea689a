//! The ladder below the number that was asked for: each number under the first one that was made from it, told once.
//!
//! Why not all of them: the 27 terms of a sum are made alike, and after three of them one knows how.

use std::collections::HashMap;
use std::io::Write;

use glassgpt_lab::address::{Address, Name};
use glassgpt_lab::why::{Contribution, Ladder, Made, Rung};

use super::formulas::{added, figures};
use super::page::folded;
use crate::figures::short;
use crate::output::{BOLD, DIM, Out, count, line_width};

type Printed = std::io::Result<()>;

/// Numbers made alike from which on only some are shown.
const ALIKE: usize = 7;
/// How many then.
const SHOWN: usize = 3;

/// What is printed below a number.
enum Line<'l> {
    Rung(&'l Rung),
    /// So many more of each tensor, at a depth.
    More(u32, Vec<(String, usize)>),
}

/// Prints the rungs below the first.
pub(super) fn below(out: &mut Out, ladder: &Ladder, full: bool) -> Printed {
    if ladder.rungs.len() > 1 {
        writeln!(out, "\n{BOLD}Made from{BOLD:#}")?;
    }
    let mut waiting: HashMap<&Address, &Rung> = ladder.rungs.iter().map(|rung| (&rung.address, rung)).collect();
    waiting.remove(&ladder.rungs[0].address);
    let mut stack = made_from(&ladder.rungs[0], &mut waiting, full);
    let mut last_row = None;
    while let Some(line) = stack.pop() {
        match line {
            Line::Rung(rung) => {
                let row = parameter_row(rung);
                step_down(out, rung, row.is_some() && row == last_row)?;
                last_row = row.or(last_row);
                stack.extend(made_from(rung, &mut waiting, full));
            }
            Line::More(depth, families) => {
                let indent = "  ".repeat(depth as usize);
                let more: Vec<String> = families.iter().map(|(name, n)| format!("{n} more of {name}")).collect();
                folded(out, &format!("… {}: --full shows all", more.join(", ")), &indent)?;
            }
        }
    }
    if ladder.left_out > 0 {
        let left_out = count(ladder.left_out as usize, "number");
        writeln!(
            out,
            "  {DIM}… {left_out} more at this depth, and what they were made from: --limit is {}{DIM:#}",
            ladder.limit
        )?;
    }
    Ok(())
}

/// What a number was made from and has not been told yet, the last first.
fn made_from<'l>(rung: &'l Rung, waiting: &mut HashMap<&'l Address, &'l Rung>, full: bool) -> Vec<Line<'l>> {
    let is_next = |next: &&Rung| next.depth == rung.depth + 1;
    let from: Vec<&Rung> = rung
        .made
        .from()
        .into_iter()
        .filter_map(|address| {
            waiting.get(address).copied().filter(is_next)?;
            waiting.remove(address)
        })
        .collect();
    let families: Vec<String> = from.iter().map(|next| family(&next.address)).collect();
    let mut sizes: Vec<(String, usize)> = Vec::new();
    for family in &families {
        match sizes.iter_mut().find(|(known, _)| known == family) {
            Some((_, n)) => *n += 1,
            None => sizes.push((family.clone(), 1)),
        }
    }
    sizes.retain(|(_, n)| !full && *n >= ALIKE);
    let mut told: HashMap<&str, usize> = HashMap::new();
    let mut lines = Vec::new();
    for (family, next) in families.iter().zip(from) {
        let n = told.entry(family).or_default();
        *n += 1;
        if *n <= SHOWN || sizes.iter().all(|(cut, _)| cut != family) {
            lines.push(Line::Rung(next));
        }
    }
    if !sizes.is_empty() {
        let more = sizes.into_iter().map(|(family, n)| (family, n - SHOWN)).collect();
        lines.push(Line::More(rung.depth + 1, more));
    }
    lines.reverse();
    lines
}

/// The tensor or row that a number belongs to: its address without the last index.
fn family(address: &Address) -> String {
    let mut address = address.clone();
    address.index.pop();
    address.to_string()
}

/// Which row of which matrix a parameter is in.
fn parameter_row(rung: &Rung) -> Option<(&Name, u32)> {
    if rung.made != Made::Given {
        return None;
    }
    Some((&rung.address.name, *rung.address.index.first()?))
}

/// One rung in a line, or in two if that is too long. The parameters of a row say the same, so only the first says it.
fn step_down(out: &mut Out, rung: &Rung, is_same_row: bool) -> Printed {
    let indent = "  ".repeat(rung.depth as usize);
    let head = format!("{indent}{} = {}", rung.address, short(rung.value));
    let how = match &rung.made {
        Made::Given if is_same_row => "a parameter of the same row".to_string(),
        Made::Given => rung.words.clone(),
        Made::Same { address } => format!("= {address}"),
        Made::Computed { term } => format!("= {} = {}", rung.formula, figures(term)),
        Made::Collected { contributions, .. } => collected(contributions),
    };
    if head.chars().count() + 2 + how.chars().count() <= line_width().min(80) {
        return writeln!(out, "{head}  {DIM}{how}{DIM:#}");
    }
    writeln!(out, "{head}")?;
    folded(out, &how, &format!("{indent}  "))
}

fn collected(contributions: &[Contribution]) -> String {
    match contributions {
        [] => "nothing on the way to the loss was made from it".to_string(),
        few if few.len() <= 3 => {
            let product = |it: &Contribution| format!("{} · {}", short(it.upstream), short(it.local_derivative));
            format!("= {}", added(few.iter().map(product).collect()))
        }
        many => format!("= the sum of {} contributions", many.len()),
    }
}
