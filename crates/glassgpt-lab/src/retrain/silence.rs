//! Silenced pieces for the fast engines: weights that are 0 and stay 0.
//!
//! Why that is training without the piece: a head whose rows of `attn_wv` and columns of `attn_wo` are all 0 writes 0. The
//! gradient of `attn_wo` has the head's output as a factor, which is 0, and that of `attn_wv` has `attn_wo`, which is 0;
//! those of its queries and keys have both. So every one of these gradients is 0, Adam moves none of the weights, and
//! whatever else collects a gradient from the head adds zeros to it, which change no sum. The same holds for a hidden unit
//! with its row of `mlp_fc1` and its column of `mlp_fc2`, and for an MLP with all of both. It does not hold for the
//! position embedding, whose gradient is not 0 where it is 0. A test compares with the tape, bit for bit.

use glassgpt_core::{Plan, Setup};

use crate::intervention::Intervention;

/// Weights that are to be 0 during a training, and what they were before.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Silence {
    initial: Vec<(usize, f64)>,
}

impl Silence {
    /// What silences the pieces that interventions silence; None if one of them does something else.
    pub(super) fn new(interventions: &[Intervention], setup: &Setup) -> Option<Self> {
        let mut initial = Vec::new();
        for intervention in interventions {
            initial.extend(weights(intervention, &setup.plan)?.into_iter().map(|index| (index, setup.params[index])));
        }
        Some(Self { initial })
    }

    /// Sets the weights to 0.
    pub(super) fn begin(&self, setup: &mut Setup) {
        for &(index, _) in &self.initial {
            setup.params[index] = 0.0;
        }
    }

    /// Gives the weights back what they were: what was never used was never trained.
    pub(super) fn end(&self, params: &mut [f64]) {
        for &(index, initial) in &self.initial {
            params[index] = initial;
        }
    }
}

/// The weights of a piece that is silenced, by index. The interventions have been checked.
fn weights(intervention: &Intervention, plan: &Plan) -> Option<Vec<usize>> {
    let layout = plan.layout();
    match *intervention {
        Intervention::ZeroHead { layer, head } => {
            let layer = &layout.layers[layer as usize];
            let head_dim = plan.config().head_dim() as usize;
            let of_head = head as usize * head_dim..(head as usize + 1) * head_dim;
            let values = of_head.clone().flat_map(|row| layer.attn_wv.row(row));
            let columns = |row| layer.attn_wo.row(row).skip(of_head.start).take(head_dim);
            Some(values.chain((0..layer.attn_wo.rows).flat_map(columns)).collect())
        }
        Intervention::ZeroNeuron { layer, unit } => {
            let layer = &layout.layers[layer as usize];
            let column = |row| layer.mlp_fc2.row(row).start + unit as usize;
            Some(layer.mlp_fc1.row(unit as usize).chain((0..layer.mlp_fc2.rows).map(column)).collect())
        }
        Intervention::ZeroMlp { layer } => {
            let layer = &layout.layers[layer as usize];
            Some(layer.mlp_fc1.range().chain(layer.mlp_fc2.range()).collect())
        }
        _ => None,
    }
}
