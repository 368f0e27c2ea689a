//! Why a number is what it is: how it was computed, who used it, how its gradient arrived, and what a nudge does to the loss.
//!
//! Why read off the tape: the tape is the computation. Every explanation can be computed again and gives the same bits,
//! and tests do so for random numbers of random models.
//!
//! ```
//! use glassgpt_core::{Corpus, Preset, Setup};
//! use glassgpt_lab::why::{Explainer, Made};
//! use glassgpt_lab::{Glass, Scene};
//!
//! let setup = Setup::new(Preset::Blog.config(), &Corpus::parse("emma\nolivia\n")?)?;
//! let scene = Scene::initial(&setup).reading("emma")?;
//! let glass = Glass::new(&scene);
//! let explainer = Explainer::new(&glass);
//! let ladder = explainer.why(&"p1/logits[3]".parse()?, 0, 1)?;
//! let Made::Computed { term } = &ladder.rungs[0].made else { panic!("logits are computed") };
//! assert_eq!(term.numbers().len(), 32); // 16 weights and 16 numbers of the residual stream
//! assert_eq!(term.evaluate(), ladder.rungs[0].value.0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod formula;
mod gradient;
mod ladder;
mod nudge;
mod optimizer;
mod reading;
mod term;
mod uses;
mod words;

pub use gradient::{Contribution, Gradient};
pub use ladder::{Ladder, MAX_RUNGS, Made, Rung};
pub use nudge::{EPSILON, MAX_DIGITS, Nudge};
pub use term::Term;
pub use uses::{ConsumerGroup, Consumers, Use};

use std::cell::OnceCell;

use glassgpt_core::value::NodeId;

use crate::address::{Address, Part};
use crate::glass::Glass;
use crate::protocol::Refusal;
use crate::wire_number::WireNumber;
use gradient::Backward;
use uses::Uses;

/// Explains the numbers of one tape.
///
/// An address's step and text are not looked at: the tape has been chosen by them. Addresses in answers have none, unless
/// they lie in another step.
#[derive(Debug)]
pub struct Explainer<'g, 'm> {
    glass: &'g Glass<'m>,
    uses: OnceCell<Uses>,
}

impl<'g, 'm> Explainer<'g, 'm> {
    /// Of a tape.
    #[must_use]
    pub fn new(glass: &'g Glass<'m>) -> Self {
        Self { glass, uses: OnceCell::new() }
    }

    /// Who used a number. Of a gradient's address, the number itself is meant.
    ///
    /// # Errors
    /// If the address does not mean one number of the tape.
    pub fn consumers(&self, address: &Address) -> Result<Consumers, Refusal> {
        let id = self.glass.node_at(address)?;
        let value = WireNumber(self.glass.node(id).data);
        Ok(Consumers { address: bare(address, Part::Value), value, groups: self.uses().groups(self.glass, id) })
    }

    /// How a number's gradient arrived. The address may be the number's or the gradient's.
    ///
    /// # Errors
    /// If the address does not mean one number of the tape.
    pub fn gradient(&self, address: &Address) -> Result<Gradient, Refusal> {
        let id = self.glass.node_at(address)?;
        Ok(self.gradient_of(id, bare(address, Part::Value)))
    }

    fn gradient_of(&self, id: NodeId, address: Address) -> Gradient {
        Backward { glass: self.glass, uses: self.uses() }.gradient(id, address)
    }

    fn uses(&self) -> &Uses {
        self.uses.get_or_init(|| Uses::new(self.glass))
    }
}

/// An address as it is told within a moment.
fn bare(address: &Address, part: Part) -> Address {
    Address { step: None, text: None, part, ..address.clone() }
}
