//! Tables of text: columns as wide as they need to be, two spaces between them.
//!
//! Why our own: thirty lines, and numbers stand under each other.

use std::io::Write;

use crate::output::{DIM, Out, bar, columns, folded, left, line_width, plain, right};

/// What stands before a column.
const GAP: &str = "  ";

/// On which side a column is flush.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// Rows of cells under headings.
#[derive(Debug)]
pub(crate) struct Table {
    columns: Vec<(String, Side)>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// No rows yet.
    pub(crate) fn new(columns: &[(&str, Side)]) -> Self {
        let columns = columns.iter().map(|&(name, side)| (plain(name).into_owned(), side)).collect();
        Self { columns, rows: Vec::new() }
    }

    /// One more column. Before the first row.
    pub(crate) fn column(&mut self, heading: String, side: Side) {
        self.columns.push((plain(&heading).into_owned(), side));
    }

    /// One more row, a cell a column.
    pub(crate) fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells.iter().map(|cell| plain(cell).into_owned()).collect());
    }

    /// One more column, of bars: a share of the whole a row, at most `longest` wide and no wider than the line. After the last row.
    pub(crate) fn bars(&mut self, shares: &[f64], longest: usize) {
        let taken: usize = self.widths().iter().map(|width| GAP.len() + width).sum();
        let width = line_width().saturating_sub(taken + GAP.len()).clamp(1, longest);
        self.column(String::new(), Side::Left);
        for (row, &share) in self.rows.iter_mut().zip(shares) {
            row.push(bar(share, width));
        }
        self.rows.iter_mut().for_each(|row| row.resize(self.columns.len(), String::new()));
    }

    /// Prints it, indented by two. Where the line is too short, headings are broken and words stand on lines of their own: those of
    /// the last column below their row, else those of the first above it.
    pub(crate) fn print(&self, out: &mut Out) -> std::io::Result<()> {
        let mut widths = self.widths();
        let mut headings: Vec<Vec<&str>> = self.columns.iter().map(|(name, _)| vec![name.as_str()]).collect();
        if !fits(&widths) {
            headings = self.columns.iter().map(|(name, _)| broken(name)).collect();
            widths = self.widths_under(&headings);
        }
        let words = |column: Option<&(String, Side)>| column.is_some_and(|(_, side)| *side == Side::Left);
        let below = !fits(&widths) && words(self.columns.last());
        let shown = &widths[..widths.len() - usize::from(below)];
        let above = !fits(shown) && words(self.columns.first());
        let n = shown.len();
        if above {
            widths[0] = 0;
        }
        let first = usize::from(above);
        let height = headings[first..n].iter().map(Vec::len).max().unwrap_or(0);
        for line in 0..height {
            // They end on the same line, however many they have.
            let piece = |pieces: &Vec<&str>| {
                (line + pieces.len()).checked_sub(height).map_or(String::new(), |at| pieces[at].to_string())
            };
            let mut cells: Vec<String> = headings[..n].iter().map(piece).collect();
            if above {
                cells[0].clear();
            }
            let text = self.line(&cells, &widths);
            if !text.is_empty() {
                writeln!(out, "{DIM}{text}{DIM:#}")?;
            }
        }
        for row in &self.rows {
            let mut cells = row[..n].to_vec();
            if above {
                writeln!(out, "{GAP}{}", std::mem::take(&mut cells[0]))?;
            }
            writeln!(out, "{}", self.line(&cells, &widths))?;
            for words in &row[n..] {
                let indent = GAP.repeat(3);
                let lines = folded(words, line_width() - indent.len());
                lines.iter().try_for_each(|line| writeln!(out, "{indent}{DIM}{line}{DIM:#}"))?;
            }
        }
        Ok(())
    }

    /// How wide each column is. Known before the last row is printed only if all rows are there.
    fn widths(&self) -> Vec<usize> {
        let headings: Vec<Vec<&str>> = self.columns.iter().map(|(name, _)| vec![name.as_str()]).collect();
        self.widths_under(&headings)
    }

    /// The same under headings of several lines.
    fn widths_under(&self, headings: &[Vec<&str>]) -> Vec<usize> {
        let width = |column: usize| {
            let cells = self.rows.iter().map(|row| columns(&row[column]));
            cells.chain(headings[column].iter().map(|piece| columns(piece))).max().unwrap_or(0)
        };
        (0..self.columns.len()).map(width).collect()
    }

    fn line(&self, cells: &[String], widths: &[usize]) -> String {
        let mut line = String::new();
        for ((cell, (_, side)), width) in cells.iter().zip(&self.columns).zip(widths) {
            line += GAP;
            line += &match side {
                Side::Left => left(cell, *width),
                Side::Right => right(cell, *width),
            };
        }
        line.truncate(line.trim_end().len());
        line
    }
}

/// Whether columns of these widths fit on a line.
fn fits(widths: &[usize]) -> bool {
    widths.iter().map(|width| GAP.len() + width).sum::<usize>() <= line_width()
}

/// A heading in pieces to be put below each other: `p1/`, `layer0.`, `residual[i]`, or word by word.
fn broken(heading: &str) -> Vec<&str> {
    heading.split_inclusive(['/', '.', ' ']).map(str::trim_end).collect()
}
