//! Printing and reading again: what is written down must come back as it was.
//!
//! Why the text is compared too: a NaN is not equal to itself, and 0 is equal to -0.

use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// The JSON of a value, after checking that it reads back to the same.
pub(crate) fn json<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) -> String {
    let text = print(value);
    let again: T = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error} in what was written: {text}"));
    assert_eq!(print(&again), text, "what is read again prints differently");
    #[expect(clippy::eq_op, reason = "a value with a NaN in it is not equal to itself")]
    let comparable = value == value;
    assert!(!comparable || again == *value, "{again:?} was read from {text}, written of {value:?}");
    text
}

/// The JSON of a value that is only ever written.
pub(crate) fn print<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("plain data always has a JSON form")
}
