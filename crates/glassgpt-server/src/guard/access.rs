//! What a visitor may do: everything, look at one session, or nothing.
//!
//! Why a key of its own for looking: a class is given a link, and whoever has it must not be able to make one that does more.
//! It is computed from the token and the session's name, so it needs no memory and outlives a restart.

use axum::http::header::{self, HeaderMap};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// What a visitor may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    All,
    /// See one session, ask it questions, change nothing.
    Look {
        session: String,
    },
}

/// What opens the door, if it is closed.
pub(crate) struct Keys(Option<Token>);

/// Not printed, not logged, compared without giving away how much of a guess is right.
struct Token(String);

/// The cookie in which a browser keeps the token.
const TOKEN: &str = "glassgpt_token";

/// The cookie in which a browser keeps the key to one session: its name, a dot, the key.
const LOOK: &str = "glassgpt_look";

impl Keys {
    /// Without a token everyone may do everything.
    pub(crate) fn new(token: Option<String>) -> Self {
        Self(token.map(Token))
    }

    /// What a request may do, by its headers; None if nothing.
    pub(crate) fn access(&self, headers: &HeaderMap) -> Option<Access> {
        let Some(token) = &self.0 else { return Some(Access::All) };
        let [tokens, looks] = [TOKEN, LOOK].map(|kind| name(kind, port(headers)));
        let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
        if bearer.into_iter().chain(cookies(headers, &tokens)).any(|shown| token.is(shown)) {
            return Some(Access::All);
        }
        cookies(headers, &looks).find_map(|cookie| {
            let (session, key) = cookie.split_once('.')?;
            token.opens(session, key).then(|| Access::Look { session: session.to_string() })
        })
    }

    /// The cookie for whoever shows the token in an address; None if it is another one, or there is none to show.
    pub(crate) fn let_in(&self, shown: &str, headers: &HeaderMap) -> Option<String> {
        let token = self.0.as_ref()?;
        token.is(shown).then(|| cookie(&name(TOKEN, port(headers)), &token.0))
    }

    /// The cookie for whoever shows the key to a session; None if it is another one. An empty text if no key is needed.
    pub(crate) fn let_look(&self, session: &str, key: &str, headers: &HeaderMap) -> Option<String> {
        let Some(token) = &self.0 else { return Some(String::new()) };
        token.opens(session, key).then(|| cookie(&name(LOOK, port(headers)), &format!("{session}.{key}")))
    }

    /// The key with which someone may look at a session; empty if none is needed.
    pub(crate) fn key_to(&self, session: &str) -> String {
        self.0.as_ref().map_or_else(String::new, |token| hex(&token.key_to(session).finalize().into_bytes()))
    }
}

impl Token {
    fn is(&self, shown: &str) -> bool {
        // Of the same length whatever was shown.
        let [ours, theirs] = [&self.0, shown].map(|text| Sha256::digest(text.as_bytes()));
        ours.ct_eq(&theirs).into()
    }

    fn opens(&self, session: &str, key: &str) -> bool {
        unhex(key).is_some_and(|key| self.key_to(session).verify_slice(&key).is_ok())
    }

    fn key_to(&self, session: &str) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.as_bytes()).expect("a key of any length will do");
        mac.update(b"look at ");
        mac.update(session.as_bytes());
        mac
    }
}

/// Browsers do not tell ports apart when they send cookies, but two labs on one machine have two tokens.
fn name(name: &str, port: &str) -> String {
    format!("{name}_{port}")
}

fn port(headers: &HeaderMap) -> &str {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let port = host.rsplit_once(':').map_or("", |(_, port)| port);
    if port.bytes().all(|byte| byte.is_ascii_digit()) { port } else { "" }
}

fn cookies<'a>(headers: &'a HeaderMap, name: &'a str) -> impl Iterator<Item = &'a str> {
    let all = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let pairs = all.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(move |(its, _)| *its == name).map(|(_, value)| value)
}

/// Lax: links from elsewhere lead in, requests from elsewhere carry nothing.
fn cookie(name: &str, value: &str) -> String {
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    (0..32).map(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(header::HeaderName, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, "127.0.0.1:7878".parse().unwrap());
        for (name, value) in pairs {
            headers.append(name, value.parse().unwrap());
        }
        headers
    }

    fn pair(cookie: &str) -> &str {
        cookie.split(';').next().unwrap()
    }

    #[test]
    fn without_a_token_everyone_may_do_everything() {
        let keys = Keys::new(None);
        assert_eq!(keys.access(&headers(&[])), Some(Access::All));
        assert_eq!((keys.key_to("abc"), keys.let_look("abc", "", &headers(&[]))), (String::new(), Some(String::new())));
    }

    #[test]
    fn the_token_opens_everything_and_nothing_else_does() {
        let keys = Keys::new(Some("right".to_string()));
        let with = |name, value: &str| keys.access(&headers(&[(name, value)]));
        assert_eq!(with(header::AUTHORIZATION, "Bearer right"), Some(Access::All));
        for wrong in ["Bearer righ", "Bearer rightt", "Bearer ", "Basic right", "right", "bearer right"] {
            assert_eq!(with(header::AUTHORIZATION, wrong), None, "{wrong}");
        }
        let cookie = keys.let_in("right", &headers(&[])).unwrap();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"));
        assert_eq!(with(header::COOKIE, pair(&cookie)), Some(Access::All));
        assert_eq!(with(header::COOKIE, &format!("a=b; {}; c=d", pair(&cookie))), Some(Access::All));
        assert_eq!(with(header::COOKIE, "glassgpt_token_7878=wrong"), None);
        assert_eq!(with(header::COOKIE, "glassgpt_token_7879=right"), None, "another lab's");
        assert_eq!(keys.let_in("wrong", &headers(&[])), None);
    }

    #[test]
    fn a_key_opens_one_session_for_looking() {
        let keys = Keys::new(Some("right".to_string()));
        let key = keys.key_to("abc");
        let cookie = keys.let_look("abc", &key, &headers(&[])).unwrap();
        let access = keys.access(&headers(&[(header::COOKIE, pair(&cookie))]));
        assert_eq!(access, Some(Access::Look { session: "abc".to_string() }));
        assert_eq!(keys.let_look("abd", &key, &headers(&[])), None);
        assert_eq!(keys.let_in(&key, &headers(&[])), None, "it is not the token");
        for wrong in ["", "0", &key[1..], &key.to_uppercase().replace(char::is_numeric, "0"), &"é".repeat(32)] {
            assert_eq!(keys.let_look("abc", wrong, &headers(&[])), None, "{wrong}");
            let cookie = format!("glassgpt_look_7878=abc.{wrong}");
            if cookie.is_ascii() {
                assert_eq!(keys.access(&headers(&[(header::COOKIE, &cookie)])), None, "{wrong}");
            }
        }
        let other = Keys::new(Some("other".to_string()));
        assert_eq!(other.access(&headers(&[(header::COOKIE, pair(&cookie))])), None, "a token of its own");
    }
}
