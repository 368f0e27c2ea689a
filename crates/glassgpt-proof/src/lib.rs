//! The proof in a browser: a run that CPython wrote down, trained again and compared.
//!
//! Why apart from `glassgpt-wasm`: only those who press the button on the page Verify download it. The engine that everyone
//! loads reads no traces.

use glassgpt_lab::Library;
use glassgpt_lab::verify::verify_trace;
use wasm_bindgen::prelude::*;

/// Trains the run again that `reference/microgpt.py --trace` wrote down, and tells how near every number came: a protocol
/// `Verdict` as JSON.
///
/// # Errors
/// Why the trace cannot be run here, in a sentence.
#[wasm_bindgen]
pub fn verify(trace: &str) -> Result<String, String> {
    let verdict = verify_trace(trace, &Library::embedded()).map_err(|refusal| refusal.message)?;
    Ok(serde_json::to_string(&verdict).expect("plain data always has a JSON form"))
}

/// Panics are bugs; what they say reaches the worker as an error.
#[wasm_bindgen(start)]
fn start() {
    std::panic::set_hook(Box::new(|panic| wasm_bindgen::throw_str(&panic.to_string())));
}
