//! Reading a text through glasses: logits, probabilities and losses at every position.
//!
//! Why on plain numbers: the glass model can be changed anywhere, which the fast engine cannot. With empty glasses it gives
//! the fast engine's bits.

use glassgpt_core::{Plan, TokenId};
use serde::Serialize;

use super::Glasses;
use crate::glass::{GlassModel, Number, Plain, positions};
use crate::wire_rows;

/// What a model makes of a text. Under a harsh intervention a number may not be finite.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Prediction {
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
    /// Loss at every position, in nats.
    #[cfg_attr(feature = "ts", ts(type = r#"Array<number | "NaN" | "Infinity" | "-Infinity">"#))]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<crate::wire_number::WireNumber>))]
    #[serde(serialize_with = "wire_rows::row")]
    pub losses: Vec<f64>,
    /// Their mean.
    #[cfg_attr(feature = "ts", ts(type = r#"number | "NaN" | "Infinity" | "-Infinity""#))]
    #[cfg_attr(feature = "openapi", schema(value_type = crate::wire_number::WireNumber))]
    #[serde(serialize_with = "wire_rows::number")]
    pub loss: f64,
}

/// A model with glasses on.
#[derive(Clone, Debug)]
pub struct Wearer<'a> {
    plan: &'a Plan,
    params: Vec<Plain>,
    glasses: &'a Glasses,
}

impl<'a> Wearer<'a> {
    /// Reads with these parameters, in `state_dict` order.
    #[must_use]
    pub fn new(plan: &'a Plan, params: &[f64], glasses: &'a Glasses) -> Self {
        let params = glasses.parameters(params).iter().map(|&data| Plain(data)).collect();
        Self { plan, params, glasses }
    }

    /// What it makes of a text with BOS at both ends.
    #[must_use]
    pub fn predict(&self, tokens: &[TokenId]) -> Prediction {
        let mut witness = self.glasses;
        let mut model = GlassModel::new(self.plan, &self.params, &mut witness);
        let mut prediction = Prediction { logits: Vec::new(), probs: Vec::new(), losses: Vec::new(), loss: 0.0 };
        for position in 0..positions(self.plan, tokens) {
            let logits = model.read(tokens[position]);
            let probs = model.probs(&logits);
            prediction.losses.push((-probs[tokens[position + 1] as usize].log()).0);
            prediction.logits.push(numbers(&logits));
            prediction.probs.push(numbers(&probs));
        }
        prediction.loss = sum(&prediction.losses) * (1.0 / prediction.losses.len() as f64);
        prediction
    }

    /// The loss at each of its positions.
    #[must_use]
    pub fn losses(&self, tokens: &[TokenId]) -> Vec<f64> {
        let mut witness = self.glasses;
        let mut model = GlassModel::new(self.plan, &self.params, &mut witness);
        let mut loss = |position: usize| {
            let logits = model.read(tokens[position]);
            (-model.probs(&logits)[tokens[position + 1] as usize].log()).0
        };
        (0..positions(self.plan, tokens)).map(&mut loss).collect()
    }

    /// The scores of what comes after some tokens, at most as many as the context holds; none after none.
    #[must_use]
    pub fn logits_after(&self, tokens: &[TokenId]) -> Vec<f64> {
        let mut witness = self.glasses;
        let mut model = GlassModel::new(self.plan, &self.params, &mut witness);
        tokens.iter().fold(Vec::new(), |_, &token| numbers(&model.read(token)))
    }
}

fn numbers(row: &[Plain]) -> Vec<f64> {
    row.iter().map(|number| number.0).collect()
}

/// From left to right, starting from 0.
fn sum(numbers: &[f64]) -> f64 {
    numbers.iter().fold(0.0, |sum, number| sum + number)
}
