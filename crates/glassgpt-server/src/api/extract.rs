//! What a path and a query string say, read strictly.
//!
//! Why not axum's own: theirs answer in plain text, read bytes that are no text as if they were, and know no bounds.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::IntoParams;

use crate::error::ApiError;

/// Longest name of a session or a corpus, in bytes.
pub(super) const NAME_BYTES: usize = 64;

/// Which session.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct SessionPath {
    /// The session's name, as given when it was created.
    #[param(min_length = 1, max_length = 64, pattern = "^[0-9A-Za-z_-]+$", example = "0123456789abcdef")]
    pub(super) id: String,
}

impl<S: Send + Sync> FromRequestParts<S> for SessionPath {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let id = segment(parts, state, "id").await?;
        if id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-') {
            return Ok(Self { id });
        }
        Err(misfit("id", "a session's name has letters, digits, - and _ only"))
    }
}

/// Which corpus.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct CorpusPath {
    /// The corpus's name, as in the list.
    #[param(min_length = 1, max_length = 64, example = "names")]
    pub(super) name: String,
}

impl<S: Send + Sync> FromRequestParts<S> for CorpusPath {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        Ok(Self { name: segment(parts, state, "name").await? })
    }
}

/// The one variable part of a path.
async fn segment<S: Send + Sync>(parts: &mut Parts, state: &S, field: &str) -> Result<String, ApiError> {
    let Path(text) = Path::<String>::from_request_parts(parts, state)
        .await
        .map_err(|rejection| misfit(field, &rejection.body_text()))?;
    match text.len() {
        1..=NAME_BYTES => Ok(text),
        length => Err(misfit(field, &format!("it has {length} bytes; it must have from 1 to {NAME_BYTES}"))),
    }
}

/// A query string: names that are known, each as often as it may be, and text that is text.
pub(crate) struct Query<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        read_query(parts.uri.query().unwrap_or_default()).map(Self)
    }
}

fn read_query<T: DeserializeOwned>(query: &str) -> Result<T, ApiError> {
    let whole = |text: &str| text.len() >= 2 && text.as_bytes()[..2].iter().all(u8::is_ascii_hexdigit);
    if !query.split('%').skip(1).all(whole) {
        return Err(misfit("query", "a % is followed by two hexadecimal digits; write % itself as %25"));
    }
    if percent_decode_str(query).decode_utf8().is_err() {
        return Err(misfit("query", "it is not UTF-8"));
    }
    let pairs = serde_html_form::Deserializer::from_bytes(query.as_bytes());
    serde_path_to_error::deserialize(pairs).map_err(|error| ApiError::WrongType {
        field: crate::body::field(error.path()),
        reason: error.inner().to_string(),
    })
}

fn misfit(field: &str, reason: &str) -> ApiError {
    ApiError::WrongType { field: Some(field.to_string()), reason: reason.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Asked {
        #[serde(default)]
        text: Vec<String>,
        depth: Option<u32>,
    }

    #[track_caller]
    fn refusal(query: &str) -> String {
        read_query::<Asked>(query).expect_err("it is not allowed").to_string()
    }

    #[test]
    fn names_and_values_are_decoded() {
        let asked = read_query("text=a+b&text=%C3%A9%26&depth=3");
        assert_eq!(asked.ok(), Some(Asked { text: vec!["a b".into(), "é&".into()], depth: Some(3) }));
        assert_eq!(read_query("").ok(), Some(Asked { text: vec![], depth: None }));
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        assert!(refusal("width=3").starts_with("width does not fit: unknown field"));
        assert!(refusal("depth=-1").starts_with("depth does not fit"));
        assert!(refusal("depth=1&depth=2").starts_with("depth does not fit"));
        assert!(refusal("text=%zz").contains("%25"));
        assert!(refusal("text=%4").contains("%25"));
        assert!(refusal("text=%").contains("%25"));
        assert!(refusal("text=%C3").contains("UTF-8"));
        assert!(refusal("text=100%é").contains("%25"));
    }
}
