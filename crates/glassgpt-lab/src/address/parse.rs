//! Reading an address, and saying exactly where one is wrong.
//!
//! Why by hand: the grammar is small, addresses come from links and strangers, and a good answer names the piece at fault.

use std::str::FromStr;

use super::error::{MAX_LEN, MAX_TEXT};
use super::escape::unescape;
use super::{Address, AddressError, Kind, Matrix, Name, Part, Scope, Tensor};

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(address: &str) -> Result<Self, AddressError> {
        if address.len() > MAX_LEN {
            return Err(AddressError::TooLong { len: address.len() });
        }
        let mut rest = address;
        let mut step = None;
        let mut text = None;
        let mut position = Position::NotGiven;
        if let Some((given, after)) = prefixed(rest, "step:") {
            step = Some(number("step", given)?);
            rest = after;
        }
        if let Some((given, after)) = prefixed(rest, "text:") {
            let given = unescape(given)?;
            if given.len() > MAX_TEXT {
                return Err(AddressError::TextTooLong { len: given.len() });
            }
            text = Some(given);
            rest = after;
        }
        if let Some((given, after)) = prefixed(rest, "p") {
            position = if given == "*" { Position::All } else { Position::At(number("position", given)?) };
            rest = after;
        }
        if rest.is_empty() || rest.ends_with('/') {
            return Err(AddressError::Nothing { address: address.to_string() });
        }
        let (body, part) = split_part(rest)?;
        let (body, indices) = body.find('[').map_or((body, ""), |at| body.split_at(at));
        let name = place(name(body)?, position)?;
        let index = index(&name, indices)?;
        if part.is_of_parameters() && !matches!(name, Name::Matrix(_)) {
            return Err(AddressError::NotAParameter { part: part.name().to_string(), name: body.to_string() });
        }
        Ok(Self { step, text, name, index, part })
    }
}

/// What stands between slashes where a position may stand.
#[derive(Clone, Copy)]
enum Position {
    NotGiven,
    All,
    At(u32),
}

/// What follows `prefix` up to the next slash, and what follows that.
fn prefixed<'a>(text: &'a str, prefix: &str) -> Option<(&'a str, &'a str)> {
    text.strip_prefix(prefix)?.split_once('/')
}

fn number(field: &'static str, text: &str) -> Result<u32, AddressError> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let canonical = digits && (text == "0" || !text.starts_with('0'));
    let parsed = if canonical { text.parse().ok() } else { None };
    parsed.ok_or_else(|| AddressError::NotANumber { field, found: text.to_string() })
}

/// Splits `….grad` off. A dot within a name is never followed by a part's name alone.
fn split_part(text: &str) -> Result<(&str, Part), AddressError> {
    if let Some((body, after)) = text.rsplit_once(']')
        && !after.is_empty()
    {
        let part = after.strip_prefix('.').and_then(part_named);
        let part = part.ok_or_else(|| AddressError::UnknownPart { part: after.to_string() })?;
        return Ok((&text[..=body.len()], part));
    }
    if let Some((body, after)) = text.rsplit_once('.')
        && let Some(part) = part_named(after)
        && matches!(name(body), Ok(_) | Err(AddressError::WrongScope { .. }))
    {
        return Ok((body, part));
    }
    Ok((text, Part::Value))
}

fn part_named(name: &str) -> Option<Part> {
    Part::ALL.into_iter().filter(|&part| part != Part::Value).find(|part| part.name() == name)
}

/// The name alone; a tensor gets its position later.
pub(super) fn name(text: &str) -> Result<Name, AddressError> {
    if let Some(node) = text.strip_prefix("node:") {
        return Ok(Name::Node(number("node", node)?));
    }
    let (layer, rest) = counted(text, "layer")?;
    let (head, bare) = counted(rest, "head")?;
    if let Some(kind) = Kind::named(bare) {
        let given = (layer.is_some(), head.is_some());
        let expected = match kind.scope() {
            Scope::Model => (false, false),
            Scope::Layer => (true, false),
            Scope::Head => (true, true),
        };
        if given != expected {
            let tensor = Tensor { kind, layer: 0, head: 0 };
            return Err(AddressError::WrongScope { name: bare.to_string(), expected: tensor.to_string() });
        }
        let tensor = Tensor { kind, layer: layer.unwrap_or(0), head: head.unwrap_or(0) };
        return Ok(Name::Tensor { position: None, tensor });
    }
    let named = |names: &[&'static str]| names.iter().copied().find(|&name| name == bare);
    match (named(&Matrix::GLOBAL), named(&Matrix::LAYERED), layer, head) {
        (Some(name), _, None, None) => Ok(Name::Matrix(Matrix { layer: None, name })),
        (_, Some(name), Some(layer), None) => Ok(Name::Matrix(Matrix { layer: Some(layer), name })),
        (Some(name), ..) => Err(AddressError::WrongScope { name: name.to_string(), expected: name.to_string() }),
        (_, Some(name), ..) => {
            Err(AddressError::WrongScope { name: name.to_string(), expected: format!("layer0.{name}") })
        }
        (None, None, ..) => Err(AddressError::UnknownName { name: bare.to_string(), known: known() }),
    }
}

fn known() -> String {
    let kinds = Kind::ALL.map(Kind::name);
    [&kinds[..], &Matrix::GLOBAL, &Matrix::LAYERED, &["node:N"]].concat().join(", ")
}

/// `layer3.rest` into 3 and `rest`; anything else stays as it is.
fn counted<'a>(text: &'a str, word: &'static str) -> Result<(Option<u32>, &'a str), AddressError> {
    match text.strip_prefix(word).and_then(|after| after.split_once('.')) {
        Some((count, rest)) => Ok((Some(number(word, count)?), rest)),
        None => Ok((None, text)),
    }
}

/// Puts a tensor at its position.
fn place(name: Name, position: Position) -> Result<Name, AddressError> {
    match (name, position) {
        (Name::Tensor { tensor, .. }, Position::At(position)) => Ok(Name::Tensor { position: Some(position), tensor }),
        (Name::Tensor { tensor, .. }, Position::NotGiven) if tensor.kind == Kind::Loss => Ok(Name::Loss),
        (name @ Name::Tensor { .. }, _) | (name, Position::NotGiven) => Ok(name),
        (Name::Matrix(matrix), _) => Err(AddressError::NoPosition { name: matrix.to_string() }),
        (Name::Loss | Name::Node(_), _) => Err(AddressError::NoPosition { name: "a node".to_string() }),
    }
}

fn index(name: &Name, text: &str) -> Result<Vec<u32>, AddressError> {
    let max = match name {
        Name::Matrix(_) => 2,
        Name::Tensor { position: Some(_), tensor } if tensor.kind.width() != super::Width::One => 1,
        _ => 0,
    };
    let wrong = || match name {
        Name::Matrix(matrix) => {
            AddressError::Index { name: matrix.to_string(), max, example: format!("{matrix}[0][0]") }
        }
        Name::Tensor { tensor, .. } if max == 1 => {
            let name = Address::of(name.clone()).to_string();
            AddressError::Index { name, max, example: format!("p0/{tensor}[0]") }
        }
        Name::Tensor { tensor, .. } if tensor.kind.width() != super::Width::One => {
            AddressError::IndexWithoutPosition { name: tensor.to_string(), example: format!("p0/{tensor}[0]") }
        }
        Name::Tensor { position: None, tensor } => {
            AddressError::SingleNumber { name: tensor.to_string(), example: format!("p0/{tensor}") }
        }
        single => {
            let name = Address::of(single.clone()).to_string();
            AddressError::SingleNumber { example: name.clone(), name }
        }
    };
    let mut indices = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (inside, after) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')).ok_or_else(wrong)?;
        indices.push(number("an index", inside)?);
        rest = after;
    }
    if indices.len() > max { Err(wrong()) } else { Ok(indices) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parsed(text: &str) -> Address {
        text.parse().expect("an address")
    }

    #[test]
    fn what_is_printed_is_what_was_parsed() {
        for text in [
            "step:120/text:emma/p2/layer0.head1.weights[0]",
            "p0/logits[26].grad",
            "layer0.attn_wq[3][2].m_hat",
            "step:0/wte[4]",
            "wpe",
            "loss",
            "loss.grad",
            "p3/loss",
            "p*/loss",
            "layer3.residual",
            "text:a%2Fb%25/p1/probs",
            "text:/p0/v[1]",
            "text:zoë/node:4711.grad",
            "p0/layer0.v[1].grad",
        ] {
            if text.contains("p0/v[") {
                assert!(text.parse::<Address>().is_err(), "v belongs to a layer");
                continue;
            }
            assert_eq!(parsed(text).to_string(), text);
        }
    }

    #[test]
    fn kinds_are_listed_in_the_order_they_are_declared() {
        assert!(Kind::ALL.into_iter().enumerate().all(|(place, kind)| kind as usize == place));
    }

    #[test]
    fn the_longest_text_can_still_be_printed_and_parsed() {
        let longest = format!("step:4294967295/text:{}/p0/loss", "%2F".repeat(MAX_TEXT));
        assert_eq!(parsed(&longest).to_string(), longest);
        let error = format!("text:{}/p0/loss", "a".repeat(MAX_TEXT + 1)).parse::<Address>().expect_err("longer");
        assert!(error.to_string().contains("at most 4096"), "{error}");
    }

    #[test]
    fn an_error_names_what_is_wrong() {
        let error = |text: &str| text.parse::<Address>().expect_err(text).to_string();
        assert!(error("p0/quer[1]").contains("\"quer\""));
        assert!(error("p0/quer[1]").contains("logits"));
        assert!(error("q[1]").contains("layer0.q"));
        assert!(error("head1.weights").contains("layer0.head0.weights"));
        assert!(error("layer0.wte").contains("wte is written wte"));
        assert!(error("p0/wte[0][0]").contains("no position"));
        assert!(error("wte[0][0][0]").starts_with("wte takes two indices at most"));
        assert!(error("p0/layer0.q[0][0]").starts_with("p0/layer0.q takes one index at most"));
        for single in ["loss", "p3/loss", "node:7", "p0/layer0.head0.attn_exp_total"] {
            let said = error(&format!("{single}[0]"));
            assert_eq!(said, format!("{single} is a single number and takes no index; write {single}"));
        }
        assert!(error("layer0.head0.attn_exp_total[0]").ends_with("write p0/layer0.head0.attn_exp_total"));
        assert!(error("wte[x]").contains("\"x\""));
        assert!(error("wte[0").contains("in brackets"));
        assert_eq!(error("logits[3]"), "logits takes an index only at a position, as in p0/logits[0]");
        assert!(error("p0/logits[3].m").contains("only parameters"));
        assert!(error("wte[0][0].gradient").contains("\".gradient\""));
        assert!(error("step:x/loss").contains("step"));
        assert!(error("step:01/loss").contains("\"01\""));
        assert!(error("text:%zz/loss").contains("%25"));
        assert!(error("text:emma/").contains("ends before"));
        assert!(error("").contains("ends before"));
        assert!(error("p0/layer99999999999.q").contains("layer"));
    }

    fn tensors() -> impl Strategy<Value = Tensor> {
        (0..Kind::ALL.len(), 0u32..4, 0u32..8).prop_map(|(kind, layer, head)| {
            let kind = Kind::ALL[kind];
            let (layer, head) = match kind.scope() {
                Scope::Model => (0, 0),
                Scope::Layer => (layer, 0),
                Scope::Head => (layer, head),
            };
            Tensor { kind, layer, head }
        })
    }

    fn addresses() -> impl Strategy<Value = Address> {
        let matrices = (0..9usize, 0u32..4).prop_map(|(i, layer)| match i {
            0..3 => Matrix { layer: None, name: Matrix::GLOBAL[i] },
            _ => Matrix { layer: Some(layer), name: Matrix::LAYERED[i - 3] },
        });
        let names = prop_oneof![
            matrices.prop_map(Name::Matrix),
            (prop::option::of(0u32..1024), tensors()).prop_map(|(position, tensor)| Name::Tensor { position, tensor }),
            Just(Name::Loss),
            any::<u32>().prop_map(Name::Node),
        ];
        let texts = prop::option::of(".{0,12}");
        (prop::option::of(any::<u32>()), texts, names, [any::<u32>(), any::<u32>()], 0..3usize, 0..8usize).prop_map(
            |(step, text, name, indices, len, part)| {
                let max = match &name {
                    Name::Matrix(_) => 2,
                    Name::Tensor { position: Some(_), tensor } => {
                        usize::from(tensor.kind.width() != super::super::Width::One)
                    }
                    _ => 0,
                };
                let parts = if matches!(name, Name::Matrix(_)) { 8 } else { 2 };
                Address { step, text, index: indices[..len.min(max)].to_vec(), part: Part::ALL[part % parts], name }
            },
        )
    }

    proptest! {
        #[test]
        fn printing_and_parsing_are_each_others_inverse(address in addresses()) {
            prop_assert_eq!(address.to_string().parse::<Address>(), Ok(address));
        }

        #[test]
        fn nothing_a_stranger_sends_breaks_it(text in "\\PC*") {
            if let Ok(address) = text.parse::<Address>() {
                prop_assert_eq!(address.to_string().parse::<Address>(), Ok(address));
            }
        }

        #[test]
        fn nor_does_a_soup_of_its_own_words(words in prop::collection::vec(prop::sample::select(vec![
            "step:", "text:", "p", "/", "0", "12", "layer", "head", ".", "q", "weights", "wte", "[", "]", "grad", "%", "loss", "node:", "*",
        ]), 0..14)) {
            if let Ok(address) = words.concat().parse::<Address>() {
                prop_assert_eq!(address.to_string().parse::<Address>(), Ok(address));
            }
        }
    }
}
