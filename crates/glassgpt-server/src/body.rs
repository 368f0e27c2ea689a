//! Reading a JSON body, and saying exactly what is wrong with it.
//!
//! Why not `axum::Json`: a request without a body means all defaults, and an error should name the field at fault.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use glassgpt_lab::{whole_bounds, wire_json};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use serde_path_to_error::{Path, Segment};

use crate::error::ApiError;
use crate::limits::MESSAGE_BYTES;

/// A body read as JSON, whatever its content type; none at all counts as `{}`.
pub(crate) struct JsonBody<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned + Serialize> FromRequest<S> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let WholeBody(bytes) = WholeBody::from_request(request, state).await?;
        let bytes = if bytes.trim_ascii().is_empty() { b"{}" } else { &*bytes };
        read(bytes).map(Self)
    }
}

/// A body as it came, if it is not too large.
pub(crate) struct WholeBody(pub(crate) Bytes);

impl<S: Send + Sync> FromRequest<S> for WholeBody {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| {
            let reason = rejection.body_text();
            match rejection.into_response().status() {
                StatusCode::PAYLOAD_TOO_LARGE => ApiError::TooLarge { max: MESSAGE_BYTES },
                _ => ApiError::Unreadable { reason },
            }
        })?;
        Ok(Self(bytes))
    }
}

/// Reads a value from JSON.
///
/// # Errors
/// What is wrong, and in which field if it can be told.
pub(crate) fn read<T: DeserializeOwned + Serialize>(json: &[u8]) -> Result<T, ApiError> {
    wire_json::read(json, parse)
}

fn parse<T: DeserializeOwned>(json: &[u8]) -> Result<T, ApiError> {
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let field = field(error.path());
        let reason = reason(field.as_deref(), error.inner());
        match error.inner().classify() {
            Category::Data => ApiError::WrongType { field, reason },
            Category::Io | Category::Syntax | Category::Eof => ApiError::NotJson { reason },
        }
    })?;
    deserializer.end().map_err(|error| ApiError::NotJson { reason: error.to_string() })?;
    Ok(value)
}

/// What is wrong. A whole number below 0 or beyond every field is told with the bound of its own field, as the lab tells others.
fn reason(field: Option<&str>, error: &serde_json::Error) -> String {
    let said = error.to_string();
    let number = ["invalid value: integer `", "invalid type: floating point `"].iter().find_map(|start| {
        let (value, rest) = said.strip_prefix(start)?.split_once('`')?;
        rest.starts_with(", expected u32").then_some(value)
    });
    match number.zip(field.and_then(whole_bounds)) {
        Some((value, (min, max))) => format!("it is {value}; it must be a whole number from {min} to {max}"),
        None => said,
    }
}

/// The innermost name on the way to the error: `spec.config.n_embd` is `n_embd`, as the lab calls it.
pub(crate) fn field(path: &Path) -> Option<String> {
    let mut names = path.iter().filter_map(|segment| match segment {
        Segment::Map { key } => Some(key.clone()),
        _ => None,
    });
    names.next_back()
}

#[cfg(test)]
mod tests {
    use super::*;
    use glassgpt_core::Preset;
    use glassgpt_lab::protocol::{CorpusSource, Spec};

    #[test]
    fn a_whole_number_out_of_every_range_is_refused_with_the_bound_of_its_field() {
        let spec = Spec::new(Preset::Blog.config(), CorpusSource::Named { name: "names".into() });
        let spec = serde_json::to_value(spec).expect("plain data");
        let refusal = |pointer: &str, value: serde_json::Value| {
            let mut spec = spec.clone();
            *spec.pointer_mut(pointer).expect("it is there") = value;
            read::<Spec>(spec.to_string().as_bytes()).expect_err("out of range").to_string()
        };
        let said = refusal("/samples_every", (-1).into());
        assert_eq!(said, "samples_every does not fit: it is -1; it must be a whole number from 1 to 20000");
        let said = refusal("/config/n_layer", 5_000_000_000u64.into());
        assert_eq!(said, "n_layer does not fit: it is 5000000000; it must be a whole number from 1 to 4");
        assert!(refusal("/config/n_embd", 1.5.into()).ends_with("it is 1.5; it must be a whole number from 1 to 128"));
        assert!(refusal("/config/steps", "many".into()).contains("invalid type: string"));
    }
}
