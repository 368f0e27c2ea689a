//! Fingerprints: SHA-256 in lower-case hexadecimal, over numbers as they lie in memory of a little-endian machine.
//!
//! Why: two runs are equal to the last bit exactly if their fingerprints are, and 64 letters fit in a line of text.

use sha2::{Digest, Sha256};

/// Over numbers, each as eight bytes, lowest first.
#[must_use]
pub fn sha256_of_f64(numbers: &[f64]) -> String {
    of_chunks(numbers.iter().map(|x| x.to_le_bytes()))
}

/// Over 32-bit words, each as four bytes, lowest first.
#[must_use]
pub fn sha256_of_words(words: &[u32]) -> String {
    of_chunks(words.iter().map(|x| x.to_le_bytes()))
}

/// Over bytes.
#[must_use]
pub fn sha256_of_bytes(bytes: &[u8]) -> String {
    of_chunks([bytes])
}

/// Over documents, each as UTF-8 and followed by a line feed: that of the file, if the file is written so.
#[must_use]
pub fn sha256_of_lines(documents: &[String]) -> String {
    of_chunks(documents.iter().flat_map(|document| [document.as_bytes(), b"\n"]))
}

fn of_chunks(chunks: impl IntoIterator<Item = impl AsRef<[u8]>>) -> String {
    let mut hash = Sha256::new();
    for chunk in chunks {
        hash.update(chunk);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agree_with_python() {
        // hashlib.sha256(b"abc"), struct.pack("<3d", 1.0, -0.5, 0.0) and struct.pack("<2I", 1, 0xffffffff)
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256_of_bytes(b"abc"), abc);
        assert_eq!(
            sha256_of_f64(&[1.0, -0.5, 0.0]),
            "e0e93273a2fd828fdcbdd26a75c036d169657273b913d92ab85aedc3e5bb9fd4"
        );
        assert_eq!(sha256_of_lines(&["a".to_string(), "bc".to_string()]), sha256_of_bytes(b"a\nbc\n"));
        assert_eq!(sha256_of_words(&[1, u32::MAX]), "b15348c8f462384c01e83b6d499c6faf3f96808f5aa07c6bab4b65b36b4445d4");
    }
}
