//! The text of the files that do the arithmetic, so that an explanation can show the lines that did it.
//!
//! Why within the crate: only here is it certain that the text is the one that was compiled.

/// `value.rs`: autograd.
pub const VALUE: &str = include_str!("value.rs");
/// `model.rs`: the GPT.
pub const MODEL: &str = include_str!("model.rs");
/// `adam.rs`: the optimizer.
pub const ADAM: &str = include_str!("adam.rs");
