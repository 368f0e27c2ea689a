//! Tables of text: columns as wide as they need to be, two spaces between them.
//!
//! Why our own: thirty lines, and numbers stand under each other.

use std::io::Write;

use crate::output::{DIM, Out, columns, left, plain, right};

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

    /// Prints it, indented by two.
    pub(crate) fn print(&self, out: &mut Out) -> std::io::Result<()> {
        let widths = self.widths();
        let headings: Vec<String> = self.columns.iter().map(|(name, _)| name.clone()).collect();
        if headings.iter().any(|heading| !heading.is_empty()) {
            writeln!(out, "{DIM}{}{DIM:#}", self.line(&headings, &widths))?;
        }
        for row in &self.rows {
            writeln!(out, "{}", self.line(row, &widths))?;
        }
        Ok(())
    }

    /// How wide each column is. Known before the last row is printed only if all rows are there.
    fn widths(&self) -> Vec<usize> {
        let width = |column: usize| {
            let cells = self.rows.iter().map(|row| columns(&row[column]));
            cells.chain([columns(&self.columns[column].0)]).max().unwrap_or(0)
        };
        (0..self.columns.len()).map(width).collect()
    }

    fn line(&self, cells: &[String], widths: &[usize]) -> String {
        let mut line = String::new();
        for ((cell, (_, side)), width) in cells.iter().zip(&self.columns).zip(widths) {
            line += "  ";
            line += &match side {
                Side::Left => left(cell, *width),
                Side::Right => right(cell, *width),
            };
        }
        line.truncate(line.trim_end().len());
        line
    }
}
