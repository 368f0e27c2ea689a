//! Readings on the terminal: single numbers in a list, all others as tables whose rows and columns have names.
//!
//! Why names: a column of `probs` is a letter and a row of attention a position, and that is what one looks for.

use std::io::Write;

use glassgpt_lab::address::{Address, Name, Width};
use glassgpt_lab::wire_number::WireNumber;
use glassgpt_lab::{Reading, Scene};

use super::Answer;
use super::grid::Grid;
use crate::figures::in_full;
use crate::output::{BOLD, DIM, MARK, Out, count, line_width, thousands};
use crate::table::{Side, Table};

type Printed = std::io::Result<()>;

/// What rows and columns are called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Labels {
    /// Empty unless there are rows.
    rows: Vec<String>,
    columns: Vec<String>,
}

impl Labels {
    /// Of what was read.
    pub(super) fn of(reading: &Reading, scene: &Scene) -> Self {
        let axes = axes(&reading.address);
        let labels = |(&len, axis): (&u32, &Axis)| (0..len).map(|i| axis.label(i, scene)).collect::<Vec<_>>();
        let first = axes.len() - reading.shape.len().min(axes.len());
        let mut labels: Vec<Vec<String>> = reading.shape.iter().zip(&axes[first..]).map(labels).collect();
        let columns = labels.pop().unwrap_or_default();
        Self { rows: labels.pop().unwrap_or_default(), columns }
    }
}

/// What an index counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Axis {
    Position,
    Token,
    Number,
}

impl Axis {
    fn label(self, i: u32, scene: &Scene) -> String {
        let token = |token| match scene.tokenizer.label(token).as_str() {
            " " => "␣".to_string(),
            label => label.to_string(),
        };
        match self {
            Axis::Token => token(i),
            Axis::Position => format!("p{i} {}", token(scene.tokens[i as usize])),
            Axis::Number => i.to_string(),
        }
    }
}

/// The axes of a tensor, the last one first to be kept when there are fewer.
fn axes(address: &Address) -> Vec<Axis> {
    match &address.name {
        Name::Matrix(matrix) => {
            let rows = if ["wte", "lm_head"].contains(&matrix.name) { Axis::Token } else { Axis::Number };
            vec![rows, Axis::Number]
        }
        Name::Tensor { tensor, .. } => match tensor.kind.width() {
            Width::One => vec![Axis::Position],
            Width::V => vec![Axis::Position, Axis::Token],
            Width::Seen => vec![Axis::Position, Axis::Position],
            Width::C | Width::D | Width::F => vec![Axis::Position, Axis::Number],
        },
        Name::Loss | Name::Node(_) => Vec::new(),
    }
}

/// Prints all of them.
pub(super) fn print(out: &mut Out, answers: &[Answer], full: bool) -> Printed {
    let mut heading = "";
    for group in answers.chunk_by(|a, b| a.heading == b.heading && is_single(a) && is_single(b)) {
        if heading != group[0].heading {
            let gap = if heading.is_empty() { "" } else { "\n" };
            heading = &group[0].heading;
            writeln!(out, "{gap}{DIM}{heading}{DIM:#}")?;
        }
        writeln!(out)?;
        if is_single(&group[0]) { singles(out, group)? } else { many(out, &group[0], full)? }
    }
    Ok(())
}

fn is_single(answer: &Answer) -> bool {
    answer.reading.shape.is_empty()
}

/// The address without what the heading says.
fn name(reading: &Reading) -> String {
    Address { step: None, text: None, ..reading.address.clone() }.to_string()
}

fn singles(out: &mut Out, answers: &[Answer]) -> Printed {
    let width = answers.iter().map(|answer| name(&answer.reading).chars().count()).max().unwrap_or(0);
    for answer in answers {
        let value = in_full(WireNumber(answer.reading.values[0]));
        let gap = if value.starts_with('−') { "" } else { " " };
        writeln!(out, "{BOLD}{:<width$}{BOLD:#}  {gap}{MARK}{value}{MARK:#}", name(&answer.reading))?;
    }
    Ok(())
}

fn many(out: &mut Out, answer: &Answer, full: bool) -> Printed {
    let reading = &answer.reading;
    let shape = match reading.shape[..] {
        [n] => count(n as usize, "number"),
        _ => reading.shape.iter().map(|&n| thousands(n)).collect::<Vec<_>>().join(" × "),
    };
    let title = format!("{BOLD}{}{BOLD:#}  {DIM}{shape}", name(reading));
    match about(&reading.address) {
        None => writeln!(out, "{title}{DIM:#}")?,
        Some(about) if name(reading).len() + shape.chars().count() + 4 + about.chars().count() <= line_width() => {
            writeln!(out, "{title}: {about}{DIM:#}")?;
        }
        Some(about) => writeln!(out, "{title}\n  {about}{DIM:#}")?,
    }
    let grid = Grid::new(reading, &answer.labels.rows, &answer.labels.columns, line_width());
    for block in grid.blocks(full) {
        let mut table = Table::new(&[("", Side::Left)]);
        for heading in block.headings {
            table.column(heading, Side::Right);
        }
        for row in block.rows {
            table.row(row);
        }
        table.print(out)?;
    }
    match grid.left_out(full) {
        0 => Ok(()),
        n => writeln!(out, "  {DIM}… {}: --full shows all{DIM:#}", count(n, "more number")),
    }
}

/// What it is, if the values themselves are meant.
fn about(address: &Address) -> Option<&'static str> {
    match (&address.name, address.part.name()) {
        (Name::Tensor { tensor, .. }, "") => Some(tensor.kind.about()),
        _ => None,
    }
}
