//! Reading what the page sends, and saying what is wrong with it.
//!
//! Why never an error of our own: whatever arrives, the page gets an answer to it, with its number if that can be made out.
//! Unlike the server, whose clients are anyone's programs, this does not name the field at fault: that would cost everyone
//! a larger download.

use glassgpt_lab::protocol::{ClientMessage, Refusal};
use glassgpt_lab::wire_json::{self, with_whole_numbers};
use serde::Deserialize;

/// Reads a message.
///
/// # Errors
/// What is wrong, and the message's number if it can be made out.
pub(crate) fn read(text: &str) -> Result<ClientMessage, (Option<u32>, Refusal)> {
    let message = wire_json::read(text.as_bytes(), |json| {
        serde_json::from_slice(json).map_err(|error| {
            let what = if error.is_data() { "the message does not fit" } else { "the message is not JSON" };
            Refusal::general(format!("{what}: {error}"))
        })
    });
    message.map_err(|refusal| (id_of(text), refusal))
}

/// The number of a message of which nothing else can be read.
fn id_of(text: &str) -> Option<u32> {
    #[derive(Deserialize)]
    struct OnlyId {
        id: u32,
    }
    serde_json::from_slice::<OnlyId>(&with_whole_numbers(text.as_bytes())).ok().map(|message| message.id)
}
