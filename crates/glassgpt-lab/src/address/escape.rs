//! A text within an address: what would break the address is written as bytes in hexadecimal, as in a URL.
//!
//! Why like a URL: addresses are put into links, and people know how `%2F` is meant.

use super::AddressError;

/// `%` and `/` and everything that is not visible, as the bytes of its UTF-8 form.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for char in text.chars() {
        if matches!(char, '%' | '/') || char.is_whitespace() || char.is_control() {
            let mut bytes = [0; 4];
            for byte in char.encode_utf8(&mut bytes).bytes() {
                escaped += &format!("%{byte:02X}");
            }
        } else {
            escaped.push(char);
        }
    }
    escaped
}

pub(super) fn unescape(text: &str) -> Result<String, AddressError> {
    let wrong = || AddressError::Escape { text: text.to_string() };
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || rest.next().and_then(|byte| char::from(byte).to_digit(16));
        let (Some(high), Some(low)) = (digit(), digit()) else { return Err(wrong()) };
        bytes.push((high * 16 + low) as u8);
    }
    String::from_utf8(bytes).map_err(|_| wrong())
}
