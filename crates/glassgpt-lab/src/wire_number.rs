//! A double that survives JSON, whatever it is.
//!
//! Why: JSON has no NaN and no infinities, and exactly the steps that produce them are worth showing. Finite numbers
//! travel as numbers, the three others as the words JavaScript has for them.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::{Serialize, Serializer};

/// A double for the wire: a number, or `"NaN"`, `"Infinity"` or `"-Infinity"`.
///
/// Every finite number keeps its bits, `-0` included. All NaNs become one, so it is for showing, not for replaying.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(type = r#"number | "NaN" | "Infinity" | "-Infinity""#))]
pub struct WireNumber(pub f64);

impl WireNumber {
    /// The numbers that JSON has none for, and the words they travel as.
    pub(crate) const WORDS: [(&'static str, f64); 3] =
        [("NaN", f64::NAN), ("Infinity", f64::INFINITY), ("-Infinity", f64::NEG_INFINITY)];

    /// The word it travels as; None if it travels as a number.
    #[must_use]
    pub fn word(self) -> Option<&'static str> {
        let same = |number: f64| number == self.0 || (number.is_nan() && self.0.is_nan());
        Self::WORDS.into_iter().find(|&(_, number)| same(number)).map(|(word, _)| word)
    }
}

impl From<f64> for WireNumber {
    fn from(number: f64) -> Self {
        Self(number)
    }
}

impl From<WireNumber> for f64 {
    fn from(number: WireNumber) -> Self {
        number.0
    }
}

impl fmt::Display for WireNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.word() {
            Some(word) => f.write_str(word),
            None => fmt::Display::fmt(&self.0, f),
        }
    }
}

impl Serialize for WireNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.word() {
            Some(word) => serializer.serialize_str(word),
            None => serializer.serialize_f64(self.0),
        }
    }
}

impl<'de> Deserialize<'de> for WireNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NumberOrWord)
    }
}

struct NumberOrWord;

impl Visitor<'_> for NumberOrWord {
    type Value = WireNumber;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, \"NaN\", \"Infinity\" or \"-Infinity\"")
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<WireNumber, E> {
        Ok(WireNumber(number))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<WireNumber, E> {
        Ok(WireNumber(number as f64))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<WireNumber, E> {
        Ok(WireNumber(number as f64))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<WireNumber, E> {
        let found = WireNumber::WORDS.into_iter().find(|&(word, _)| word == text);
        found.map(|(_, number)| WireNumber(number)).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn json(number: f64) -> String {
        serde_json::to_string(&WireNumber(number)).expect("a number or a word")
    }

    fn read(text: &str) -> Result<f64, String> {
        serde_json::from_str::<WireNumber>(text).map(f64::from).map_err(|error| error.to_string())
    }

    #[test]
    fn the_three_others_are_words() {
        assert_eq!(json(f64::NAN), r#""NaN""#);
        assert_eq!([json(f64::INFINITY), json(-f64::INFINITY)], [r#""Infinity""#, r#""-Infinity""#]);
        assert!(read(r#""NaN""#).is_ok_and(f64::is_nan));
        assert_eq!(read(r#""-Infinity""#), Ok(-f64::INFINITY));
        assert_eq!(read("3"), Ok(3.0));
        assert_eq!(read("-3"), Ok(-3.0));
        assert!(read(r#""three""#).expect_err("not a number").contains("Infinity"));
        assert!(read("null").is_err());
        assert_eq!(WireNumber(-f64::INFINITY).to_string(), "-Infinity");
        assert_eq!(WireNumber(0.5).to_string(), "0.5");
    }

    #[test]
    #[cfg(feature = "ts")]
    fn the_page_knows_the_words() {
        let declared = <WireNumber as ts_rs::TS>::decl(&ts_rs::Config::default());
        assert_eq!(declared, r#"type WireNumber = number | "NaN" | "Infinity" | "-Infinity";"#);
    }

    proptest! {
        #[test]
        fn every_double_survives(bits: u64) {
            let number = f64::from_bits(bits);
            let back = read(&json(number)).expect("what was written can be read");
            prop_assert!(back.to_bits() == bits || (back.is_nan() && number.is_nan()));
        }
    }
}
