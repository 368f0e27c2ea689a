//! An address for every number: which moment, which text, which position, which tensor, which entry, and which side of it.
//!
//! Why one grammar: the page, the shell, the API and a link all mean the same number by the same words, and what is
//! printed can be parsed again.
//!
//! ```text
//! address  = [ "step:" STEP "/" ] [ "text:" TEXT "/" ] [ "p" POSITION "/" ] name [ "[" I "]" [ "[" J "]" ] ] [ "." part ]
//! name     = "node:" NODE | [ "layer" L "." [ "head" H "." ] ] tensor
//! ```
//!
//! - `step:120` is the moment after 120 steps of training. Without it: where the session stands.
//! - `text:emma` is a text to read, with `%2F` for `/` and `%25` for `%`. Without it: the document of the next step.
//! - `p2` is a position, 0 for BOS. Without it: all positions, or for `loss` the whole document.
//! - Tensors and parts are listed in [`Kind::ALL`] and [`Part::ALL`]; matrices have microgpt.py's names.
//! - Without an index, all of a tensor is meant.

mod error;
mod escape;
mod kind;
mod parse;
mod table;

pub use error::AddressError;
#[cfg(feature = "openapi")]
pub(crate) use error::MAX_LEN;
pub use kind::{Kind, Scope, Width};
pub use table::markdown;

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Where a number is, or a row, or a whole tensor of them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Address {
    /// After this many steps of training; None where the session stands.
    pub step: Option<u32>,
    /// The text read; None for the document that the next step trains on.
    pub text: Option<String>,
    /// What is meant.
    pub name: Name,
    /// Which entry, one number per axis; fewer mean all entries of the axes left out.
    pub index: Vec<u32>,
    /// Which side of it.
    pub part: Part,
}

/// What an address means, apart from when and which entry.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Name {
    /// A matrix of parameters.
    Matrix(Matrix),
    /// Something computed on the way, at one position or at all.
    Tensor {
        /// The position; None for all.
        position: Option<u32>,
        /// What was computed.
        tensor: Tensor,
    },
    /// The loss of the whole document.
    Loss,
    /// A node of the scalar tape, by its place on it.
    Node(u32),
}

/// A matrix of parameters, by microgpt.py's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Matrix {
    /// Its layer, if it has one.
    pub layer: Option<u32>,
    /// Its name within the layer or the model.
    pub name: &'static str,
}

impl Matrix {
    /// The names of matrices outside the layers.
    pub const GLOBAL: [&'static str; 3] = ["wte", "wpe", "lm_head"];
    /// The names of matrices within a layer.
    pub const LAYERED: [&'static str; 6] = ["attn_wq", "attn_wk", "attn_wv", "attn_wo", "mlp_fc1", "mlp_fc2"];

    /// The matrix called `name`, such as `wte` or `layer0.attn_wq`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match parse::name(name).ok()? {
            Name::Matrix(matrix) => Some(matrix),
            _ => None,
        }
    }
}

impl fmt::Display for Matrix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.layer {
            Some(layer) => write!(f, "layer{layer}.{}", self.name),
            None => f.write_str(self.name),
        }
    }
}

/// Something the model computes at every position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tensor {
    /// What it is.
    pub kind: Kind,
    /// Its layer; 0 where the kind has none.
    pub layer: u32,
    /// Its head; 0 where the kind has none.
    pub head: u32,
}

impl Tensor {
    /// One outside the layers.
    #[must_use]
    pub fn global(kind: Kind) -> Self {
        Self { kind, layer: 0, head: 0 }
    }

    /// One within a layer.
    #[must_use]
    pub fn layered(kind: Kind, layer: usize) -> Self {
        Self { kind, layer: layer as u32, head: 0 }
    }

    /// One within a head of a layer.
    #[must_use]
    pub fn headed(kind: Kind, layer: usize, head: usize) -> Self {
        Self { kind, layer: layer as u32, head: head as u32 }
    }

    /// It at one position.
    #[must_use]
    pub fn at(self, position: usize) -> Address {
        Address::of(Name::Tensor { position: Some(position as u32), tensor: self })
    }
}

impl fmt::Display for Tensor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.kind.name();
        match self.kind.scope() {
            Scope::Model => f.write_str(name),
            Scope::Layer => write!(f, "layer{}.{name}", self.layer),
            Scope::Head => write!(f, "layer{}.head{}.{name}", self.layer, self.head),
        }
    }
}

/// Which side of a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Part {
    /// The number itself. For a parameter: before the update.
    #[default]
    Value,
    /// How fast the document's loss grows with it.
    Grad,
    /// A parameter's running mean of its gradient, this step's taken in.
    M,
    /// A parameter's running mean of its squared gradient, this step's taken in.
    V,
    /// `m`, corrected for its start at zero.
    MHat,
    /// `v`, corrected for its start at zero.
    VHat,
    /// What this step takes off the parameter.
    Update,
    /// The parameter after this step.
    Next,
}

impl Part {
    /// All of them.
    pub const ALL: [Part; 8] =
        [Part::Value, Part::Grad, Part::M, Part::V, Part::MHat, Part::VHat, Part::Update, Part::Next];

    /// How it is written behind the dot; nothing for the value.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Part::Value => "",
            Part::Grad => "grad",
            Part::M => "m",
            Part::V => "v",
            Part::MHat => "m_hat",
            Part::VHat => "v_hat",
            Part::Update => "update",
            Part::Next => "next",
        }
    }

    /// Whether only parameters have it.
    #[must_use]
    pub fn is_of_parameters(self) -> bool {
        !matches!(self, Part::Value | Part::Grad)
    }
}

impl Address {
    /// The value of something, here and now.
    #[must_use]
    pub fn of(name: Name) -> Self {
        Self { step: None, text: None, name, index: Vec::new(), part: Part::Value }
    }

    /// One entry of a matrix.
    #[must_use]
    pub fn parameter(matrix: Matrix, row: usize, col: usize) -> Self {
        Self { index: vec![row as u32, col as u32], ..Self::of(Name::Matrix(matrix)) }
    }

    /// The same with one more index.
    #[must_use]
    pub fn entry(mut self, index: usize) -> Self {
        self.index.push(index as u32);
        self
    }

    /// Another side of it.
    #[must_use]
    pub fn part(self, part: Part) -> Self {
        Self { part, ..self }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(step) = self.step {
            write!(f, "step:{step}/")?;
        }
        if let Some(text) = &self.text {
            write!(f, "text:{}/", escape::escape(text))?;
        }
        match &self.name {
            Name::Matrix(matrix) => write!(f, "{matrix}")?,
            Name::Tensor { position: Some(position), tensor } => write!(f, "p{position}/{tensor}")?,
            // Without a position, `loss` is the loss of the document, so all positions are written out for it.
            Name::Tensor { position: None, tensor } if tensor.kind == Kind::Loss => write!(f, "p*/{tensor}")?,
            Name::Tensor { position: None, tensor } => write!(f, "{tensor}")?,
            Name::Loss => f.write_str("loss")?,
            Name::Node(node) => write!(f, "node:{node}")?,
        }
        for index in &self.index {
            write!(f, "[{index}]")?;
        }
        match self.part {
            Part::Value => Ok(()),
            part => write!(f, ".{}", part.name()),
        }
    }
}

impl Serialize for Address {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Address {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
