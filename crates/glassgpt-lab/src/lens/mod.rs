//! Lenses: what the model would say if it stopped here, and who said what it says in the end.
//!
//! Why they work so plainly on this model: everything a layer adds goes into one residual stream, and nothing but `lm_head`
//! stands between the stream and the logits. There is no last norm, as larger models have, so a logit is a plain sum.

mod attribution;
mod kept;

pub use attribution::{Attribution, LogitSource, LogitTerm, NormShare, attribute};

use glassgpt_core::{TokenId, fmath};
use serde::Serialize;

use crate::address::{Kind, Tensor};
use crate::intervention::Glasses;
use crate::scene::Scene;
use crate::wire_rows;
use kept::Kept;

/// The residual stream of a text, read as logits after each write.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LogitLens {
    /// The text.
    pub text: String,
    /// Its tokens, BOS at both ends. Position `p` reads token `p` and predicts token `p + 1`.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<u32>))]
    pub tokens: Vec<TokenId>,
    /// One for every write, the first first. The last gives the model's own logits.
    pub stages: Vec<LensStage>,
}

/// What the model would predict if a write to the residual stream were the last.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LensStage {
    /// The residual stream after the write, by its name in an address: `emb_norm`, `layer0.attn_residual`, `layer0.residual`.
    pub after: String,
    /// V scores at every position.
    #[cfg_attr(feature = "ts", ts(type = r#"Array<Array<number | "NaN" | "Infinity" | "-Infinity">>"#))]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Vec<crate::wire_number::WireNumber>>))]
    #[serde(serialize_with = "wire_rows::rows")]
    pub logits: Vec<Vec<f64>>,
    /// V probabilities at every position.
    #[cfg_attr(feature = "ts", ts(type = r#"Array<Array<number | "NaN" | "Infinity" | "-Infinity">>"#))]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Vec<crate::wire_number::WireNumber>>))]
    #[serde(serialize_with = "wire_rows::rows")]
    pub probs: Vec<Vec<f64>>,
}

/// Reads the residual stream of the scene's text after each write.
///
/// Interventions on the logits themselves come after the last write, so the lens does not show them.
#[must_use]
pub fn logit_lens(scene: &Scene, glasses: &Glasses) -> LogitLens {
    let params = glasses.parameters(&scene.params);
    let kept = Kept::new(scene, glasses, &[Kind::EmbNorm, Kind::AttnResidual, Kind::Residual]);
    let stage = |tensor: Tensor| {
        let logits = |position| project(scene, &params, kept.row(tensor, position));
        let logits: Vec<Vec<f64>> = (0..scene.positions()).map(logits).collect();
        let probs = logits.iter().map(|row| softmax(row)).collect();
        LensStage { after: tensor.to_string(), logits, probs }
    };
    LogitLens { text: scene.text(), tokens: scene.tokens.clone(), stages: writes(scene).map(stage).collect() }
}

/// The residual stream after each write, in order.
fn writes(scene: &Scene) -> impl Iterator<Item = Tensor> {
    let layers = 0..scene.plan.config().n_layer as usize;
    let of_layer = |layer| [Kind::AttnResidual, Kind::Residual].map(|kind| Tensor::layered(kind, layer));
    std::iter::once(Tensor::global(Kind::EmbNorm)).chain(layers.flat_map(of_layer))
}

/// `lm_head` times a row of the residual stream.
fn project(scene: &Scene, params: &[f64], x: &[f64]) -> Vec<f64> {
    let lm_head = &scene.plan.layout().lm_head;
    (0..lm_head.rows).map(|row| dot(&params[lm_head.row(row)], x)).collect()
}

/// From left to right, starting from 0, as the model does.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).fold(0.0, |sum, (a, b)| sum + a * b)
}

/// As the model does it, operation by operation.
fn softmax(logits: &[f64]) -> Vec<f64> {
    let max = logits.iter().copied().reduce(|max, x| if x > max { x } else { max });
    let max = max.expect("a vocabulary is never empty");
    let exps: Vec<f64> = logits.iter().map(|logit| fmath::exp(logit + -max)).collect();
    let inverse = fmath::pow(exps.iter().fold(0.0, |sum, exp| sum + exp), -1.0);
    exps.iter().map(|exp| exp * inverse).collect()
}
