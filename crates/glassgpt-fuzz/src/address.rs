//! Any text as an address: what parses prints and parses again, and asking a session about it never fails badly.
//!
//! Why three sessions: an address is checked against a moment, and moments differ: none trained, some past, numbers that are
//! none any more.

use std::cell::LazyCell;

use glassgpt_lab::{Address, Question, Session};

use crate::again::{json, print};
use crate::small;

thread_local! {
    static SESSIONS: LazyCell<[Session; 3]> =
        const { LazyCell::new(|| [small::session(), small::travelled(), small::diverged()]) };
}

/// Parses the bytes as an address, and asks all that can be asked of one.
///
/// # Panics
/// If the address does not print and parse again to the same.
pub fn address(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let address: Address = match text.parse() {
        Ok(address) => address,
        Err(error) => return assert!(!error.to_string().is_empty()),
    };
    let printed = address.to_string();
    assert_eq!(printed.parse().as_ref(), Ok(&address), "{printed:?} was printed of what {text:?} says");
    json(&address);
    SESSIONS.with(|sessions| sessions.iter().for_each(|session| ask(session, &address)));
}

fn ask(session: &Session, address: &Address) {
    let (addresses, address) = (vec![address.clone()], address.clone());
    let questions = [
        Question::Read { addresses: addresses.clone() },
        Question::Spread { addresses, bins: 5, range: None },
        Question::Why { address: address.clone(), depth: 2, limit: Some(50) },
        Question::Consumers { address: address.clone() },
        Question::Gradient { address: address.clone() },
        Question::Nudge { address: address.clone(), epsilon: None },
        Question::Course { address: address.clone(), first: 0, count: 4 },
        Question::Neighbourhood { address, back: 2, on: 2 },
    ];
    for question in questions {
        match session.ask(&question) {
            Ok(answer) => drop(print(&answer)),
            Err(refusal) => drop(json(&refusal)),
        }
    }
}
