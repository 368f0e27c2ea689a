//! The ladder of explanations: a number, the numbers it was made from, what those were made from, down as far as asked.
//!
//! Why each number once: a residual stream is read in a dozen places, and a tree that repeated it would have no end.

use std::collections::{HashSet, VecDeque};

use glassgpt_core::{Activation, Op};
use serde::Serialize;

use super::formula::formula;
use super::gradient::Contribution;
use super::optimizer::ParameterStep;
use super::reading::TapeReader;
use super::term::Term;
use super::words::words;
use super::{Explainer, bare};
use crate::address::{Address, Name, Part};
use crate::limits::check_whole;
use crate::protocol::Refusal;
use crate::source::{self, SourceLines};
use crate::wire_number::WireNumber;

/// The most numbers one ladder explains.
pub const MAX_RUNGS: u32 = 2000;

/// A number explained, and those below it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Ladder {
    /// Steps of training done at this moment.
    pub step: u32,
    /// The text read.
    pub text: String,
    /// The number asked for, then what it was made from, then what those were made from: each once, where it first occurs.
    pub rungs: Vec<Rung>,
    /// The most rungs that were asked for.
    pub limit: u32,
    /// Numbers within the depth asked for that are not explained because of this limit. What those were made from is not
    /// counted.
    pub left_out: u32,
}

/// One number, explained.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Rung {
    /// How far below the number asked for.
    pub depth: u32,
    /// Its address.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub address: Address,
    /// Its value; of a gradient's address the gradient.
    pub value: WireNumber,
    /// What it is.
    pub words: String,
    /// How it is made, with this model's sizes; empty for a parameter.
    pub formula: String,
    /// How it was made, with every figure.
    pub made: Made,
    /// The lines that did it.
    pub sources: Vec<SourceLines>,
}

/// How a number came about.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "how", rename_all = "snake_case")]
pub enum Made {
    /// It is a parameter: given to this computation, changed only by the optimizer.
    Given,
    /// It is another number's second name.
    Same {
        /// The first name.
        #[cfg_attr(feature = "ts", ts(type = "string"))]
        address: Address,
    },
    /// It was computed from other numbers.
    Computed {
        /// How.
        term: Term,
    },
    /// It is a gradient: a sum over the number's uses.
    Collected {
        /// Where the sum begins: 1 for the loss, 0 for all others.
        start: WireNumber,
        /// What every use added, in the order of backward.
        contributions: Vec<Contribution>,
    },
}

impl Made {
    /// The numbers it was made from, each once.
    #[must_use]
    pub fn from(&self) -> Vec<&Address> {
        match self {
            Made::Given => Vec::new(),
            Made::Same { address } => vec![address],
            Made::Computed { term } => term.numbers().into_iter().map(|(address, _)| address).collect(),
            Made::Collected { contributions, .. } => {
                let mut seen = HashSet::new();
                let upstream = contributions.iter().map(|contribution| &contribution.upstream_of);
                upstream.filter(|address| seen.insert(*address)).collect()
            }
        }
    }
}

impl Explainer<'_, '_> {
    /// How a number was computed, and what it was computed from, `depth` levels down, in at most `limit` rungs.
    ///
    /// # Errors
    /// If the address does not mean one number of this moment, or the limit is out of bounds.
    pub fn why(&self, address: &Address, depth: u32, limit: u32) -> Result<Ladder, Refusal> {
        check_whole("limit", limit, 1, MAX_RUNGS)?;
        let top = bare(address, address.part);
        let mut seen = HashSet::from([top.clone()]);
        let mut waiting = VecDeque::from([(top, 0)]);
        let mut rungs: Vec<Rung> = Vec::new();
        while rungs.len() < limit as usize
            && let Some((address, at)) = waiting.pop_front()
        {
            let rung = self.rung(&address, at)?;
            if at < depth {
                // What lies in another step is on another tape.
                let here = rung.made.from().into_iter().filter(|address| address.step.is_none());
                let fresh: Vec<Address> = here.filter(|&address| seen.insert(address.clone())).cloned().collect();
                waiting.extend(fresh.into_iter().map(|address| (address, at + 1)));
            }
            rungs.push(rung);
        }
        let scene = self.glass.scene();
        Ok(Ladder { step: scene.step, text: scene.text(), rungs, limit, left_out: waiting.len() as u32 })
    }

    fn rung(&self, address: &Address, depth: u32) -> Result<Rung, Refusal> {
        let (glass, scene, part) = (self.glass, self.glass.scene(), address.part);
        let id = glass.node_at(&bare(address, Part::Value))?;
        let node = glass.node(id);
        let same = glass.address(id).part(part);
        let made = match part {
            Part::Value if same != *address => Made::Same { address: same.clone() },
            Part::Value if node.op == Op::Parameter => Made::Given,
            Part::Value => Made::Computed { term: TapeReader::of(glass, id).expand(id) },
            Part::Grad => {
                let gradient = self.gradient_of(id, same.clone());
                Made::Collected { start: gradient.start, contributions: gradient.contributions }
            }
            _ => Made::Computed { term: self.optimized(address, id as usize)? },
        };
        let value = match &made {
            Made::Collected { .. } => glass.grad(id),
            Made::Computed { term } => term.value(),
            Made::Given | Made::Same { .. } => node.data,
        };
        Ok(Rung {
            depth,
            address: address.clone(),
            value: WireNumber(value),
            words: words(address, &same, glass.atlas().owner(id).map(|(_, label)| label), scene),
            formula: formula(address, Some(node.op), scene),
            made,
            sources: sources(address, node.op, scene.plan.config().activation),
        })
    }

    fn optimized(&self, address: &Address, parameter: usize) -> Result<Term, Refusal> {
        let scene = self.glass.scene();
        if !scene.is_training_document {
            let part = address.part.name();
            let message = format!(
                "{address}: .{part} belongs to a step of training, and the next step does not train on this text; leave the text out"
            );
            return Err(Refusal::of("address", message));
        }
        let grad = self.glass.grads()[parameter];
        let step = ParameterStep::new(scene, address, parameter, grad);
        Ok(step.term(address.part).expect("the value and the gradient are read off the tape"))
    }
}

fn sources(address: &Address, op: Op, activation: Activation) -> Vec<SourceLines> {
    match (&address.name, address.part) {
        (_, part) if part != Part::Value => source::of_part(part),
        (Name::Matrix(_), _) => source::of_parameters(),
        (Name::Tensor { tensor, .. }, _) => source::of_kind(tensor.kind, activation),
        (Name::Loss, _) => source::of_document_loss(),
        (Name::Node(_), _) => source::of_op(op),
    }
}
