//! The hash the traces are compared by.

use sha2::{Digest, Sha256};

/// SHA-256 over numbers given as little-endian bytes, in lower-case hexadecimal.
pub(crate) fn sha256<const N: usize>(numbers: impl Iterator<Item = [u8; N]>) -> String {
    let digest = Sha256::digest(numbers.flatten().collect::<Vec<u8>>());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
