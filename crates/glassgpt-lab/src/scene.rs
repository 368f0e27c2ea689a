//! A scene: the model after so many steps, and a text for it to read. What explanations and readings are about.
//!
//! Why a value of its own: a session, a model file and a training run in the shell can all give one, and whoever explains
//! need not know which.

use glassgpt_core::{Adam, Plan, Setup, TokenId, Tokenizer};

use crate::protocol::Refusal;

/// The model at a moment, reading a text.
#[derive(Clone, Debug)]
pub struct Scene {
    /// Steps of training done.
    pub step: u32,
    /// The settings, with the learning rate in force at this moment.
    pub plan: Plan,
    /// The vocabulary.
    pub tokenizer: Tokenizer,
    /// The parameters after those steps.
    pub params: Vec<f64>,
    /// The optimizer's memory after those steps.
    pub adam: Adam,
    /// What is read, BOS at both ends.
    pub tokens: Vec<TokenId>,
    /// Whether that is the document the next step trains on. If not, there is no next step to speak of.
    pub is_training_document: bool,
}

impl Scene {
    /// Before the first step, reading its document.
    #[must_use]
    pub fn initial(setup: &Setup) -> Self {
        Self::new(setup, Adam::new(setup.params.len()), 0)
    }

    /// After `step` steps have led to these parameters and this memory, reading the next step's document.
    #[must_use]
    pub fn new(setup: &Setup, adam: Adam, step: u32) -> Self {
        Self {
            step,
            plan: setup.plan.clone(),
            tokenizer: setup.tokenizer.clone(),
            params: setup.params.clone(),
            adam,
            tokens: setup.documents.of_step(step).to_vec(),
            is_training_document: true,
        }
    }

    /// The same model reading another text.
    ///
    /// # Errors
    /// If it has characters the model has never seen.
    pub fn reading(self, text: &str) -> Result<Self, Refusal> {
        let tokens = self.tokenizer.encode_document(text).map_err(|error| Refusal::of("text", error.to_string()))?;
        Ok(Self { is_training_document: tokens == self.tokens && self.is_training_document, tokens, ..self })
    }

    /// The text read, without BOS.
    #[must_use]
    pub fn text(&self) -> String {
        self.tokenizer.decode(&self.tokens)
    }

    /// Positions read: all tokens but the last, up to the context's length.
    #[must_use]
    pub fn positions(&self) -> usize {
        crate::glass::positions(&self.plan, &self.tokens)
    }
}
