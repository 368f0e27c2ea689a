//! What a visitor may do: everything, look at one session, or nothing.
//!
//! Why a key of its own for looking: a class is given a link, and whoever has it must not be able to make one that does more.
//! It is computed from the token and the session's name, so it needs no memory and outlives a restart. Why a browser's cookie is not
//! the token: a cookie lies in a file on a computer that a class may share. It opens the lab for a month, and not for ever.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

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

/// The cookie that shows that a browser has shown the token: until when it counts, a dot, a proof that the server wrote that.
const TOKEN: &str = "glassgpt_token";

/// How long a cookie counts.
const COOKIE_LASTS: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// The cookie in which a browser keeps the key to one session: its name, a dot, the key.
const LOOK: &str = "glassgpt_look";

impl Keys {
    /// Without a token everyone may do everything.
    pub(crate) fn new(token: Option<String>) -> Self {
        Self(token.map(Token))
    }

    /// Whether there is a token.
    pub(crate) fn are_asked_for(&self) -> bool {
        self.0.is_some()
    }

    /// What a request may do, by its headers; None if nothing.
    pub(crate) fn access(&self, headers: &HeaderMap) -> Option<Access> {
        let Some(token) = &self.0 else { return Some(Access::All) };
        let [tokens, looks] = [TOKEN, LOOK].map(|kind| name(kind, port(headers)));
        let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
        if bearer.is_some_and(|shown| token.is(shown)) || cookies(headers, &tokens).any(|pass| token.wrote(pass, now()))
        {
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
        let until = now() + COOKIE_LASTS.as_secs();
        token.is(shown).then(|| cookie(&name(TOKEN, port(headers)), &token.pass(until), is_behind_tls(headers)))
    }

    /// The cookie for whoever shows the key to a session; None if it is another one. An empty text if no key is needed.
    pub(crate) fn let_look(&self, session: &str, key: &str, headers: &HeaderMap) -> Option<String> {
        let Some(token) = &self.0 else { return Some(String::new()) };
        token
            .opens(session, key)
            .then(|| cookie(&name(LOOK, port(headers)), &format!("{session}.{key}"), is_behind_tls(headers)))
    }

    /// The key with which someone may look at a session; empty if none is needed.
    pub(crate) fn key_to(&self, session: &str) -> String {
        self.0.as_ref().map_or_else(String::new, |token| token.sign(LOOK_AT, session))
    }
}

impl Token {
    fn is(&self, shown: &str) -> bool {
        // Of the same length whatever was shown.
        let [ours, theirs] = [&self.0, shown].map(|text| Sha256::digest(text.as_bytes()));
        ours.ct_eq(&theirs).into()
    }

    fn opens(&self, session: &str, key: &str) -> bool {
        self.signed(LOOK_AT, session, key)
    }

    /// What a browser's cookie holds.
    fn pass(&self, until: u64) -> String {
        let until = until.to_string();
        format!("{until}.{}", self.sign(LET_IN_UNTIL, &until))
    }

    /// Whether this is such a cookie, and still counts.
    fn wrote(&self, pass: &str, now: u64) -> bool {
        let Some((until, proof)) = pass.split_once('.') else { return false };
        self.signed(LET_IN_UNTIL, until, proof) && until.parse().is_ok_and(|until: u64| now < until)
    }

    fn sign(&self, purpose: &str, text: &str) -> String {
        hex(&self.mac(purpose, text).finalize().into_bytes())
    }

    fn signed(&self, purpose: &str, text: &str, signature: &str) -> bool {
        unhex(signature).is_some_and(|signature| self.mac(purpose, text).verify_slice(&signature).is_ok())
    }

    fn mac(&self, purpose: &str, text: &str) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.as_bytes()).expect("a key of any length will do");
        mac.update(purpose.as_bytes());
        mac.update(text.as_bytes());
        mac
    }
}

/// What is signed, so that a signature for one purpose is none for another.
const LOOK_AT: &str = "look at ";
const LET_IN_UNTIL: &str = "let in until ";

/// Seconds since 1970.
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs())
}

/// Whether a proxy says that the browser reached it by TLS. A client that claims so only makes its own cookie stricter.
fn is_behind_tls(headers: &HeaderMap) -> bool {
    headers.get("x-forwarded-proto").is_some_and(|scheme| scheme.as_bytes().eq_ignore_ascii_case(b"https"))
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

/// Lax: links from elsewhere lead in, requests from elsewhere carry nothing. Secure: it is never sent without TLS.
fn cookie(name: &str, value: &str, secure: bool) -> String {
    let seconds = COOKIE_LASTS.as_secs();
    let secure = if secure { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}")
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
    fn a_cookie_is_not_the_token_and_ends() {
        let token = Token("right".to_string());
        let pass = token.pass(1000);
        assert!(!pass.contains("right") && token.wrote(&pass, 999));
        assert!(!token.wrote(&pass, 1000), "it has ended");
        for wrong in ["right", "", ".", "1000.", &pass.replacen("1000", "1001", 1), &pass[..pass.len() - 1]] {
            assert!(!token.wrote(wrong, 0), "{wrong}");
        }
        assert!(!token.opens("1000", pass.split_once('.').unwrap().1), "it is no key to a session of that name");
        assert!(!Token("other".to_string()).wrote(&pass, 0));
    }

    #[test]
    fn behind_tls_a_cookie_is_never_sent_without() {
        let keys = Keys::new(Some("right".to_string()));
        let forwarded = headers(&[(header::HeaderName::from_static("x-forwarded-proto"), "https")]);
        assert!(keys.let_in("right", &forwarded).unwrap().ends_with("; Secure"));
        let key = keys.key_to("abc");
        assert!(keys.let_look("abc", &key, &forwarded).unwrap().ends_with("; Secure"));
        assert!(!keys.let_in("right", &headers(&[])).unwrap().contains("Secure"));
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
