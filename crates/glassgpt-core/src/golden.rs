//! Golden traces: what CPython computed, in full precision, as our Python rendition wrote it down.
//!
//! Why in the library and not only in the tests: `glassgpt verify` compares with them on the user's own machine.
//! The format is one fact a line; `reference/microgpt.py --trace` writes it.

use std::collections::BTreeMap;

use crate::{Activation, Config, Schedule};

/// The traces that travel with the program: name and text.
pub const TRACES: [(&str, &str); 13] = [
    ("blog-names", include_str!("../golden/blog-names.txt")),
    ("gist-names", include_str!("../golden/gist-names.txt")),
    ("startups-startups", include_str!("../golden/startups-startups.txt")),
    ("shape-block-one", include_str!("../golden/shape-block-one.txt")),
    ("shape-narrow-heads", include_str!("../golden/shape-narrow-heads.txt")),
    ("shape-odd-constant", include_str!("../golden/shape-odd-constant.txt")),
    ("shape-one-head", include_str!("../golden/shape-one-head.txt")),
    ("shape-one-number", include_str!("../golden/shape-one-number.txt")),
    ("shape-relu2-cosine", include_str!("../golden/shape-relu2-cosine.txt")),
    ("shape-schedule-end", include_str!("../golden/shape-schedule-end.txt")),
    ("shape-two-layers", include_str!("../golden/shape-two-layers.txt")),
    ("shape-wide", include_str!("../golden/shape-wide.txt")),
    ("shape-zero-init-linear", include_str!("../golden/shape-zero-init-linear.txt")),
];

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
                    let hash = words.iter().skip_while(|&&word| word != "grad_sha256").nth(1)?;
                    golden.grads_sha256.insert(step.parse().ok()?, (*hash).into());
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

impl Golden {
    /// The settings of the run and the name of its corpus. None in traces that do not state them.
    #[must_use]
    pub fn experiment(&self) -> Option<(Config, &str)> {
        fn number<T: std::str::FromStr>(golden: &Golden, key: &str) -> Option<T> {
            golden.config.get(key)?.parse().ok()
        }
        let config = Config {
            n_embd: number(self, "n_embd")?,
            n_head: number(self, "n_head")?,
            n_layer: number(self, "n_layer")?,
            block_size: number(self, "block_size")?,
            steps: number(self, "steps")?,
            learning_rate: number(self, "learning_rate")?,
            schedule: Schedule::from_name(self.config.get("schedule")?)?,
            beta1: number(self, "beta1")?,
            beta2: number(self, "beta2")?,
            eps: number(self, "eps")?,
            activation: Activation::from_name(self.config.get("activation")?)?,
            init_std: number(self, "init_std")?,
            zero_init: number(self, "zero_init")?,
            seed: number(self, "seed")?,
        };
        Some((config, self.config.get("corpus")?))
    }

    /// The temperature of the samples; 0.5 in traces that do not state it.
    #[must_use]
    pub fn temperature(&self) -> f64 {
        self.config.get("temperature").and_then(|text| text.parse().ok()).unwrap_or(0.5)
    }
}

fn pairs(words: &[&str]) -> BTreeMap<String, String> {
    words.chunks_exact(2).map(|pair| (pair[0].to_string(), pair[1].to_string())).collect()
}
