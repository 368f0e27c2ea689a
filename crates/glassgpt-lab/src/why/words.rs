//! What a number is, in words: its tensor, its position and character, what the mask hides, which token came.
//!
//! Why apart from how it was made: the tape knows the operations. Only the text knows what they are about.

use crate::address::{Address, Kind, Matrix, Name, Part, Tensor};
use crate::glass::Label;
use crate::scene::Scene;

/// What an address means, in a sentence. `same` is the number's own name, where the address is another one for it, and
/// `owner` the named number that it helps to make.
pub(super) fn words(address: &Address, same: &Address, owner: Option<Label>, scene: &Scene) -> String {
    let what = match &address.name {
        Name::Matrix(matrix) => parameter(*matrix, &address.index, scene),
        Name::Tensor { position, tensor } => {
            tensor_entry(*tensor, position.unwrap_or(0), address.index.first().copied(), scene)
        }
        Name::Loss => document_loss(scene),
        Name::Node(_) => match owner {
            Some(label) => format!("one step on the way to {}", label.address()),
            None => "one of the model’s numbers".to_string(),
        },
    };
    match address.part {
        Part::Value => what,
        Part::Grad if address.name == same.name => {
            format!("how fast the loss grows with {}, {what}", Address { part: Part::Value, ..address.clone() })
        }
        Part::Grad => format!("how fast the loss grows with {same}, with every use of it counted"),
        part => optimizer(part, scene),
    }
}

/// What a constant is there for, by the number it helps to make.
pub(super) fn constant(label: Option<Label>, value: f64, scene: &Scene) -> String {
    let config = scene.plan.config();
    let Some(Label::Entry { tensor, .. }) = label else {
        return if value.to_bits() == 0 {
            start()
        } else {
            format!("1/{}, for the mean of the positions", scene.positions())
        };
    };
    match tensor.kind {
        Kind::Exps | Kind::AttnExps => "minus the largest of the scores".to_string(),
        _ if value.to_bits() == 0 => start(),
        Kind::EmbNormMeanSquare | Kind::AttnNormMeanSquare | Kind::MlpNormMeanSquare => format!("1/{}", config.n_embd),
        Kind::EmbNormScale | Kind::AttnNormScale | Kind::MlpNormScale => {
            "1e-5, which keeps the root from 0".to_string()
        }
        Kind::AttnLogits => format!("1/√{}", config.head_dim()),
        Kind::Loss => "−1".to_string(),
        _ => value.to_string(),
    }
}

fn start() -> String {
    "0, where a sum begins".to_string()
}

fn document_loss(scene: &Scene) -> String {
    let (n, wanted) = (scene.positions(), scene.tokens.len() - 1);
    let of = if n == 1 { "its one position".to_string() } else { format!("its {n} positions") };
    let cut = if n < wanted {
        format!("; the context holds no more, so the last {} go unread", wanted - n)
    } else {
        String::new()
    };
    format!("the loss of “{}”: the mean surprise at {of}, what training makes small{cut}", scene.text())
}

/// `'e'`, or `BOS`.
pub(super) fn token(id: u32, scene: &Scene) -> String {
    let label = scene.tokenizer.label(id);
    if id == scene.tokenizer.bos() { label } else { format!("‘{label}’") }
}

/// Who stands at a position: `BOS`, or `'m', the second character`.
fn reader(position: u32, scene: &Scene) -> String {
    let token = token(scene.tokens[position as usize], scene);
    if position == 0 { token } else { format!("{token}, the {} character", ordinal(position)) }
}

fn ordinal(n: u32) -> String {
    let words = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];
    match words.get(n as usize - 1) {
        Some(word) => (*word).to_string(),
        None if n % 10 == 1 && n % 100 != 11 => format!("{n}st"),
        None if n % 10 == 2 && n % 100 != 12 => format!("{n}nd"),
        None if n % 10 == 3 && n % 100 != 13 => format!("{n}rd"),
        None => format!("{n}th"),
    }
}

fn tensor_entry(tensor: Tensor, position: u32, index: Option<u32>, scene: &Scene) -> String {
    use Kind::{
        AttnExpTotal, AttnExps, AttnLogits, Exps, HeadOutput, K, Logits, Loss, Probs, Q, Relu, Scores, V, Weights,
    };
    let about = tensor.kind.about();
    let here = format!("at position {position} ({})", reader(position, scene));
    let j = index.unwrap_or(0);
    let head_dim = scene.plan.config().head_dim();
    match tensor.kind {
        Q | K | V => format!("{about}, {here}: component {} of head {}", j % head_dim, j / head_dim),
        Scores | AttnLogits | AttnExps | Weights => format!(
            "{about}; {here}, looking at position {j} ({}){}",
            token(scene.tokens[j as usize], scene),
            mask(position, scene),
        ),
        AttnExpTotal | HeadOutput => format!("{about}, {here}{}", mask(position, scene)),
        Relu => format!("{about}, {here}: hidden unit {j} speaks if it is above 0"),
        Logits | Exps | Probs => {
            format!("{about}; {here}, for {} to come next{}", token(j, scene), came(position, j, scene))
        }
        Loss => {
            let target = scene.tokens[position as usize + 1];
            format!("{about}; {here}, where {} came next", token(target, scene))
        }
        _ => format!("{about}, {here}"),
    }
}

/// What attention may not see.
fn mask(position: u32, scene: &Scene) -> String {
    let last = scene.positions() as u32 - 1;
    match last - position {
        0 => String::new(),
        1 => format!("; position {last} comes later and is not looked at"),
        2 => format!("; positions {} and {last} come later and are not looked at", position + 1),
        _ => format!("; positions {} to {last} come later and are not looked at", position + 1),
    }
}

fn came(position: u32, candidate: u32, scene: &Scene) -> String {
    let target = scene.tokens[position as usize + 1];
    if target == candidate { ", which it did".to_string() } else { format!("; {} came", token(target, scene)) }
}

fn parameter(matrix: Matrix, index: &[u32], scene: &Scene) -> String {
    let &[row, col] = index else { return "parameters".to_string() };
    let head_dim = scene.plan.config().head_dim();
    let head = |component: u32| format!("component {} of head {}", component % head_dim, component / head_dim);
    let reads = |what: &str, made: String| format!("how much component {col} of {what} counts for {made}");
    let meaning = match matrix.name {
        "wte" => format!("component {col} of the embedding of {}", embedded(row, scene)),
        "wpe" => format!("component {col} of the embedding of position {row}, {}", reached(row, scene)),
        "lm_head" => reads("the residual stream", format!("the logit of {}", token(row, scene))),
        "attn_wq" => reads("attn_norm", format!("the query’s {}", head(row))),
        "attn_wk" => reads("attn_norm", format!("the key’s {}", head(row))),
        "attn_wv" => reads("attn_norm", format!("the value’s {}", head(row))),
        "attn_wo" => format!("how much {} counts for component {row} of what attention adds", head(col)),
        "mlp_fc1" => reads("mlp_norm", format!("hidden unit {row}")),
        _ => format!("how much hidden unit {col} counts for component {row} of what the MLP adds"),
    };
    format!("a parameter: {meaning}")
}

/// `'e', which is token 4, the first character of "emma"`
fn embedded(id: u32, scene: &Scene) -> String {
    let read = &scene.tokens[..scene.positions()];
    let places: Vec<u32> = (0u32..).zip(read).filter(|&(_, &token)| token == id).map(|(place, _)| place).collect();
    let text = scene.text();
    let who = format!("{}, which is token {id}", token(id, scene));
    match places[..] {
        [] => format!("{who} and is not read in “{text}”"),
        [0, ..] => format!("{who} and begins every text"),
        _ => {
            let mut ordinals: Vec<String> = places.iter().map(|&place| ordinal(place)).collect();
            let last = ordinals.pop().unwrap_or_default();
            let list = if ordinals.is_empty() { last } else { format!("{} and {last}", ordinals.join(", ")) };
            let character = if places.len() == 1 { "character" } else { "characters" };
            format!("{who}, the {list} {character} of “{text}”")
        }
    }
}

fn reached(position: u32, scene: &Scene) -> String {
    if (position as usize) < scene.positions() {
        format!("where {} is read", token(scene.tokens[position as usize], scene))
    } else {
        "which this text does not reach".to_string()
    }
}

fn optimizer(part: Part, scene: &Scene) -> String {
    let step = u64::from(scene.step) + 1;
    let over = step > u64::from(scene.plan.config().steps);
    let over = if over { "; training ended before it, so this is what one more step would do" } else { "" };
    let what = match part {
        Part::M => "Adam’s running mean of the gradient, this step’s taken in",
        Part::V => "Adam’s running mean of the squared gradient, this step’s taken in",
        Part::MHat => "the running mean, corrected for its start at 0",
        Part::VHat => "the running mean square, corrected for its start at 0",
        Part::Update => "what the step takes off the parameter",
        _ => "the parameter after the step",
    };
    format!("{what}; step {step}{over}")
}

#[cfg(test)]
mod tests {
    use super::ordinal;

    #[test]
    fn ordinals_are_english() {
        let words = [1, 2, 3, 10, 11, 12, 13, 21, 22, 23, 24, 101, 111, 112].map(ordinal);
        assert_eq!(words[..4], ["first", "second", "third", "tenth"]);
        assert_eq!(words[4..], ["11th", "12th", "13th", "21st", "22nd", "23rd", "24th", "101st", "111th", "112th"]);
    }
}
