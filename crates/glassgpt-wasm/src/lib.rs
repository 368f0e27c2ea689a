//! The whole lab inside a browser's worker: the messages of the server's socket, without a server.
//!
//! Why a crate: nothing below it knows wasm-bindgen. What is said stands in `glassgpt_lab::protocol`, and who says
//! what when in [`host`], which knows nothing of browsers and is tested without one.
//!
//! A worker makes a [`Lab`], passes on what the page sends, and calls `turn` whenever `wait_ms` is over.

pub mod host;
mod message;
mod outgoing;

use std::time::Duration;

use js_sys::Array;
use wasm_bindgen::prelude::*;

use crate::host::Host;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What to post to the page. */
export interface Outgoing {
  /** A protocol ServerMessage; the `values` of its readings are empty. */
  json: string;
  /** The values of its readings, in the order in which they stand in the message. They can be transferred. */
  arrays: Float64Array[];
}
"#;

#[wasm_bindgen]
extern "C" {
    /// `Outgoing[]`, as above.
    #[wasm_bindgen(extends = Array, typescript_type = "Outgoing[]")]
    pub type Messages;

    /// Milliseconds since the worker began.
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn now_ms() -> f64;
}

/// Panics are bugs; what they say reaches the worker as an error.
#[wasm_bindgen(start)]
fn start() {
    std::panic::set_hook(Box::new(|panic| wasm_bindgen::throw_str(&panic.to_string())));
}

/// A lab with one session at most.
#[wasm_bindgen]
pub struct Lab(Host);

#[wasm_bindgen]
impl Lab {
    /// A lab with the embedded corpora, and no session yet.
    #[wasm_bindgen(constructor)]
    #[expect(clippy::new_without_default, reason = "JavaScript knows no Default")]
    pub fn new() -> Self {
        Self(Host::new(clock))
    }

    /// Presets, corpora and limits: a protocol `Catalog` as JSON.
    pub fn catalog(&self) -> String {
        self.0.catalog()
    }

    /// Takes a `ClientMessage` as JSON: a command or a question. Returns what to post in answer.
    pub fn receive(&mut self, message: &str) -> Messages {
        outgoing::messages(self.0.receive(message))
    }

    /// Trains for about 12 ms if the session runs, never more than its pace allows. Returns what to post.
    pub fn turn(&mut self) -> Messages {
        outgoing::messages(self.0.turn())
    }

    /// Milliseconds until there is something to do in `turn`: 0 means now, Infinity that nothing runs.
    pub fn wait_ms(&mut self) -> f64 {
        self.0.wait().map_or(f64::INFINITY, |wait| wait.as_secs_f64() * 1e3)
    }
}

fn clock() -> Duration {
    Duration::from_secs_f64(now_ms() / 1e3)
}
