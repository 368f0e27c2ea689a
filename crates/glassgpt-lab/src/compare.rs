//! Two moments side by side, of one session or of two: where their courses part, and what became of the parameters.
//!
//! Why first differences: two runs that part at one bit are two runs, and the first step that differs says why.

use serde::{Deserialize, Serialize};

use glassgpt_core::Layout;

use crate::Session;
use crate::protocol::{Experiment, Moment, Refusal};

/// How many parameters are listed.
pub const MOST_CHANGED: usize = 20;

/// Two moments compared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Comparison {
    /// The one.
    pub a: Side,
    /// The other.
    pub b: Side,
    /// The first training step, counted from 1, whose losses differ in any bit; null if none of the steps that both have does.
    pub first_different_step: Option<u32>,
    /// The address at which the two courses first differ, with its step: a parameter at the first moment at which any does,
    /// or the losses if it was the documents that differed. Null if they do not, as far as both go. Courses that have
    /// parted are taken to stay apart.
    pub first_different_address: Option<String>,
    /// The first parameter, in order, that differs in any bit between the two moments; null if none does.
    pub first_different_param: Option<ParamDifference>,
    /// Parameters that differ in any bit.
    pub num_different: u32,
    /// Parameters in all.
    pub num_params: u32,
    /// Length of the difference of all parameters (L2 norm).
    pub distance: f64,
    /// The parameters that differ most, the furthest apart first; at most 20.
    pub most_changed: Vec<ParamDifference>,
}

/// One of two moments, and the way to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Side {
    /// The moment.
    pub moment: Moment,
    /// The loss of every step that led there, in nats.
    pub losses: Vec<f64>,
}

/// A parameter with two values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ParamDifference {
    /// Its name, such as `layer0.attn_wq[3][2]`.
    pub param: String,
    /// Its value at the one moment.
    pub a: f64,
    /// Its value at the other.
    pub b: f64,
}

/// Compares two moments, each of the session given with it.
///
/// # Errors
/// A [`Refusal`] if a moment was never reached, or if the models cannot be compared: other matrices, or other tokens.
pub fn compare(a: (&Session, Moment), b: (&Session, Moment)) -> Result<Comparison, Refusal> {
    refuse_other_shapes(a.0.experiment(), b.0.experiment())?;
    let [one, other] = [a.0.trainer_at(a.1)?, b.0.trainer_at(b.1)?];
    let (params, others) = (one.params(), other.params());
    let layout = one.plan().layout();
    let difference = |i: usize| ParamDifference { param: param_name(layout, i), a: params[i], b: others[i] };

    let mut different: Vec<usize> = (0..params.len()).filter(|&i| params[i].to_bits() != others[i].to_bits()).collect();
    let first_different_param = different.first().map(|&i| difference(i));
    let num_different = different.len() as u32;
    let apart = |i: usize| (params[i] - others[i]).abs();
    different.sort_by(|&i, &j| apart(j).total_cmp(&apart(i)));
    different.truncate(MOST_CHANGED);

    let [side_a, side_b] = [a, b].map(|(session, moment)| Side { moment, losses: session.losses_to(moment) });
    let mut losses = side_a.losses.iter().zip(&side_b.losses);
    let parted = losses.position(|(one, other)| one.to_bits() != other.to_bits());
    let first_different_address = first_different_address(a, b, parted.map(|i| i as u32))?;
    Ok(Comparison {
        first_different_step: parted.map(|i| i as u32 + 1),
        first_different_address,
        first_different_param,
        num_different,
        num_params: params.len() as u32,
        distance: (0..params.len()).map(|i| apart(i) * apart(i)).sum::<f64>().sqrt(),
        most_changed: different.into_iter().map(difference).collect(),
        a: side_a,
        b: side_b,
    })
}

/// `parted` is the moment at which the losses first differ. Parameters may have differed before: halving finds since when.
fn first_different_address(
    a: (&Session, Moment),
    b: (&Session, Moment),
    parted: Option<u32>,
) -> Result<Option<String>, Refusal> {
    let first_at = |step: u32| -> Result<Option<String>, Refusal> {
        let [one, other] = [a, b].map(|(session, moment)| session.trainer_at(Moment { step, ..moment }));
        let (one, other) = (one?, other?);
        let mut pairs = one.params().iter().zip(other.params());
        let first = pairs.position(|(one, other)| one.to_bits() != other.to_bits());
        Ok(first.map(|i| format!("step:{step}/{}", param_name(one.plan().layout(), i))))
    };
    let last = parted.unwrap_or(a.1.step.min(b.1.step));
    let Some(mut found) = first_at(last)? else {
        return Ok(parted.map(|step| format!("step:{step}/p*/loss")));
    };
    let (mut same, mut different) = (0, last);
    if let Some(first) = first_at(0)? {
        return Ok(Some(first));
    }
    while different - same > 1 {
        let middle = same + (different - same) / 2;
        match first_at(middle)? {
            Some(first) => (different, found) = (middle, first),
            None => same = middle,
        }
    }
    Ok(Some(found))
}

fn refuse_other_shapes(a: &Experiment, b: &Experiment) -> Result<(), Refusal> {
    if a.vocab != b.vocab {
        let [n, m] = [a.vocab.len(), b.vocab.len()];
        return Err(Refusal::general(format!(
            "the models have different vocabularies ({n} and {m} tokens), so their parameters mean different things; compare runs on the same corpus"
        )));
    }
    match a.matrices.iter().zip(&b.matrices).find(|(a, b)| a != b) {
        Some((a, b)) => Err(Refusal::general(format!(
            "the models have different shapes: {} is {} × {} in the one and {} is {} × {} in the other; compare runs with the same n_embd, n_layer and block_size",
            a.name, a.rows, a.cols, b.name, b.rows, b.cols
        ))),
        None if a.matrices.len() != b.matrices.len() => Err(Refusal::general(format!(
            "the models have different shapes: n_layer is {} in the one and {} in the other",
            a.config.n_layer, b.config.n_layer
        ))),
        None => Ok(()),
    }
}

/// A parameter's name: its matrix, row and column, such as `wte[0][3]`.
fn param_name(layout: &Layout, index: usize) -> String {
    let matrix =
        layout.matrices().find(|matrix| matrix.range().contains(&index)).expect("every parameter is in a matrix");
    let place = index - matrix.offset;
    format!("{}[{}][{}]", matrix.name, place / matrix.cols, place % matrix.cols)
}
