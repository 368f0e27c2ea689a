//! Reading what the page sends, and saying exactly what is wrong with it.
//!
//! Why never an error of our own: whatever arrives, the page gets an answer to it, with its number if that can be made out.

use glassgpt_lab::protocol::{ClientMessage, Refusal};
use serde::Deserialize;
use serde_json::error::Category;
use serde_path_to_error::Segment;

/// Reads a message.
///
/// # Errors
/// What is wrong, and the message's number if it can be made out.
pub(crate) fn read(text: &str) -> Result<ClientMessage, (Option<u32>, Refusal)> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let message = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let keys = error.path().iter().filter_map(|segment| match segment {
            Segment::Map { key } => Some(key.clone()),
            _ => None,
        });
        refusal(error.inner(), keys.last())
    });
    let message =
        message.and_then(|message| deserializer.end().map(|()| message).map_err(|error| refusal(&error, None)));
    message.map_err(|refusal| (id_of(text), refusal))
}

fn refusal(error: &serde_json::Error, field: Option<String>) -> Refusal {
    match error.classify() {
        Category::Data => {
            let message = format!("{} does not fit: {error}", field.as_deref().unwrap_or("the message"));
            Refusal { field, message }
        }
        Category::Io | Category::Syntax | Category::Eof => {
            Refusal::general(format!("the message is not JSON: {error}"))
        }
    }
}

/// The number of a message of which nothing else can be read.
fn id_of(text: &str) -> Option<u32> {
    #[derive(Deserialize)]
    struct OnlyId {
        id: u32,
    }
    serde_json::from_str::<OnlyId>(text).ok().map(|message| message.id)
}
