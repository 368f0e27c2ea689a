//! Why something is not an address: each message names the piece at fault, and a right one where that helps.
//!
//! Why so many: addresses are typed by people, and "wrong address" would leave them guessing.

/// The longest address, in bytes.
pub(crate) const MAX_LEN: usize = 16_384;

/// The longest text in an address, in bytes. Escaped it is at most three times as long, and still fits.
pub(super) const MAX_TEXT: usize = 4_096;

/// Why something is not an address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// There is nothing where a name should be.
    #[error("the address {address:?} ends before it names anything; try p0/logits or layer0.attn_wq[0][0]")]
    Nothing {
        /// What was given.
        address: String,
    },
    /// A name nothing has.
    #[error("{name:?} is not the name of a number; the names are {known}")]
    UnknownName {
        /// What stands there.
        name: String,
        /// What could.
        known: String,
    },
    /// A name that belongs to a layer or head stands outside, or the other way round.
    #[error("{name} is written {expected}")]
    WrongScope {
        /// The name.
        name: String,
        /// How it should be written.
        expected: String,
    },
    /// A part nothing has.
    #[error(
        "{part:?} is not a part of a number; the parts are grad, and for parameters m, v, m_hat, v_hat, update, next"
    )]
    UnknownPart {
        /// What stands there.
        part: String,
    },
    /// Something only parameters have, asked of something else.
    #[error("only parameters have .{part}; {name} is not one")]
    NotAParameter {
        /// What was asked.
        part: String,
        /// Of what.
        name: String,
    },
    /// A position before something that has none.
    #[error("{name} has no position")]
    NoPosition {
        /// The name.
        name: String,
    },
    /// Not a whole number where one must be.
    #[error("{found:?} in {field} is not a whole number from 0 to {}", u32::MAX)]
    NotANumber {
        /// Where.
        field: &'static str,
        /// What stands there.
        found: String,
    },
    /// Brackets that do not match, or too many of them.
    #[error("{name} takes {most}, each in brackets, as in {example}", most = if *max == 1 { "one index at most" } else { "two indices at most" })]
    Index {
        /// The name.
        name: String,
        /// How many it can have: one or two.
        max: usize,
        /// A right one.
        example: String,
    },
    /// Brackets after a single number.
    #[error("{name} is a single number and takes no index; write {example}")]
    SingleNumber {
        /// The name.
        name: String,
        /// A right one.
        example: String,
    },
    /// Brackets after the numbers of all positions.
    #[error("{name} takes an index only at a position, as in {example}")]
    IndexWithoutPosition {
        /// The name.
        name: String,
        /// A right one.
        example: String,
    },
    /// A percent sign that does not begin an escaped byte.
    #[error("the text {text:?} is not escaped well: write %25 for %, %2F for /")]
    Escape {
        /// The text as given.
        text: String,
    },
    /// A text longer than any context.
    #[error("the text has {len} bytes; it must have at most {MAX_TEXT}")]
    TextTooLong {
        /// Its length.
        len: usize,
    },
    /// Too long to be an address.
    #[error("the address has {len} bytes; it must have at most {MAX_LEN}")]
    TooLong {
        /// Its length.
        len: usize,
    },
}
