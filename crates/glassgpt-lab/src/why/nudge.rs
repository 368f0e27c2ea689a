//! A nudge: change one number a little up and a little down, and see what the loss does.
//!
//! Why: a gradient is a claim about exactly this, and here it is put to the test. A parameter is changed and the model run
//! again. Anything else is changed where it stands on the tape, and what was made from it is computed again.

use glassgpt_core::value::NodeId;
use glassgpt_core::{Activation, Op, fmath};
use serde::Serialize;

use super::reading::TapeReader;
use super::{Explainer, bare};
use crate::address::{Address, Kind, Part, Tensor};
use crate::glass::{Glass, GlassModel, Number, Plain, Witness};
use crate::protocol::Refusal;
use crate::wire_number::WireNumber;

/// The smallest and the largest nudge.
pub const EPSILON: [f64; 2] = [1e-9, 1.0];

/// Agreement is told up to this many digits; a double has hardly more.
pub const MAX_DIGITS: f64 = 16.0;

/// What a nudge did.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Nudge {
    /// The number.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub address: Address,
    /// Its value w.
    pub value: WireNumber,
    /// The nudge ε.
    pub epsilon: f64,
    /// The loss as it is, f(w).
    pub loss: WireNumber,
    /// f(w + ε)
    pub loss_up: WireNumber,
    /// f(w − ε)
    pub loss_down: WireNumber,
    /// (f(w + ε) − f(w − ε)) / 2ε
    pub slope: WireNumber,
    /// What autograd says.
    pub gradient: WireNumber,
    /// In how many digits the two agree, 0 to [`MAX_DIGITS`]; null if one of them is not finite.
    pub digits: Option<f64>,
    /// Whether some relu switches between w − ε and w + ε: the loss has a corner there and the slope is none.
    pub crosses_corner: bool,
}

/// A loss, and which relus were above 0 on the way to it.
struct Outcome {
    loss: f64,
    above: Vec<bool>,
}

impl Explainer<'_, '_> {
    /// Nudges a number by `epsilon`; None for 1e-5, or 1e-5 of the number where it is larger than 1. That is near the
    /// cube root of a double's precision, where the error of the slope is smallest.
    ///
    /// # Errors
    /// If the address does not mean one number of the tape, or the nudge is out of bounds.
    pub fn nudge(&self, address: &Address, epsilon: Option<f64>) -> Result<Nudge, Refusal> {
        let [min, max] = EPSILON;
        let id = self.glass.node_at(address)?;
        let value = self.glass.node(id).data;
        let sensible = (1e-5 * value.abs().max(1.0)).min(max);
        let epsilon = epsilon.unwrap_or(sensible);
        if !(min..=max).contains(&epsilon) {
            let message = format!("epsilon is {epsilon}; it must be a number from {min:e} to {max}");
            return Err(Refusal::of("epsilon", message));
        }
        let [up, down] = [value + epsilon, value - epsilon].map(|value| self.outcome(id, value));
        let slope = (up.loss - down.loss) / (2.0 * epsilon);
        let gradient = self.glass.grad(id);
        let relu = self.glass.scene().plan.config().activation == Activation::Relu;
        Ok(Nudge {
            address: bare(address, Part::Value),
            value: WireNumber(value),
            epsilon,
            loss: WireNumber(self.glass.node(self.glass.root()).data),
            loss_up: WireNumber(up.loss),
            loss_down: WireNumber(down.loss),
            slope: WireNumber(slope),
            gradient: WireNumber(gradient),
            digits: agreement(slope, gradient),
            crosses_corner: relu && up.above != down.above,
        })
    }

    fn outcome(&self, id: NodeId, value: f64) -> Outcome {
        if self.glass.node(id).op == Op::Parameter {
            run_again(self.glass, id as usize, value)
        } else {
            replay(self.glass, id, value)
        }
    }
}

/// In how many digits two numbers agree: −log10 of their relative difference.
fn agreement(a: f64, b: f64) -> Option<f64> {
    if !(a.is_finite() && b.is_finite()) {
        return None;
    }
    let relative = (a - b).abs() / a.abs().max(b.abs());
    if a == b {
        return Some(MAX_DIGITS);
    }
    Some((-fmath::ln(relative) / std::f64::consts::LN_10).clamp(0.0, MAX_DIGITS))
}

/// Runs the model with one parameter changed.
fn run_again(glass: &Glass<'_>, parameter: usize, value: f64) -> Outcome {
    let scene = glass.scene();
    let mut params: Vec<Plain> = scene.params.iter().map(|&data| Plain(data)).collect();
    params[parameter] = Plain(value);
    let mut relus = Relus { above: Vec::new() };
    let loss = GlassModel::new(&scene.plan, &params, &mut relus).loss(&scene.tokens).0;
    Outcome { loss, above: relus.above }
}

/// Notes which relus are above 0.
struct Relus {
    above: Vec<bool>,
}

impl Witness<Plain> for Relus {
    fn see(&mut self, tensor: Tensor, _: usize, numbers: &mut [Plain]) {
        if tensor.kind == Kind::Relu {
            self.above.extend(numbers.iter().map(|number| number.0 > 0.0));
        }
    }
}

/// Changes a number on the tape and computes again what was made from it, operation by operation.
fn replay(glass: &Glass<'_>, changed: NodeId, value: f64) -> Outcome {
    let n = glass.tape().len() as NodeId;
    let mut values: Vec<f64> = (0..n).map(|id| glass.node(id).data).collect();
    let mut is_changed = vec![false; n as usize];
    values[changed as usize] = value;
    is_changed[changed as usize] = true;
    let mut above = Vec::new();
    for id in 0..n {
        let node = glass.node(id);
        let [a, b] = node.operands.map(|operand| Plain(values[operand as usize]));
        if id > changed && node.operands().iter().any(|&operand| is_changed[operand as usize]) {
            let again = match node.op {
                Op::Parameter | Op::Constant => Plain(node.data),
                Op::Add => a + b,
                Op::Mul => a * b,
                Op::Pow => a.pow(TapeReader::of(glass, id).exponent(&node, glass.node(node.operands[0]).data)),
                Op::Log => a.log(),
                Op::Exp => a.exp(),
                Op::Relu => a.relu(),
            };
            values[id as usize] = again.0;
            is_changed[id as usize] = true;
        }
        if node.op == Op::Relu {
            above.push(a.0 > 0.0);
        }
    }
    Outcome { loss: values[glass.root() as usize], above }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::Scene;
    use glassgpt_core::{Corpus, Preset, Setup};

    #[test]
    fn replaying_the_tape_is_running_the_model_again() {
        let corpus = Corpus::parse("emma\nolivia\nava\n").expect("a corpus");
        for preset in [Preset::Blog, Preset::Gist] {
            let scene = Scene::initial(&Setup::new(preset.config(), &corpus).expect("valid settings"));
            let glass = Glass::new(&scene);
            for parameter in (0..scene.params.len()).step_by(37) {
                let value = scene.params[parameter] + 1e-3;
                let [a, b] = [run_again(&glass, parameter, value), replay(&glass, parameter as NodeId, value)];
                assert!((a.loss - b.loss).abs() < 1e-14, "parameter {parameter}: {} and {}", a.loss, b.loss);
                assert_eq!(a.above, b.above);
            }
        }
    }

    #[test]
    fn agreement_is_told_in_digits() {
        assert_eq!(agreement(1.0, 1.0), Some(MAX_DIGITS));
        assert_eq!(agreement(0.0, -0.0), Some(MAX_DIGITS));
        assert_eq!(agreement(1.0, -1.0), Some(0.0));
        assert_eq!(agreement(f64::NAN, 1.0), None);
        assert_eq!(agreement(f64::INFINITY, f64::INFINITY), None);
        assert!(agreement(1.0, 1.001).is_some_and(|digits| (2.9..3.1).contains(&digits)));
    }
}
