//! One parameter over the steps of training: what Adam read, remembered and made of it.
//!
//! Why one replay: the state before a step is the one after the step before it, so a thousand steps are trained once, and not
//! each from a keyframe of its own.

use glassgpt_core::AdamStep;
use glassgpt_fused::Trainer;
use serde::Serialize;

use crate::address::Address;
use crate::wire_rows;

/// A parameter in each of some steps: entry `i` of every column is about the step that begins after `first + i` steps. The
/// numbers are those at `step:N/ADDRESS.part`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ParameterCourse {
    /// The parameter.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub address: Address,
    /// Steps done before the first of these steps.
    pub first: u32,
    /// The parameter before the update.
    #[cfg_attr(feature = "ts", ts(type = r#"Array<number | "NaN" | "Infinity" | "-Infinity">"#))]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<crate::wire_number::WireNumber>))]
    #[serde(serialize_with = "wire_rows::row")]
    pub value: Vec<f64>,
    /// How fast the document's loss grows with it.
    #[cfg_attr(feature = "ts", ts(type = r#"Array<number | "NaN" | "Infinity" | "-Infinity">"#))]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<crate::wire_number::WireNumber>))]
    #[serde(serialize_with = "wire_rows::row")]
    pub grad: Vec<f64>,
    /// The running mean of its gradient, this step's taken in.
    #[cfg_attr(feature = "ts", ts(type = r#"Array<number | "NaN" | "Infinity" | "-Infinity">"#))]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<crate::wire_number::WireNumber>))]
    #[serde(serialize_with = "wire_rows::row")]
    pub m: Vec<f64>,
    /// The running mean of its squared gradient, this step's taken in.
    #[cfg_attr(feature = "ts", ts(type = r#"Array<number | "NaN" | "Infinity" | "-Infinity">"#))]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<crate::wire_number::WireNumber>))]
    #[serde(serialize_with = "wire_rows::row")]
    pub v: Vec<f64>,
    /// `m`, corrected for its start at zero.
    #[cfg_attr(feature = "ts", ts(type = r#"Array<number | "NaN" | "Infinity" | "-Infinity">"#))]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<crate::wire_number::WireNumber>))]
    #[serde(serialize_with = "wire_rows::row")]
    pub m_hat: Vec<f64>,
    /// `v`, corrected for its start at zero.
    #[cfg_attr(feature = "ts", ts(type = r#"Array<number | "NaN" | "Infinity" | "-Infinity">"#))]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<crate::wire_number::WireNumber>))]
    #[serde(serialize_with = "wire_rows::row")]
    pub v_hat: Vec<f64>,
    /// What the step takes off the parameter.
    #[cfg_attr(feature = "ts", ts(type = r#"Array<number | "NaN" | "Infinity" | "-Infinity">"#))]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<crate::wire_number::WireNumber>))]
    #[serde(serialize_with = "wire_rows::row")]
    pub update: Vec<f64>,
    /// The parameter after it.
    #[cfg_attr(feature = "ts", ts(type = r#"Array<number | "NaN" | "Infinity" | "-Infinity">"#))]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<crate::wire_number::WireNumber>))]
    #[serde(serialize_with = "wire_rows::row")]
    pub next: Vec<f64>,
    /// The learning rate of the step.
    #[cfg_attr(feature = "ts", ts(type = r#"Array<number | "NaN" | "Infinity" | "-Infinity">"#))]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<crate::wire_number::WireNumber>))]
    #[serde(serialize_with = "wire_rows::row")]
    pub learning_rate: Vec<f64>,
    /// What plain gradient descent would take off in its place: learning rate times gradient.
    #[cfg_attr(feature = "ts", ts(type = r#"Array<number | "NaN" | "Infinity" | "-Infinity">"#))]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<crate::wire_number::WireNumber>))]
    #[serde(serialize_with = "wire_rows::row")]
    pub sgd: Vec<f64>,
}

impl ParameterCourse {
    /// No steps yet.
    pub(crate) fn new(address: Address, first: u32) -> Self {
        let none = Vec::new;
        let [value, grad, m, v, m_hat] = [none(), none(), none(), none(), none()];
        let [v_hat, update, next, learning_rate, sgd] = [none(), none(), none(), none(), none()];
        Self { address, first, value, grad, m, v, m_hat, v_hat, update, next, learning_rate, sgd }
    }

    /// Trains one more step, and notes what became of the parameter with this index.
    pub(crate) fn train(&mut self, trainer: &mut Trainer, index: usize) {
        let at = AdamStep::new(trainer.plan().config(), trainer.steps_done());
        let (value, mut m, mut v) = (trainer.params()[index], trainer.adam().m[index], trainer.adam().v[index]);
        trainer.measure();
        let grad = trainer.grads()[index];
        let update = at.change(&mut m, &mut v, grad);
        trainer.update();
        self.value.push(value);
        self.grad.push(grad);
        self.m.push(m);
        self.v.push(v);
        self.m_hat.push(m / at.correction1);
        self.v_hat.push(v / at.correction2);
        self.update.push(update);
        self.next.push(trainer.params()[index]);
        self.learning_rate.push(at.learning_rate);
        self.sgd.push(at.learning_rate * grad);
    }
}
