//! What interventions do, always beside the model untouched: to one text, and to many.
//!
//! Why both come together: a number under an intervention says nothing until one knows what it was.

use glassgpt_core::{Documents, Plan, TokenId};
use glassgpt_fused::Evaluator;
use serde::Serialize;

use super::{Glasses, Prediction, Wearer};
use crate::limits::check_whole;
use crate::protocol::Refusal;
use crate::scene::Scene;
use crate::wire_rows;

/// The most documents to measure a loss over.
pub const MAX_DOCUMENTS: u32 = 1000;

/// What interventions do to one text.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Effect {
    /// The text.
    pub text: String,
    /// Its tokens, BOS at both ends. Position `p` reads token `p` and predicts token `p + 1`.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<u32>))]
    pub tokens: Vec<TokenId>,
    /// What the model makes of it.
    pub untouched: Prediction,
    /// What it makes of it through the glasses.
    pub changed: Prediction,
}

/// What interventions do to the loss of many documents.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EffectOnDocuments {
    /// How many documents were read, the first in training order.
    pub documents: u32,
    /// How many positions they have in all.
    pub positions: u32,
    /// The model's mean loss over all positions, in nats.
    #[cfg_attr(feature = "ts", ts(type = r#"number | "NaN" | "Infinity" | "-Infinity""#))]
    #[cfg_attr(feature = "openapi", schema(value_type = crate::wire_number::WireNumber))]
    #[serde(serialize_with = "wire_rows::number")]
    pub untouched: f64,
    /// The same through the glasses.
    #[cfg_attr(feature = "ts", ts(type = r#"number | "NaN" | "Infinity" | "-Infinity""#))]
    #[cfg_attr(feature = "openapi", schema(value_type = crate::wire_number::WireNumber))]
    #[serde(serialize_with = "wire_rows::number")]
    pub changed: f64,
}

/// What interventions do to the scene's text.
#[must_use]
pub fn effect_on_text(scene: &Scene, glasses: &Glasses) -> Effect {
    let predict = |glasses: &Glasses| Wearer::new(&scene.plan, &scene.params, glasses).predict(&scene.tokens);
    let untouched = predict(&Glasses::none());
    let changed = if glasses.is_empty() { untouched.clone() } else { predict(glasses) };
    Effect { text: scene.text(), tokens: scene.tokens.clone(), untouched, changed }
}

/// What they do to the loss of the first `count` documents in training order, or of all if there are fewer.
///
/// # Errors
/// If `count` is 0 or above [`MAX_DOCUMENTS`].
pub fn effect_on_documents(
    scene: &Scene,
    glasses: &Glasses,
    documents: &Documents,
    count: u32,
) -> Result<EffectOnDocuments, Refusal> {
    check_whole("documents", count, 1, MAX_DOCUMENTS)?;
    let count = count.min(documents.len() as u32);
    let plan = &scene.plan;
    let chosen: Vec<&[TokenId]> = (0..count).map(|step| documents.of_step(step)).collect();
    let mut evaluator = Evaluator::new(plan);
    let mut exactly = |params: &[f64]| mean(&chosen, |tokens| evaluator.losses(params, tokens).to_vec());
    let (untouched, positions) = exactly(&scene.params);
    let fast = glasses.as_parameters(plan, &scene.params).map(|params| exactly(&params).0);
    let slowly = || {
        let wearer = Wearer::new(plan, &scene.params, glasses);
        mean(&chosen, |tokens| wearer.losses(tokens)).0
    };
    // Times 0, an infinite number is not 0 but none at all: then only reading through the glasses tells.
    let changed = fast.filter(|loss| loss.is_finite()).unwrap_or_else(slowly);
    Ok(EffectOnDocuments { documents: count, positions, untouched, changed })
}

/// The mean over all positions, and how many there are.
fn mean(documents: &[&[TokenId]], mut losses: impl FnMut(&[TokenId]) -> Vec<f64>) -> (f64, u32) {
    let (mut sum, mut positions) = (0.0, 0);
    for tokens in documents {
        let losses = losses(tokens);
        sum += losses.iter().fold(0.0, |sum, loss| sum + loss);
        positions += losses.len() as u32;
    }
    (sum / f64::from(positions), positions)
}

impl Glasses {
    /// Parameters with which the untouched model computes what this one computes through the glasses; None if there are
    /// no such parameters.
    ///
    /// A head writes nothing if its columns of `attn_wo` are 0, an MLP if `mlp_fc2` is, a unit if its column of `mlp_fc2`
    /// is, and positions make no difference if `wpe` is 0: adding a product with 0 changes no sum. The fast engine can then
    /// do the reading, with the same bits wherever all numbers are finite.
    #[must_use]
    pub fn as_parameters(&self, plan: &Plan, params: &[f64]) -> Option<Vec<f64>> {
        if !self.left_out.is_empty() {
            return None;
        }
        let mut params = self.parameters(params).into_owned();
        for change in &self.changes {
            change.zeroes(plan)?.for_each(|index| params[index] = 0.0);
        }
        Some(params)
    }
}
