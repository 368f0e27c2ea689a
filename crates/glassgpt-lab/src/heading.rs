//! The first look at a file of ours: whether it is JSON, of this format, and of a version that can be read.
//!
//! Why before anything else: "this is a picture" helps more than "missing field `config`".

use serde::Deserialize;

/// The part of any version that says what it is.
#[derive(Deserialize)]
struct Heading {
    format: Option<serde_json::Value>,
    version: Option<serde_json::Value>,
}

/// What stands at the top of a file that is not ours, or not to be read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum HeadingError {
    /// It ends in the middle.
    Truncated { line: usize, column: usize },
    /// It is not JSON at all.
    NotJson { problem: String },
    /// It has a field twice.
    Duplicate { problem: String },
    /// It is some other JSON.
    Foreign,
    /// Its version is another one, or not a number.
    UnknownVersion { found: String },
}

/// Checks the fields `format` and `version`.
pub(crate) fn check_heading(bytes: &[u8], format: &str, version: u32) -> Result<(), HeadingError> {
    let heading: Heading = serde_json::from_slice(bytes).map_err(|error| match error.classify() {
        serde_json::error::Category::Eof if !bytes.trim_ascii().is_empty() => {
            HeadingError::Truncated { line: error.line(), column: error.column() }
        }
        serde_json::error::Category::Data if error.to_string().starts_with("duplicate field") => {
            HeadingError::Duplicate { problem: error.to_string() }
        }
        serde_json::error::Category::Data => HeadingError::Foreign,
        _ => HeadingError::NotJson { problem: error.to_string() },
    })?;
    if heading.format.is_none_or(|found| found != format) {
        return Err(HeadingError::Foreign);
    }
    let found = heading.version.unwrap_or_default();
    if found != version {
        return Err(HeadingError::UnknownVersion { found: found.to_string() });
    }
    Ok(())
}
