//! The attention's scores before the softmax, S4's `logits`: asked of the lab by address, sorted by layer and head.
//!
//! Why watched (`observe`) rather than asked after each step: what is watched is read once a slice from where the step
//! began; a question afterwards would have to train its way back there.

use std::collections::BTreeMap;

use glassgpt_core::Config;
use glassgpt_lab::Address;
use glassgpt_lab::address::{Kind, Name, Tensor};
use glassgpt_lab::protocol::{Event, NumberedEvent};
use glassgpt_lab::reading::Reading;

/// Where the scores of all heads stand.
pub(crate) fn addresses(config: &Config) -> Vec<Address> {
    let heads = |layer| (0..config.n_head as usize).map(move |head| Tensor::headed(Kind::AttnLogits, layer, head));
    let tensors = (0..config.n_layer as usize).flat_map(heads);
    tensors.map(|tensor| Address::of(Name::Tensor { position: None, tensor })).collect()
}

/// The scores of one step's document.
#[derive(Default)]
pub(crate) struct AttentionLogits(BTreeMap<(u32, u32), Vec<f64>>);

impl AttentionLogits {
    /// Those among some readings that belong to training step `step`, counted from 1.
    pub(crate) fn of_step(step: u32, readings: &[Reading]) -> Self {
        let began = step.checked_sub(1);
        let of_head = |reading: &Reading| match &reading.address {
            Address { step, text: None, name: Name::Tensor { position: None, tensor }, .. }
                if *step == began && tensor.kind == Kind::AttnLogits && reading.is_triangle =>
            {
                Some(((tensor.layer, tensor.head), reading.values.clone()))
            }
            _ => None,
        };
        Self(readings.iter().filter_map(of_head).collect())
    }

    /// Those that were told along with a step.
    pub(crate) fn among(step: u32, events: &[NumberedEvent]) -> Self {
        let told = events.iter().rev().find_map(|event| match &event.event {
            Event::Observed { readings } => Some(readings),
            _ => None,
        });
        told.map(|readings| Self::of_step(step, readings)).unwrap_or_default()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The scores of a head at a position, one for each position that it sees; none if they were not read.
    pub(crate) fn row(&self, layer: usize, head: usize, position: usize) -> Vec<f64> {
        let begin = position * (position + 1) / 2; // the rows before have 1, 2, …, `position` scores
        let triangle = self.0.get(&(layer as u32, head as u32));
        triangle.and_then(|values| values.get(begin..=begin + position)).map(<[f64]>::to_vec).unwrap_or_default()
    }
}
