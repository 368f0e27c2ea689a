//! Which encoding of a file a client gets: brotli, gzip, or the file as it is.
//!
//! Why read by hand: `Accept-Encoding` is a list of names with weights, and a client may refuse any of them, even "as it is".

use axum::http::header::{ACCEPT_ENCODING, HeaderMap};

/// How the bytes of an answer are encoded, the smallest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    Brotli,
    Gzip,
    /// The file as it is.
    Identity,
}

impl Encoding {
    const ALL: [Self; 3] = [Self::Brotli, Self::Gzip, Self::Identity];

    /// Its name in a header. `None` means that the header is left out.
    pub(crate) fn name(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
            Self::Identity => None,
        }
    }

    /// What the build adds to the name of a file that it has compressed.
    pub(crate) fn suffix(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
            Self::Identity => "",
        }
    }

    fn is_named(self, name: &str) -> bool {
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        match self {
            Self::Brotli => is("br"),
            Self::Gzip => is("gzip") || is("x-gzip"),
            Self::Identity => is("identity"),
        }
    }
}

/// Whether a file is the compressed form of another one, which nobody asks for by its name.
pub(crate) fn is_compressed_form(name: &str) -> bool {
    Encoding::ALL.iter().map(|encoding| encoding.suffix()).any(|suffix| !suffix.is_empty() && name.ends_with(suffix))
}

/// The encodings that a client takes, the best first. The file as it is always comes last at the latest: it is what a client gets
/// that accepts nothing.
pub(crate) fn accepted(headers: &HeaderMap) -> Vec<Encoding> {
    let lines = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let wishes: Vec<(&str, u16)> = lines.flat_map(|line| line.split(',')).filter_map(wish).collect();
    let weight = |encoding: Encoding| {
        let named = wishes.iter().find(|(name, _)| encoding.is_named(name));
        named.or_else(|| wishes.iter().find(|(name, _)| *name == "*")).map(|(_, weight)| *weight)
    };
    let mut taken: Vec<(Encoding, u16)> = Encoding::ALL
        .into_iter()
        .filter_map(|encoding| Some((encoding, weight(encoding).filter(|&weight| weight > 0)?)))
        .collect();
    taken.sort_by_key(|&(_, weight)| std::cmp::Reverse(weight)); // stable: at equal weights the smallest comes first
    let mut encodings: Vec<Encoding> = taken.into_iter().map(|(encoding, _)| encoding).collect();
    if !encodings.contains(&Encoding::Identity) {
        encodings.push(Encoding::Identity);
    }
    encodings
}

/// One entry of the list: a name and its weight in thousandths. An entry that cannot be read counts as not there.
fn wish(entry: &str) -> Option<(&str, u16)> {
    let mut parts = entry.split(';').map(str::trim);
    let name = parts.next().filter(|name| !name.is_empty())?;
    match parts.next() {
        None => Some((name, 1000)),
        Some(parameter) => {
            let (key, value) = parameter.split_once('=')?;
            let weight = value.trim().parse::<f64>().ok().filter(|weight| (0.0..=1.0).contains(weight))?;
            key.trim().eq_ignore_ascii_case("q").then_some((name, (weight * 1000.0) as u16))
        }
    }
}

#[cfg(test)]
mod tests {
    use Encoding::{Brotli, Gzip, Identity};
    use axum::http::HeaderValue;

    use super::*;

    fn of(lines: &[&'static str]) -> Vec<Encoding> {
        accepted(&lines.iter().map(|line| (ACCEPT_ENCODING, HeaderValue::from_static(line))).collect())
    }

    #[test]
    fn a_client_gets_the_smallest_of_what_it_takes() {
        for (lines, encodings) in [
            (&[][..], &[Identity][..]),
            (&[""], &[Identity]),
            (&["gzip, deflate, br, zstd"], &[Brotli, Gzip, Identity]),
            (&["gzip", "br"], &[Brotli, Gzip, Identity]),
            (&["GZip"], &[Gzip, Identity]),
            (&["x-gzip"], &[Gzip, Identity]),
            (&["deflate, zstd"], &[Identity]),
            (&["*"], &[Brotli, Gzip, Identity]),
            (&["brotli, gzipped"], &[Identity]),
        ] {
            assert_eq!(of(lines), encodings, "{lines:?}");
        }
    }

    #[test]
    fn weights_decide_and_zero_refuses() {
        for (line, encodings) in [
            ("br;q=0.5, gzip;q=0.8", &[Gzip, Brotli, Identity][..]),
            ("br ; Q=0.501,gzip; q=0.5", &[Brotli, Gzip, Identity]),
            ("br;q=0, gzip", &[Gzip, Identity]),
            ("br;q=0.000, *;q=0.1", &[Gzip, Identity]),
            ("identity, br;q=0.9", &[Identity, Brotli]),
            ("identity;q=0.1, br;q=0.9", &[Brotli, Identity]),
            ("*;q=0", &[Identity]),
            ("identity;q=0", &[Identity]),
            ("identity;q=0, gzip", &[Gzip, Identity]),
            ("br;q=2, gzip;q=x, *;q=-1", &[Identity]),
            ("br;level=9, gzip;q", &[Identity]),
            ("br;q=NaN", &[Identity]),
        ] {
            assert_eq!(of(&[line]), encodings, "{line}");
        }
    }

    #[test]
    fn compressed_forms_are_known_by_their_names() {
        assert!(is_compressed_form("assets/a.js.br") && is_compressed_form("index.html.gz"));
        assert!(!is_compressed_form("assets/a.js") && !is_compressed_form("br") && !is_compressed_form(""));
    }
}
