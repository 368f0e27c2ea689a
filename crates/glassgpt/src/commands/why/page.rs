//! The explanation on the terminal: the number in full, then the ladder below it, a line a rung.
//!
//! Why a tree on paper: each number stands under the first one that was made from it, and is told once.

use std::collections::HashMap;
use std::io::Write;

use glassgpt_lab::address::{Address, Name};
use glassgpt_lab::source::SourceLines;
use glassgpt_lab::why::{Consumers, Contribution, MAX_DIGITS, Made, Nudge, Rung, Term};

use super::Answer;
use super::formulas::figures;
use super::rows::{contributions_table, long_sum, sum_table};
use crate::figures::{long, short};
use crate::moments::Moment;
use crate::output::{BOLD, DIM, MARK, Out, count, thousands};

type Printed = std::io::Result<()>;

/// Prints all of it.
pub(super) fn print(out: &mut Out, answer: &Answer, moment: &Moment) -> Printed {
    let ladder = &answer.ladder;
    let Some(top) = ladder.rungs.first() else { return Ok(()) };
    writeln!(out, "{DIM}{}{DIM:#}", moment.heading())?;
    writeln!(out, "\n{BOLD}{}{BOLD:#} = {MARK}{}{MARK:#}", top.address, long(top.value))?;
    say(out, &top.words)?;
    made(out, top)?;
    if let Some(nudge) = &answer.nudge {
        nudged(out, nudge)?;
    }
    if let Some(uses) = &answer.uses {
        used(out, uses)?;
    }
    below(out, answer)?;
    sources(out, &top.sources)
}

/// How the number was made, with its figures.
fn made(out: &mut Out, rung: &Rung) -> Printed {
    if !rung.formula.is_empty() {
        writeln!(out, "\n  = {}", rung.formula)?;
    }
    match &rung.made {
        Made::Given => Ok(()),
        Made::Same { address } => writeln!(out, "  {DIM}the very number {address}{DIM:#}"),
        Made::Computed { term } => computed(out, term),
        Made::Collected { start, contributions } if contributions.is_empty() => {
            let why = if start.0 == 0.0 { "nothing on the way to the loss was made from it" } else { "it is the loss" };
            writeln!(out, "  {DIM}{why}{DIM:#}")
        }
        Made::Collected { contributions, .. } => {
            writeln!(out)?;
            contributions_table(contributions).print(out)?;
            because(out, contributions)
        }
    }
}

fn computed(out: &mut Out, term: &Term) -> Printed {
    writeln!(out, "  = {}", figures(term))?;
    writeln!(out)?;
    if let Some((terms, partial_sums)) = long_sum(term) {
        sum_table(terms, partial_sums).print(out)?;
        return constants(out, term);
    }
    for (address, value) in term.numbers() {
        writeln!(out, "  {:>10}  {address}", short(value.into()))?;
    }
    constants(out, term)
}

/// What the plain numbers are there for.
fn constants(out: &mut Out, term: &Term) -> Printed {
    if let Term::Constant { value, meaning } = term {
        writeln!(out, "  {:>10}  {DIM}{meaning}{DIM:#}", short(*value))?;
    }
    term.parts().into_iter().try_for_each(|part| constants(out, part))
}

/// Why the local derivatives are what they are: each reason once, and not too many of them.
fn because(out: &mut Out, contributions: &[Contribution]) -> Printed {
    const MOST: usize = 4;
    for it in contributions.iter().take(MOST) {
        say(out, &format!("{}: {}, because {}.", it.part_of, short(it.local_derivative), it.because))?;
    }
    match contributions.len().saturating_sub(MOST) {
        0 => Ok(()),
        more => writeln!(out, "  {DIM}… and so on, {} more (--json has them all){DIM:#}", thousands(more)),
    }
}

fn nudged(out: &mut Out, nudge: &Nudge) -> Printed {
    writeln!(out, "\n{BOLD}Nudged by ε = {}{BOLD:#}", short(nudge.epsilon.into()))?;
    writeln!(out, "  loss with {} + ε   {}", nudge.address, long(nudge.loss_up))?;
    writeln!(out, "  loss with {} − ε   {}", nudge.address, long(nudge.loss_down))?;
    let agreement = match nudge.digits {
        Some(digits) if digits >= MAX_DIGITS => "the same".to_string(),
        Some(digits) => format!("they agree in {digits:.1} digits"),
        None => "not to be compared".to_string(),
    };
    writeln!(out, "  slope {}, gradient {}: {agreement}", long(nudge.slope), long(nudge.gradient))?;
    if nudge.crosses_corner {
        say(out, "A relu switches in between: the loss has a corner there, and no one slope.")?;
    }
    Ok(())
}

fn used(out: &mut Out, uses: &Consumers) -> Printed {
    writeln!(out, "\n{BOLD}Used for{BOLD:#}")?;
    if uses.groups.is_empty() {
        writeln!(out, "  {DIM}nothing{DIM:#}")?;
    }
    for group in &uses.groups {
        let times = if group.uses.len() > 1 { format!(", {} times", group.uses.len()) } else { String::new() };
        let dead = group.uses.iter().all(|one| !one.reaches_loss);
        let dead = if dead { ", which does not count for the loss" } else { "" };
        writeln!(out, "  {:>10}  {}{DIM}{times}{dead}{DIM:#}", short(group.value), group.address)?;
    }
    Ok(())
}

/// The rungs below the first, each under the number that was made from it.
fn below(out: &mut Out, answer: &Answer) -> Printed {
    let ladder = &answer.ladder;
    if ladder.rungs.len() > 1 {
        writeln!(out, "\n{BOLD}Made from{BOLD:#}")?;
    }
    let mut waiting: HashMap<&Address, &Rung> = ladder.rungs.iter().map(|rung| (&rung.address, rung)).collect();
    let mut stack = vec![(&ladder.rungs[0], true)];
    waiting.remove(&ladder.rungs[0].address);
    let mut last_row = None;
    while let Some((rung, is_top)) = stack.pop() {
        if !is_top {
            let row = parameter_row(rung);
            step_down(out, rung, row.is_some() && row == last_row)?;
            last_row = row.or(last_row);
        }
        let mut from = rung.made.from();
        from.reverse();
        let deeper = |rung: &&Rung, at: u32| rung.depth == at + 1;
        for address in from {
            if let Some(next) = waiting.get(address).copied().filter(|next| deeper(next, rung.depth)) {
                waiting.remove(address);
                stack.push((next, false));
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
    if head.chars().count() + 2 + how.chars().count() <= 80 {
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
            format!("= {}", few.iter().map(product).collect::<Vec<_>>().join(" + "))
        }
        many => format!("= the sum of {} contributions", many.len()),
    }
}

fn sources(out: &mut Out, sources: &[SourceLines]) -> Printed {
    writeln!(out, "\n{BOLD}The lines that did it{BOLD:#}")?;
    for lines in sources {
        writeln!(out, "  {DIM}{}:{}{DIM:#}", lines.file, lines.first_line)?;
        lines.code.lines().try_for_each(|line| writeln!(out, "    {}", cut(line, 76)))?;
    }
    Ok(())
}

fn cut(line: &str, width: usize) -> String {
    if line.chars().count() <= width {
        return line.to_string();
    }
    line.chars().take(width - 1).chain(['…']).collect()
}

/// A paragraph, folded to 78 columns.
fn say(out: &mut Out, text: &str) -> Printed {
    folded(out, text, "  ")
}

fn folded(out: &mut Out, text: &str, indent: &str) -> Printed {
    let mut line = String::new();
    for word in text.split(' ') {
        let width = indent.len() + line.chars().count() + 1 + word.chars().count();
        if !line.is_empty() && width > 78 {
            writeln!(out, "{indent}{DIM}{line}{DIM:#}")?;
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line += word;
    }
    writeln!(out, "{indent}{DIM}{line}{DIM:#}")
}
