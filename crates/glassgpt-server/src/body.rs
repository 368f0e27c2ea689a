//! Reading a JSON body, and saying exactly what is wrong with it.
//!
//! Why not `axum::Json`: a request without a body means all defaults, and an error should name the field at fault.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use glassgpt_lab::wire_json;
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
        let reason = error.inner().to_string();
        match error.inner().classify() {
            Category::Data => ApiError::WrongType { field, reason },
            Category::Io | Category::Syntax | Category::Eof => ApiError::NotJson { reason },
        }
    })?;
    deserializer.end().map_err(|error| ApiError::NotJson { reason: error.to_string() })?;
    Ok(value)
}

/// The innermost name on the way to the error: `spec.config.n_embd` is `n_embd`, as the lab calls it.
pub(crate) fn field(path: &Path) -> Option<String> {
    let mut names = path.iter().filter_map(|segment| match segment {
        Segment::Map { key } => Some(key.clone()),
        _ => None,
    });
    names.next_back()
}
