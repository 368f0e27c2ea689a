//! Reading what the page sends, and saying what is wrong with it.
//!
//! Why never an error of our own: whatever arrives, the page gets an answer to it, with its number if that can be made out.
//! Unlike the server, whose clients are anyone's programs, this does not name the field at fault: that would cost everyone
//! a larger download. For the same reason lists and objects are told apart (`wire_json`) only where strangers write: on a
//! server.

use glassgpt_lab::protocol::{ClientMessage, Refusal};
use serde::Deserialize;

/// Reads a message.
///
/// # Errors
/// What is wrong, and the message's number if it can be made out.
pub(crate) fn read(text: &str) -> Result<ClientMessage, (Option<u32>, Refusal)> {
    serde_json::from_str(text).map_err(|error| {
        let what = if error.is_data() { "the message does not fit" } else { "the message is not JSON" };
        (id_of(text), Refusal::general(format!("{what}: {error}")))
    })
}

/// The number of a message of which nothing else can be read.
fn id_of(text: &str) -> Option<u32> {
    #[derive(Deserialize)]
    struct OnlyId {
        id: u32,
    }
    serde_json::from_str::<OnlyId>(text).ok().map(|message| message.id)
}
