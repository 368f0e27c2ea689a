//! The explanation on the terminal: the number in full, then the ladder below it, a line a rung.
//!
//! Why a tree on paper: each number stands under the first one that was made from it, and is told once.

use std::io::Write;

use glassgpt_lab::source::SourceLines;
use glassgpt_lab::why::{Consumers, Contribution, MAX_DIGITS, Made, Nudge, Rung, Term};

use super::Answer;
use super::below::below;
use super::formulas::{figures, figures_after_the_sum};
use super::rows::{contributions_table, long_sum, reasons, sum_table};
use crate::figures::{long, short};
use crate::moments::Moment;
use crate::output::{self, BOLD, DIM, MARK, Out, count, line_width, plain, thousands};

type Printed = std::io::Result<()>;

/// Prints all of it.
pub(super) fn print(out: &mut Out, answer: &Answer, moment: &Moment, full: bool) -> Printed {
    let ladder = &answer.ladder;
    let Some(top) = ladder.rungs.first() else { return Ok(()) };
    writeln!(out, "{DIM}{}{DIM:#}", moment.heading())?;
    writeln!(out, "\n{BOLD}{}{BOLD:#} = {MARK}{}{MARK:#}", top.address, short(top.value))?;
    say(out, &top.words)?;
    made(out, top, ladder.rungs.len() > 1, full)?;
    if let Some(nudge) = &answer.nudge {
        nudged(out, nudge)?;
    }
    if let Some(uses) = &answer.uses {
        used(out, uses, full)?;
    }
    below(out, ladder, full)?;
    sources(out, &top.sources)
}

/// How the number was made, with its figures. What it was made from is listed here unless the rungs below tell of it.
fn made(out: &mut Out, rung: &Rung, goes_on: bool, full: bool) -> Printed {
    if !rung.formula.is_empty() {
        writeln!(out)?;
        formula(out, &rung.formula)?;
    }
    match &rung.made {
        Made::Given => Ok(()),
        Made::Same { address } => writeln!(out, "  {DIM}the very number {address}{DIM:#}"),
        Made::Computed { term } => computed(out, term, goes_on, full),
        Made::Collected { start, contributions } if contributions.is_empty() => {
            let why = if start.0 == 0.0 { "nothing on the way to the loss was made from it" } else { "it is the loss" };
            writeln!(out, "  {DIM}{why}{DIM:#}")
        }
        Made::Collected { contributions, .. } => {
            writeln!(out)?;
            contributions_table(contributions, full).print(out)?;
            because(out, contributions)
        }
    }
}

fn computed(out: &mut Out, term: &Term, goes_on: bool, full: bool) -> Printed {
    if let Some((terms, partial_sums)) = long_sum(term) {
        writeln!(out)?;
        sum_table(terms, partial_sums, full).print(out)?;
        if let Some(rest) = figures_after_the_sum(term) {
            writeln!(out)?;
            formula(out, &rest)?;
            writeln!(out)?;
        }
        return constants(out, term);
    }
    formula(out, &figures(term))?;
    let numbers = if goes_on { Vec::new() } else { term.numbers() };
    if !numbers.is_empty() || has_constants(term) {
        writeln!(out)?;
    }
    for (address, value) in numbers {
        writeln!(out, "  {:>10}  {address}", short(value.into()))?;
    }
    constants(out, term)
}

/// A computation, folded between its terms if it is too long for the line.
fn formula(out: &mut Out, text: &str) -> Printed {
    let lines = output::folded(text, line_width() - 4);
    let signs = std::iter::once("=").chain(std::iter::repeat(" "));
    lines.iter().zip(signs).try_for_each(|(line, sign)| writeln!(out, "  {sign} {line}"))
}

fn has_constants(term: &Term) -> bool {
    matches!(term, Term::Constant { .. }) || term.parts().into_iter().any(has_constants)
}

/// What the plain numbers are there for.
fn constants(out: &mut Out, term: &Term) -> Printed {
    if let Term::Constant { value, meaning } = term {
        writeln!(out, "  {:>10}  {DIM}{meaning}{DIM:#}", short(*value))?;
    }
    term.parts().into_iter().try_for_each(|part| constants(out, part))
}

/// Why the slopes are what they are.
fn because(out: &mut Out, contributions: &[Contribution]) -> Printed {
    const MOST: usize = 4;
    writeln!(out)?;
    let reasons = reasons(contributions);
    reasons.iter().take(MOST).try_for_each(|reason| say(out, &format!("slope = local derivative: {reason}")))?;
    match reasons.len().saturating_sub(MOST) {
        0 => Ok(()),
        more => writeln!(out, "  {DIM}… {} (--json has them all){DIM:#}", count(more, "more reason")),
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
    let verdict = format!("slope {}, gradient {}: {agreement}", long(nudge.slope), long(nudge.gradient));
    output::folded(&verdict, line_width() - 2).iter().try_for_each(|line| writeln!(out, "  {line}"))?;
    if nudge.crosses_corner {
        say(out, "A relu switches in between: the loss has a corner there, and no one slope.")?;
    }
    Ok(())
}

fn used(out: &mut Out, uses: &Consumers, full: bool) -> Printed {
    const MOST: usize = 12;
    writeln!(out, "\n{BOLD}Used for{BOLD:#}")?;
    if uses.groups.is_empty() {
        writeln!(out, "  {DIM}nothing{DIM:#}")?;
    }
    let most = if full { usize::MAX } else { MOST };
    for group in uses.groups.iter().take(most) {
        let times = if group.uses.len() > 1 { format!(", {} times", group.uses.len()) } else { String::new() };
        let dead = group.uses.iter().all(|one| !one.reaches_loss);
        let dead = if dead { ", which does not count for the loss" } else { "" };
        writeln!(out, "  {:>10}  {}{DIM}{times}{dead}{DIM:#}", short(group.value), group.address)?;
    }
    match uses.groups.len().saturating_sub(most) {
        0 => Ok(()),
        more => writeln!(out, "  {DIM}… {} more: --full shows all{DIM:#}", thousands(more)),
    }
}

fn sources(out: &mut Out, sources: &[SourceLines]) -> Printed {
    writeln!(out, "\n{BOLD}The lines that ran{BOLD:#}")?;
    for lines in sources {
        writeln!(out, "  {DIM}{}:{}{DIM:#}", lines.file, lines.first_line)?;
        lines.code.lines().try_for_each(|line| writeln!(out, "    {}", cut(line, line_width().min(120) - 4)))?;
    }
    Ok(())
}

fn cut(line: &str, width: usize) -> String {
    if line.chars().count() <= width {
        return line.to_string();
    }
    line.chars().take(width - 1).chain(['…']).collect()
}

/// A paragraph, folded to the terminal's width, 78 columns at most.
fn say(out: &mut Out, text: &str) -> Printed {
    folded(out, &plain(text), "  ")
}

pub(super) fn folded(out: &mut Out, text: &str, indent: &str) -> Printed {
    let width = line_width().min(78) - indent.len();
    output::folded(text, width).iter().try_for_each(|line| writeln!(out, "{indent}{DIM}{line}{DIM:#}"))
}
