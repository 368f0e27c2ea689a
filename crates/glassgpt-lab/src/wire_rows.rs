//! How tables of doubles travel: each number as [`WireNumber`] has it.
//!
//! Why apart: whoever computes wants plain doubles, and only JSON has no word for some of them.

use serde::{Serialize, Serializer};

use crate::wire_number::WireNumber;

/// One number.
pub(crate) fn number<S: Serializer>(number: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    WireNumber(*number).serialize(serializer)
}

/// A row of them.
pub(crate) fn row<S: Serializer>(numbers: &[f64], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(numbers.iter().copied().map(WireNumber))
}

/// A row for every position.
pub(crate) fn rows<S: Serializer>(rows: &[Vec<f64>], serializer: S) -> Result<S::Ok, S::Error> {
    struct Row<'a>(&'a [f64]);
    impl Serialize for Row<'_> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            row(self.0, serializer)
        }
    }
    serializer.collect_seq(rows.iter().map(|row| Row(row)))
}
