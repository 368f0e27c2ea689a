//! Interventions: what a person can change about how a model reads, as plain data.
//!
//! Why glasses and not surgery: an intervention is put over the model like a pair of glasses. It changes what the model
//! predicts, never what it has learnt, so taking it off gives back every bit. Training a model that wears them is a
//! request of its own: [`crate::retrain`].
//!
//! Reading order: [`Intervention`] is what is asked for; [`Interventions`] a list of them with undo; [`Glasses`] what is
//! left when they have been checked; [`effect`](crate::intervention::effect_on_text) compares with the model untouched.

mod check;
mod effect;
mod glasses;
mod list;
mod reading;

pub use check::{MAX_INTERVENTIONS, MAX_VALUE, WEIGHTS_TOLERANCE, changeable};
pub use effect::{Effect, EffectOnDocuments, MAX_DOCUMENTS, effect_on_documents, effect_on_text};
pub use glasses::{Glasses, Through};
pub use list::{Interventions, NumberedIntervention};
pub use reading::{Prediction, Wearer};

use serde::{Deserialize, Serialize};

use crate::address::Address;

/// Something to change about how a model reads. Layers, heads, units and positions count from 0.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Intervention {
    /// Read one parameter, such as a cell of an embedding, as another number.
    SetParameter {
        /// One entry of a matrix, such as `wte[3][0]`.
        #[cfg_attr(feature = "ts", ts(type = "string"))]
        address: Address,
        /// The number.
        value: f64,
    },
    /// A head writes nothing: its output is 0 at every position.
    ZeroHead {
        /// Its layer.
        layer: u32,
        /// Which head.
        head: u32,
    },
    /// A layer's MLP writes nothing.
    ZeroMlp {
        /// Which layer.
        layer: u32,
    },
    /// A hidden unit of an MLP is silent: what `mlp_fc2` reads of it is 0.
    ZeroNeuron {
        /// Its layer.
        layer: u32,
        /// Which unit, below 4C.
        unit: u32,
    },
    /// The model is not told where a token stands: the position embedding is 0.
    ZeroPositions {},
    /// Drop the residual connection around a part of a layer: only what the part writes goes on.
    ZeroResidual {
        /// Which layer.
        layer: u32,
        /// Around which part.
        around: Block,
    },
    /// Drop a norm: numbers pass as they are.
    DropNorm {
        /// Which one.
        norm: NormAt,
    },
    /// Drop a layer's 1/√D: scores go into softmax as they are.
    DropScale {
        /// Which layer.
        layer: u32,
    },
    /// At this place, go on with the number, or the row, that the untouched model has there when it reads another text.
    Patch {
        /// A row or one entry at a position, such as `p2/layer0.head1.head_output`.
        #[cfg_attr(feature = "ts", ts(type = "string"))]
        address: Address,
        /// The other text.
        from_text: String,
    },
    /// At this place, go on with another number.
    SetActivation {
        /// One entry at a position, such as `p2/layer0.act[7]`.
        #[cfg_attr(feature = "ts", ts(type = "string"))]
        address: Address,
        /// The number.
        value: f64,
    },
    /// Say how much a head looks at each position.
    ReplaceAttention {
        /// Its layer.
        layer: u32,
        /// Which head.
        head: u32,
        /// The position that looks.
        position: u32,
        /// A share for every position up to this one, none negative, adding up to 1.
        weights: Vec<f64>,
    },
}

/// A part of a layer that has a residual connection around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// The attention.
    Attention,
    /// The MLP.
    Mlp,
}

/// A norm, by where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum NormAt {
    /// After the embeddings were added: the only norm on the residual stream itself.
    Embedding,
    /// Before a layer's attention.
    Attention {
        /// Which layer.
        layer: u32,
    },
    /// Before a layer's MLP.
    Mlp {
        /// Which layer.
        layer: u32,
    },
}

impl Intervention {
    /// Whether it names a place in one text, rather than a piece of the model. Such a one makes no sense in training.
    #[must_use]
    pub fn is_about_a_position(&self) -> bool {
        matches!(self, Self::Patch { .. } | Self::SetActivation { .. } | Self::ReplaceAttention { .. })
    }
}
