//! Many numbers as tables that fit on a line: blocks of columns one under the other, or the beginning and the end.
//!
//! Why cut: a matrix of a larger model has thousands of numbers, and whoever wants all of them says so.

use glassgpt_lab::Reading;

use crate::figures::side_by_side;

/// Rows of a table that is not cut.
const ROWS: usize = 32;
/// Blocks of a row that is not cut.
const BLOCKS: usize = 8;

/// Numbers in rows and columns, as text, all cells of a width.
#[derive(Debug)]
pub(super) struct Grid {
    row_labels: Vec<String>,
    column_labels: Vec<String>,
    rows: Vec<Vec<String>>,
    /// Columns on a line.
    per_line: usize,
}

/// A table of some of the columns.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Block {
    /// Of the columns, without that of the row labels.
    pub(super) headings: Vec<String>,
    /// Each with its label first.
    pub(super) rows: Vec<Vec<String>>,
}

impl Grid {
    /// A reading; a row has no label.
    pub(super) fn new(reading: &Reading, row_labels: &[String], column_labels: &[String], line_width: usize) -> Self {
        let n = column_labels.len();
        let mut values = side_by_side(&reading.values).into_iter();
        let row_labels = if row_labels.is_empty() { vec![String::new()] } else { row_labels.to_vec() };
        let len = |row: usize| if reading.is_triangle { row + 1 } else { n };
        let mut rows: Vec<Vec<String>> =
            (0..row_labels.len()).map(|row| values.by_ref().take(len(row)).collect()).collect();
        let width = |text: &String| text.chars().count();
        let cell = rows.iter().flatten().chain(column_labels).map(width).max().unwrap_or(1);
        for row in &mut rows {
            row.resize(n, String::new());
            row.iter_mut().for_each(|text| *text = format!("{text:>cell$}"));
        }
        let label = row_labels.iter().map(width).max().unwrap_or(0);
        let per_line = (line_width.saturating_sub(2 + label) / (cell + 2)).max(3);
        Self { row_labels, column_labels: column_labels.to_vec(), rows, per_line }
    }

    /// What is to be printed: all of it, or what fits.
    pub(super) fn blocks(&self, full: bool) -> Vec<Block> {
        let columns = self.columns(full);
        let rows = shown(self.rows.len(), if full { usize::MAX } else { ROWS });
        let block = |columns: &[Option<usize>]| {
            let cells = |of: &dyn Fn(usize) -> String| {
                columns.iter().map(|column| column.map_or("…".to_string(), of)).collect::<Vec<_>>()
            };
            let row = |row: &Option<usize>| match *row {
                Some(row) => {
                    [vec![self.row_labels[row].clone()], cells(&|column| self.rows[row][column].clone())].concat()
                }
                None => vec!["…".to_string(); 1 + columns.len()],
            };
            Block {
                headings: cells(&|column| self.column_labels[column].clone()),
                rows: rows.iter().map(row).collect(),
            }
        };
        columns.chunks(self.per_line).map(block).collect()
    }

    /// How many numbers are not printed.
    pub(super) fn left_out(&self, full: bool) -> usize {
        let columns: Vec<usize> = self.columns(full).into_iter().flatten().collect();
        let rows = shown(self.rows.len(), if full { usize::MAX } else { ROWS });
        let is_number = |row: usize, column: usize| !self.rows[row][column].trim().is_empty();
        let all = self.rows.iter().flatten().filter(|cell| !cell.trim().is_empty()).count();
        let printed = |row: usize| columns.iter().filter(|&&column| is_number(row, column)).count();
        all - rows.into_iter().flatten().map(printed).sum::<usize>()
    }

    /// A matrix is cut to one block, a single row to several.
    fn columns(&self, full: bool) -> Vec<Option<usize>> {
        let blocks = if self.rows.len() > 1 { 1 } else { BLOCKS };
        shown(self.column_labels.len(), if full { usize::MAX } else { blocks * self.per_line })
    }
}

/// All of `n` things, or as many as `at_most`, the last one among them, with a gap before it.
fn shown(n: usize, at_most: usize) -> Vec<Option<usize>> {
    if n <= at_most {
        return (0..n).map(Some).collect();
    }
    (0..at_most - 2).map(Some).chain([None, Some(n - 1)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(rows: u32, columns: u32, is_triangle: bool, line_width: usize) -> Grid {
        let n = if is_triangle { rows * (rows + 1) / 2 } else { rows * columns };
        let address = "layer0.head0.weights".parse().unwrap();
        let values = (0..n).map(f64::from).collect();
        let reading = Reading { address, shape: vec![rows, columns], is_triangle, values };
        let labels = |n: u32| (0..n).map(|i| i.to_string()).collect::<Vec<_>>();
        Grid::new(&reading, &if rows > 1 { labels(rows) } else { Vec::new() }, &labels(columns), line_width)
    }

    #[test]
    fn what_fits_is_whole() {
        let it = grid(3, 3, true, 40);
        let blocks = it.blocks(false);
        assert_eq!((blocks.len(), it.left_out(false)), (1, 0));
        assert_eq!(blocks[0].headings, ["0", "1", "2"]);
        assert_eq!(blocks[0].rows[1], ["1", "1.0000", "2.0000", "      "]);
    }

    #[test]
    fn what_does_not_fit_is_cut_or_folded() {
        let it = grid(40, 20, false, 40);
        let cut = &it.blocks(false)[0];
        assert_eq!(cut.headings.last().map(String::as_str), Some("19"));
        assert_eq!((cut.rows.len(), cut.rows[30][0].as_str(), cut.rows[31][0].as_str()), (ROWS, "…", "39"));
        let printed = 31 * cut.headings.iter().filter(|heading| *heading != "…").count();
        assert_eq!((it.left_out(false), it.left_out(true)), (800 - printed, 0));
        let columns: usize = it.blocks(true).iter().map(|block| block.headings.len()).sum();
        assert_eq!(columns, 20);
        assert_eq!(grid(1, 30, false, 40).left_out(false), 0);
        assert!(grid(1, 300, false, 40).left_out(false) > 0);
    }
}
