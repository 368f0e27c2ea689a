//! JSON from outside, taken as its description has it and not as serde would.
//!
//! Why: by JSON Schema `3.0` is the whole number 3 and a list is no object. serde refuses the first, and fills a struct from the
//! second, so `{"at": [null, null]}` would be a place although nobody who wrote it can have meant one. Both are set right here,
//! once, for every message there is or will be.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Serialize, de};

/// Whole numbers below this are exact as doubles.
const EXACT: f64 = (1u64 << 53) as f64;

/// A list where an object belongs, or the other way round, or either where neither does.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is {found} where {expected} belongs")]
pub struct Misfit {
    /// The innermost name on the way to it; None if it is the message itself.
    pub field: Option<String>,
    /// What stands there.
    pub found: &'static str,
    /// What should.
    pub expected: &'static str,
}

/// Has `parse` read a value, from JSON whose whole numbers are written as such, and checks what came of it.
///
/// # Errors
/// Those of `parse`, and a [`Misfit`] if what was understood, written again, has not the form of what was said.
pub fn read<T: Serialize, E: From<Misfit>>(json: &[u8], parse: impl FnOnce(&[u8]) -> Result<T, E>) -> Result<T, E> {
    let json = with_whole_numbers(json);
    let value = parse(&json)?;
    // Neither fails: what was understood is JSON, and plain data always has a JSON form.
    let form = |json: &[u8]| serde_json::from_slice(json).unwrap_or(Form::Plain);
    let understood = serde_json::to_vec(&value).unwrap_or_default();
    form(&json).check(&form(&understood), None)?;
    Ok(value)
}

/// Where lists and objects are, and nothing else: a message of a million numbers has a form of a few bytes.
#[derive(PartialEq)]
enum Form {
    Plain,
    /// Without the plain values at its end.
    List(Vec<Form>),
    /// Without its plain values.
    Object(Vec<(String, Form)>),
}

impl Form {
    /// Compares what was said with what was understood. What was not said need not be compared.
    fn check(&self, understood: &Self, field: Option<&str>) -> Result<(), Misfit> {
        match (self, understood) {
            (Self::Plain, _) => Ok(()),
            (Self::List(said), Self::List(understood)) => said
                .iter()
                .enumerate()
                .try_for_each(|(i, said)| said.check(understood.get(i).unwrap_or(&Self::Plain), field)),
            (Self::Object(said), Self::Object(understood)) => said.iter().try_for_each(|(name, said)| {
                let same = understood.iter().find(|(other, _)| other == name);
                said.check(same.map_or(&Self::Plain, |(_, understood)| understood), Some(name))
            }),
            _ => Err(Misfit { field: field.map(String::from), found: self.name(), expected: understood.name() }),
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Plain => "a plain value",
            Self::List(_) => "a list",
            Self::Object(_) => "an object",
        }
    }
}

impl<'de> Deserialize<'de> for Form {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Observer)
    }
}

struct Observer;

impl<'de> Visitor<'de> for Observer {
    type Value = Form;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Form, E> {
        Ok(Form::Plain)
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<Form, E> {
        Ok(Form::Plain)
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<Form, E> {
        Ok(Form::Plain)
    }

    fn visit_u64<E: de::Error>(self, _: u64) -> Result<Form, E> {
        Ok(Form::Plain)
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<Form, E> {
        Ok(Form::Plain)
    }

    fn visit_str<E: de::Error>(self, _: &str) -> Result<Form, E> {
        Ok(Form::Plain)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Form, A::Error> {
        let mut forms = Vec::new();
        let mut n_items = 0;
        while let Some(form) = items.next_element()? {
            if form != Form::Plain {
                forms.resize_with(n_items, || Form::Plain);
                forms.push(form);
            }
            n_items += 1;
        }
        Ok(Form::List(forms))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Form, A::Error> {
        let mut forms = Vec::new();
        while let Some((name, form)) = fields.next_entry()? {
            if form != Form::Plain {
                forms.push((name, form));
            }
        }
        Ok(Form::Object(forms))
    }
}

/// The same JSON, with whole numbers written as such: `3.0` and `3e2` become `3` and `300`. What is no JSON stays none.
#[must_use]
pub fn with_whole_numbers(json: &[u8]) -> Cow<'_, [u8]> {
    let mut written = Vec::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(&byte) = json.get(at) {
        match byte {
            b'"' => at += string(&json[at..]),
            b'-' | b'0'..=b'9' => {
                let is_part = |byte: &&u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
                let end = at + json[at..].iter().take_while(is_part).count();
                if let Some(whole) = whole(&json[at..end]) {
                    written.extend_from_slice(&json[copied..at]);
                    written.extend_from_slice(whole.to_string().as_bytes());
                    copied = end;
                }
                at = end;
            }
            _ => at += 1,
        }
    }
    if copied == 0 {
        return json.into();
    }
    written.extend_from_slice(&json[copied..]);
    written.into()
}

/// The length of a string, both quotes included.
fn string(json: &[u8]) -> usize {
    let mut at = 1;
    while let Some(&byte) = json.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    json.len()
}

/// The whole number that is written with a point or an exponent. -0 is none: its sign would be lost.
fn whole(number: &[u8]) -> Option<i64> {
    if !number.iter().any(|byte| matches!(byte, b'.' | b'e' | b'E')) {
        return None;
    }
    let number: f64 = serde_json::from_slice(number).ok()?;
    let is_whole = number.fract() == 0.0 && number.abs() < EXACT && !(number == 0.0 && number.is_sign_negative());
    is_whole.then_some(number as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{ClientMessage, Command};
    use crate::{Place, Question};
    use proptest::prelude::*;
    use serde::de::DeserializeOwned;

    #[derive(Debug, thiserror::Error)]
    enum Unread {
        #[error(transparent)]
        Misfit(#[from] Misfit),
        #[error(transparent)]
        Json(#[from] serde_json::Error),
    }

    fn heard<T: Serialize + DeserializeOwned>(json: &str) -> Result<T, Unread> {
        read(json.as_bytes(), |json| Ok(serde_json::from_slice(json)?))
    }

    #[track_caller]
    fn misfit<T: Serialize + DeserializeOwned + std::fmt::Debug>(json: &str) -> (Option<String>, String) {
        match heard::<T>(json) {
            Err(Unread::Misfit(misfit)) => (misfit.field.clone(), misfit.to_string()),
            other => panic!("expected a misfit, got {other:?}"),
        }
    }

    #[test]
    fn a_list_is_no_object() {
        let list = "there is a list where an object belongs";
        for (json, field) in [
            (r#"["step"]"#, None),
            (r#"["seek", null, 3]"#, None),
            (r#"{"type": "sample", "count": 1, "sampling": [0.5, null, null], "prefix": ""}"#, Some("sampling")),
            (r#"{"type": "intervene", "intervention": ["zero_mlp", 0]}"#, Some("intervention")),
        ] {
            assert_eq!(misfit::<Command>(json), (field.map(String::from), list.to_string()), "{json}");
        }
        for (json, field) in [
            (r#"{"type": "tensors", "at": [null, null]}"#, "at"),
            (r#"{"type": "lens", "at": {}, "interventions": [["zero_mlp", 0]]}"#, "interventions"),
            (
                r#"{"type": "lens", "at": {}, "interventions": [{"type": "zero_mlp", "layer": 1}, ["zero_mlp", 0]]}"#,
                "interventions",
            ),
            (r#"{"type": "expression", "source": "a", "leaves": [["a", 1]]}"#, "leaves"),
        ] {
            assert_eq!(misfit::<Question>(json), (Some(field.to_string()), list.to_string()), "{json}");
        }
        let compared = misfit::<ClientMessage>(
            r#"{"id": 1, "question": {"type": "compare", "a": {"branch": 0, "step": 1}, "b": [0, 1]}}"#,
        );
        assert_eq!(compared.0.as_deref(), Some("b"));
    }

    #[test]
    fn an_object_is_no_word() {
        let command = r#"{"type": "set_schedule", "schedule": {"cosine": null}}"#;
        let (field, message) = misfit::<Command>(command);
        assert_eq!((field.as_deref(), &*message), (Some("schedule"), "there is an object where a plain value belongs"));
    }

    #[test]
    fn lists_that_are_meant_and_what_is_left_out_are_well() {
        let spread = r#"{"type": "spread", "addresses": ["wte"], "bins": 5, "range": [0, 1.0]}"#;
        let Ok(Question::Spread { range, .. }) = heard(spread) else { panic!("a question") };
        assert_eq!(range, Some([0.0, 1.0]));
        assert_eq!(heard::<Place>(r#"{"step": null}"#).ok(), Some(Place::default()));
        assert!(
            heard::<Command>(
                r#"{"type": "sample", "count": 1, "sampling": {"temperature": 1, "top_k": null}, "prefix": ""}"#
            )
            .is_ok()
        );
    }

    #[test]
    fn a_whole_number_may_have_a_point() {
        let place = |step: &str| heard::<Place>(&format!(r#"{{"step": {step}, "text": "1.0 \" 2.0"}}"#));
        for three in ["3", "3.0", "3.00", "0.3e1", "30E-1"] {
            let expected = Place { step: Some(3), text: Some("1.0 \" 2.0".to_string()) };
            assert_eq!(place(three).ok(), Some(expected), "{three}");
        }
        for other in ["3.5", "-3.0", "3.", ".3e1", "03.0", "+3.0", "3.0.0", "-0.0", "1e10", "1e400"] {
            assert!(place(other).is_err(), "{other}");
        }
    }

    #[test]
    fn what_is_cut_short_does_no_harm() {
        for json in ["", "\"", "\"\\", "[1.0", "-", "1.0", "{\"a\": 1.0"] {
            let plain = String::from_utf8(with_whole_numbers(json.as_bytes()).into_owned());
            assert_eq!(plain, Ok(json.replace("1.0", "1")));
        }
    }

    proptest! {
        #[test]
        fn no_double_changes(bits: u64) {
            let number = f64::from_bits(bits);
            for number in [number, number.round(), f64::from(number as f32), number as i32 as f64] {
                let Ok(json) = serde_json::to_vec(&number) else { continue };
                let read: Option<f64> = serde_json::from_slice(&with_whole_numbers(&json)).ok();
                prop_assert_eq!(read.map(f64::to_bits), number.is_finite().then(|| number.to_bits()));
            }
        }
    }
}
