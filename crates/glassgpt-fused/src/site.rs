//! The places in the model where a number can be read after a step.
//!
//! Why names: every number has an address, and these are its first part; position and component are the rest.

/// A row of numbers per position. Layers count from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Site {
    /// Token embedding + position embedding: C numbers.
    Embedded,
    /// The residual stream before layer `n`, or after the last: C numbers.
    Residual(usize),
    /// What a layer's attention reads, after the norm: C numbers.
    AttentionInput(usize),
    /// A layer's queries, the heads side by side: C numbers.
    Query(usize),
    /// A layer's keys: C numbers.
    Key(usize),
    /// A layer's values: C numbers.
    Value(usize),
    /// The values mixed by attention: C numbers.
    Mixed(usize),
    /// The residual stream between attention and MLP: C numbers.
    Middle(usize),
    /// What a layer's MLP reads, after the norm: C numbers.
    MlpInput(usize),
    /// max(0, hidden unit): 4C numbers.
    Hidden(usize),
    /// Scores of the next token: V numbers.
    Logits,
}
