//! Rust source without comments and literals, so that a word in a text is not taken for code.
//!
//! Why not a parser: knowing where literals begin and end is enough, and takes a page instead of a dependency.

/// The same text, each byte of a comment or a literal made a space. Lines stay where they are.
pub(crate) fn code_only(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut code = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let Some(len) = skippable(&bytes[at..]) else {
            at += 1;
            continue;
        };
        let end = (at + len).min(bytes.len());
        code[at..end].iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ');
        at = end;
    }
    String::from_utf8_lossy(&code).into_owned()
}

/// Length of the comment or literal that starts here, if one does.
fn skippable(rest: &[u8]) -> Option<usize> {
    match rest {
        [b'/', b'/', ..] => Some(until(rest, b"\n")),
        [b'/', b'*', ..] => Some(block_comment(rest)),
        [b'"', ..] => Some(string(rest)),
        [b'r', b'"' | b'#', ..] => raw_string(rest),
        [b'\'', ..] => character(rest),
        _ => None,
    }
}

/// Block comments nest.
fn block_comment(rest: &[u8]) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at + 1 < rest.len() {
        match &rest[at..at + 2] {
            b"/*" => depth += 1,
            b"*/" => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
        if depth == 0 {
            return at;
        }
    }
    rest.len()
}

fn string(rest: &[u8]) -> usize {
    let mut at = 1;
    while at < rest.len() && rest[at] != b'"' {
        at += if rest[at] == b'\\' { 2 } else { 1 };
    }
    at + 1
}

/// `r"…"`, `r#"…"#` and so on; None for a raw identifier such as `r#type`.
fn raw_string(rest: &[u8]) -> Option<usize> {
    let n_hashes = rest[1..].iter().take_while(|byte| **byte == b'#').count();
    let body = 2 + n_hashes;
    if rest.get(body - 1) != Some(&b'"') {
        return None;
    }
    let end = [b"\"", &b"#".repeat(n_hashes)[..]].concat();
    Some(body + until(&rest[body..], &end) + end.len())
}

/// `'x'` and `'\n'`; None for a lifetime.
fn character(rest: &[u8]) -> Option<usize> {
    if rest.get(1) == Some(&b'\\') {
        return Some(3 + until(rest.get(3..)?, b"'") + 1);
    }
    // One character is up to four bytes.
    (2..=5)
        .find(|&end| {
            rest.get(end) == Some(&b'\'') && std::str::from_utf8(&rest[1..end]).is_ok_and(|c| c.chars().count() == 1)
        })
        .map(|end| end + 1)
}

fn until(rest: &[u8], end: &[u8]) -> usize {
    rest.windows(end.len()).position(|window| window == end).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::code_only;

    /// What is left of `text`, without the spaces.
    fn left(text: &str) -> String {
        let code = code_only(text);
        assert_eq!(code.len(), text.len());
        assert_eq!(code.lines().count(), text.lines().count());
        code.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn comments_go() {
        assert_eq!(left("a // unsafe\nb /* x /* y */ unsafe */ c"), "a b c");
        assert_eq!(left("a /* never closed"), "a");
    }

    #[test]
    fn literals_go() {
        assert_eq!(left(r#"a("unsafe \" dbg!", b)"#), "a( , b)");
        assert_eq!(left(r###"a(r#"say "unsafe""#, r"\", b)"###), "a( , , b)");
        assert_eq!(left(r"a('x', '\'', '\u{1F600}', 'ö', b'\\', c)"), "a( , , , , b , c)");
        assert_eq!(left("a('\"', unsafe)"), "a( , unsafe)");
    }

    #[test]
    fn lifetimes_and_raw_identifiers_stay() {
        assert_eq!(left("fn f<'a>(r#type: &'a str) {}"), "fn f<'a>(r#type: &'a str) {}");
    }
}
