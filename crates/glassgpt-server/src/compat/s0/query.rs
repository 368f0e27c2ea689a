//! What S0's clients ask, in the query of the address: the fields, their defaults and their bounds.
//!
//! Why numbers are read here and not by the extractor: an error should name the field at fault, its value and the range. Fields
//! that S0 does not know are ignored, as S0 ignores them.

use std::fmt::Display;
use std::str::FromStr;

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use glassgpt_core::Sampling;
use glassgpt_lab::LIMITS;
use glassgpt_lab::protocol::Refusal;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::error::ApiError;

const DEFAULT_COUNT: u32 = 5;
const DEFAULT_TEMPERATURE: f64 = 0.5;

/// A query that has been checked.
pub(crate) struct Checked<T>(pub(crate) T);

/// What a query comes to once it is checked.
pub(crate) trait Check: Sized {
    /// Its fields as they stand in the address.
    type Raw: DeserializeOwned;

    /// # Errors
    /// A [`Refusal`] that names the field.
    fn check(raw: Self::Raw) -> Result<Self, Refusal>;
}

impl<S: Send + Sync, T: Check> FromRequestParts<S> for Checked<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let raw = Query::<T::Raw>::try_from_uri(&parts.uri)
            .map_err(|rejection| Refusal::of("query", format!("the query does not fit: {}", rejection.body_text())))?;
        Ok(Self(T::check(raw.0)?))
    }
}

/// `prefix&temperature&count`
pub(crate) struct GenerateQuery {
    pub(crate) prefix: String,
    pub(crate) sampling: Sampling,
    /// Names to write.
    pub(crate) count: u32,
}

/// The same in words.
#[derive(Deserialize)]
pub(crate) struct RawGenerate {
    #[serde(default)]
    prefix: String,
    temperature: Option<String>,
    count: Option<String>,
}

impl Check for GenerateQuery {
    type Raw = RawGenerate;

    fn check(raw: RawGenerate) -> Result<Self, Refusal> {
        let max = LIMITS.samples;
        let range = format!("a whole number from 1 to {max}");
        let count = number("count", raw.count, DEFAULT_COUNT, &range, |count| (1..=max).contains(count))?;
        Ok(Self { prefix: raw.prefix, sampling: sampling(raw.temperature)?, count })
    }
}

/// `prefix&temperature`
pub(crate) struct StreamQuery {
    pub(crate) prefix: String,
    pub(crate) sampling: Sampling,
}

/// The same in words.
#[derive(Deserialize)]
pub(crate) struct RawStream {
    #[serde(default)]
    prefix: String,
    temperature: Option<String>,
}

impl Check for StreamQuery {
    type Raw = RawStream;

    fn check(raw: RawStream) -> Result<Self, Refusal> {
        Ok(Self { prefix: raw.prefix, sampling: sampling(raw.temperature)? })
    }
}

/// `text`
#[derive(Deserialize)]
pub(crate) struct TokenizeQuery {
    #[serde(default)]
    pub(crate) text: String,
}

impl Check for TokenizeQuery {
    type Raw = Self;

    fn check(raw: Self) -> Result<Self, Refusal> {
        Ok(raw)
    }
}

fn sampling(temperature: Option<String>) -> Result<Sampling, Refusal> {
    let max = LIMITS.temperature;
    let range = format!("a number from 0 to {max}");
    let fits = |temperature: &f64| (0.0..=max).contains(temperature);
    let temperature = number("temperature", temperature, DEFAULT_TEMPERATURE, &range, fits)?;
    Ok(Sampling { temperature, ..Sampling::default() })
}

fn number<T: FromStr + Display>(
    field: &str,
    text: Option<String>,
    default: T,
    range: &str,
    fits: impl Fn(&T) -> bool,
) -> Result<T, Refusal> {
    let Some(text) = text else { return Ok(default) };
    let value = text.parse().ok().filter(fits);
    value.ok_or_else(|| Refusal::of(field, format!("{field} is {text:?}; it must be {range}")))
}
