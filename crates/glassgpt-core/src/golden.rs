//! Golden traces: what CPython computed, in full precision, as our Python rendition wrote it down.
//!
//! Why in the library and not only in the tests: `glassgpt verify` compares with them on the user's own machine.
//! The format is one fact a line; `reference/microgpt.py --trace` writes it.

use std::collections::BTreeMap;

/// One traced run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Golden {
    /// The settings, by microgpt.py's names; empty in traces that do not state them.
    pub config: BTreeMap<String, String>,
    /// Loss of each step, the first step first.
    pub losses: Vec<f64>,
    /// SHA-256 of the initial parameters.
    pub init_sha256: String,
    /// SHA-256 of parameters, m and v after some steps (counted from 1).
    pub states: BTreeMap<u32, StateHashes>,
    /// SHA-256 of the gradient in some steps (counted from 1).
    pub grads_sha256: BTreeMap<u32, String>,
    /// The samples, in order.
    pub samples: Vec<String>,
    /// Position and SHA-256 of the generator's 624 words at the end.
    pub rng_end: (usize, String),
}

/// Hashes of the training state, SHA-256 over little-endian f64.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateHashes {
    /// Of the parameters.
    pub params: String,
    /// Of Adam's running mean.
    pub m: String,
    /// Of Adam's running mean square.
    pub v: String,
}

impl Golden {
    /// Reads a trace. None if a line it understands is malformed; lines it does not know are passed over.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut golden = Self::default();
        for line in text.lines() {
            let words: Vec<&str> = line.split(' ').collect();
            match words[..] {
                ["config", ..] => golden.config = pairs(&words[1..]),
                ["init_sha256_f64le", hash] => golden.init_sha256 = hash.into(),
                ["rng_end", "index", index, "mt_sha256", hash] => {
                    golden.rng_end = (index.parse().ok()?, hash.into());
                }
                ["step", _, "loss", loss] => golden.losses.push(loss.parse().ok()?),
                ["step", step, "doc", ..] => {
                    let hash = words.iter().position(|&word| word == "grad_sha256").map(|at| words[at + 1])?;
                    golden.grads_sha256.insert(step.parse().ok()?, hash.into());
                }
                ["step", step, ..] if words.contains(&"params_sha256") => {
                    let mut named = pairs(&words[2..]);
                    let mut take = |name: &str| named.remove(name);
                    let hashes =
                        StateHashes { params: take("params_sha256")?, m: take("m_sha256")?, v: take("v_sha256")? };
                    golden.states.insert(step.parse().ok()?, hashes);
                }
                ["sample", ..] => {
                    let quoted = line.splitn(3, ' ').nth(2)?;
                    golden.samples.push(quoted.strip_prefix('\'')?.strip_suffix('\'')?.into());
                }
                _ => {}
            }
        }
        Some(golden)
    }
}

fn pairs(words: &[&str]) -> BTreeMap<String, String> {
    words.chunks_exact(2).map(|pair| (pair[0].to_string(), pair[1].to_string())).collect()
}
