//! Hashes and golden files, for the tests.

#![expect(dead_code, reason = "each test file uses its own part")]

use std::path::PathBuf;

use glassgpt_core::Corpus;
use glassgpt_core::golden::Golden;
use sha2::{Digest, Sha256};

/// SHA-256 over little-endian f64, in lower-case hexadecimal.
pub fn sha256_of_f64(numbers: &[f64]) -> String {
    hex(numbers.iter().flat_map(|x| x.to_le_bytes()))
}

/// SHA-256 over little-endian words.
pub fn sha256_of_words(words: &[u32]) -> String {
    hex(words.iter().flat_map(|x| x.to_le_bytes()))
}

fn hex(bytes: impl Iterator<Item = u8>) -> String {
    let digest = Sha256::digest(bytes.collect::<Vec<u8>>());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Where the golden files of this repository lie.
pub fn golden_dir() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/golden"))
}

/// A trace of the original, and the original names, where `../shared` is present.
pub fn shared(trace: &str) -> Option<(Golden, Corpus)> {
    let dir = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared"));
    let trace = std::fs::read_to_string(dir.join("golden").join(trace)).ok()?;
    let names = std::fs::read_to_string(dir.join("data/names.txt")).ok()?;
    Some((Golden::parse(&trace).expect("a well-formed trace"), Corpus::parse(&names).expect("a corpus")))
}
