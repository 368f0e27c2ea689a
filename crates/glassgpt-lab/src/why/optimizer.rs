//! How Adam made a parameter's memory, its update and its next value: the formulas of `core/src/adam.rs` as terms.
//!
//! Why written out here: the optimizer works on plain numbers and leaves no tape. The terms are checked against the
//! parameters it really made, bit for bit.

use glassgpt_core::AdamStep;

use super::term::Term;
use crate::address::{Address, Part};
use crate::scene::Scene;
use crate::wire_number::WireNumber;

/// One parameter in one step of Adam.
pub(super) struct ParameterStep<'m> {
    scene: &'m Scene,
    at: AdamStep,
    /// The parameter, without a part.
    address: Address,
    index: usize,
    grad: f64,
}

/// A term whose value is what it evaluates to.
fn sealed(make: impl Fn(WireNumber) -> Term) -> Term {
    make(WireNumber(make(WireNumber(0.0)).evaluate()))
}

fn product<const N: usize>(factors: [Term; N]) -> Term {
    sealed(|value| Term::Product { factors: factors.to_vec(), value })
}

fn sum(a: Term, b: Term) -> Term {
    let partial_sums = vec![WireNumber(a.value()), WireNumber(a.value() + b.value())];
    let terms = vec![a, b];
    sealed(|value| Term::Sum { terms: terms.clone(), from_zero: false, partial_sums: partial_sums.clone(), value })
}

fn quotient(of: Term, by: Term) -> Term {
    sealed(|value| Term::Quotient { of: Box::new(of.clone()), by: Box::new(by.clone()), value })
}

fn power(base: Term, exponent: f64) -> Term {
    sealed(|value| Term::Power { base: Box::new(base.clone()), exponent, value })
}

impl<'m> ParameterStep<'m> {
    /// The step that follows a moment. `grad` is the parameter's gradient in it.
    pub(super) fn new(scene: &'m Scene, address: &Address, index: usize, grad: f64) -> Self {
        let at = AdamStep::new(scene.plan.config(), scene.step);
        let address = Address { step: None, text: None, part: Part::Value, ..address.clone() };
        Self { scene, at, address, index, grad }
    }

    /// How a part was made; None for the value and the gradient, which Adam does not make.
    pub(super) fn term(&self, part: Part) -> Option<Term> {
        Some(match part {
            Part::Value | Part::Grad => return None,
            Part::M => self.mean(Part::M, self.at.beta1, "β1", self.number(Part::Grad)),
            Part::V => self.mean(Part::V, self.at.beta2, "β2", power(self.number(Part::Grad), 2.0)),
            Part::MHat => quotient(self.number(Part::M), self.correction(self.at.correction1, "β1")),
            Part::VHat => quotient(self.number(Part::V), self.correction(self.at.correction2, "β2")),
            Part::Update => {
                let rate = Term::constant(self.at.learning_rate, "the learning rate of this step");
                let size = power(self.number(Part::VHat), 0.5);
                let eps = Term::constant(self.at.eps, "ε, which keeps the division finite");
                quotient(product([rate, self.number(Part::MHat)]), sum(size, eps))
            }
            Part::Next => {
                let (from, less) = (self.number(Part::Value), self.number(Part::Update));
                sealed(|value| Term::Difference { from: Box::new(from.clone()), less: Box::new(less.clone()), value })
            }
        })
    }

    /// The value of a part.
    pub(super) fn value(&self, part: Part) -> f64 {
        match part {
            Part::Value => self.scene.params[self.index],
            Part::Grad => self.grad,
            _ => self.term(part).expect("Adam makes all the others").value(),
        }
    }

    fn number(&self, part: Part) -> Term {
        Term::number(self.address.clone().part(part), self.value(part))
    }

    /// `β · before + (1 − β) · fresh`
    fn mean(&self, part: Part, beta: f64, name: &str, fresh: Term) -> Term {
        let keep = Term::constant(beta, format!("{name}, what is kept of the past"));
        let take = Term::constant(1.0 - beta, format!("1 − {name}, what the new one counts"));
        sum(product([keep, self.before(part)]), product([take, fresh]))
    }

    /// The memory as the step before left it.
    fn before(&self, part: Part) -> Term {
        let adam = &self.scene.adam;
        let value = if part == Part::M { adam.m[self.index] } else { adam.v[self.index] };
        match self.scene.step.checked_sub(1) {
            None => Term::constant(value, "no memory yet"),
            Some(step) => Term::number(Address { step: Some(step), ..self.address.clone().part(part) }, value),
        }
    }

    fn correction(&self, value: f64, name: &str) -> Term {
        let t = u64::from(self.scene.step) + 1;
        Term::constant(value, format!("1 − {name}^{t}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use glassgpt_core::{Adam, Config, Corpus, Preset, Setup, fmath};

    #[test]
    fn it_is_what_adam_does() {
        let corpus = Corpus::parse("emma\nolivia\n").expect("a corpus");
        for config in [Preset::Blog.config(), Config { n_embd: 4, ..Preset::Gist.config() }] {
            let setup = Setup::new(config, &corpus).expect("valid settings");
            let mut scene = Scene::initial(&setup);
            for step in 0..3 {
                scene.step = step;
                let grads: Vec<f64> = scene.params.iter().map(|param| fmath::sin(param * 10.0)).collect();
                let (mut adam, mut params): (Adam, _) = (scene.adam.clone(), scene.params.clone());
                adam.update(scene.plan.config(), step, &mut params, &grads);
                for index in [0, 1, 77] {
                    let at = ParameterStep::new(&scene, &"wte[0][0]".parse().expect("one"), index, grads[index]);
                    let made = [Part::M, Part::V, Part::Next].map(|part| at.value(part).to_bits());
                    assert_eq!(made, [adam.m[index], adam.v[index], params[index]].map(f64::to_bits));
                }
                (scene.adam, scene.params) = (adam, params);
            }
        }
    }
}
