//! How the engine's errors become refusals that name the field at fault.
//!
//! Why one place: a page shows the message at that field, so every error must know which one it is about.

use glassgpt_core::{ConfigError, CorpusError, SamplingError, UnknownCharacters};

use crate::address::AddressError;
use crate::protocol::Refusal;
use crate::wire_json::Misfit;

impl Refusal {
    /// About one setting.
    #[must_use]
    pub fn of(field: &str, message: impl Into<String>) -> Self {
        Self { field: Some(field.to_string()), message: message.into() }
    }

    /// About the request as a whole.
    #[must_use]
    pub fn general(message: impl Into<String>) -> Self {
        Self { field: None, message: message.into() }
    }
}

impl From<Misfit> for Refusal {
    fn from(misfit: Misfit) -> Self {
        let message = format!("{} does not fit: {misfit}", misfit.field.as_deref().unwrap_or("the message"));
        Self { field: misfit.field, message }
    }
}

impl From<ConfigError> for Refusal {
    fn from(error: ConfigError) -> Self {
        let field = match &error {
            ConfigError::OutOfRange { field, .. } => field,
            ConfigError::HeadsDoNotDivide { .. } => "n_head",
            ConfigError::TooManyParameters { .. } => "n_embd",
        };
        Self::of(field, error.to_string())
    }
}

impl From<CorpusError> for Refusal {
    fn from(error: CorpusError) -> Self {
        Self::of("corpus", error.to_string())
    }
}

impl From<AddressError> for Refusal {
    fn from(error: AddressError) -> Self {
        Self::of("address", error.to_string())
    }
}

impl From<SamplingError> for Refusal {
    fn from(error: SamplingError) -> Self {
        let message = error.to_string();
        match error {
            SamplingError::OutOfRange { field, .. } => Self::of(field, message),
            SamplingError::PrefixTooLong { .. } => Self::of("prefix", message),
            SamplingError::Diverged => Self::general(message),
        }
    }
}

impl From<UnknownCharacters> for Refusal {
    fn from(error: UnknownCharacters) -> Self {
        Self::of("prefix", error.to_string())
    }
}
