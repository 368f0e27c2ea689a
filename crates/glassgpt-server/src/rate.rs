//! How much one address may ask, and one socket say, in a second.
//!
//! Why so much more than anyone needs: behind one address may be a proxy or a school. The bound is for floods, which would
//! take the time of everyone else. Why guests are counted by their link: a teacher often has the same address as the class.

use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZero;
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, NotUntil, Quota, RateLimiter};

use crate::app::App;
use crate::error::ApiError;
use crate::guard::Access;

/// Unused allowance adds up to that of so many seconds.
const SAVED_SECONDS: NonZero<u32> = NonZero::new(2).expect("two is not zero");

/// Who asks: an address, or the network that its owner has all addresses of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Caller(IpAddr);

impl From<IpAddr> for Caller {
    fn from(address: IpAddr) -> Self {
        const NETWORK: u128 = u128::MAX << 64;
        Self(match address.to_canonical() {
            IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & NETWORK)),
            address => address,
        })
    }
}

/// Whose allowance a request uses up.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Payer {
    /// Everyone at one address, without a link.
    Caller(Caller),
    /// Everyone who looks at one session by its link.
    Link { session: String },
}

/// What each has used.
pub(crate) struct Callers(DefaultKeyedRateLimiter<Payer>);

impl Callers {
    pub(crate) fn new(per_second: NonZero<u32>) -> Self {
        Self(RateLimiter::keyed(quota(per_second)))
    }

    /// One more request; refused if that is too much for the moment.
    fn count(&self, payer: &Payer) -> Result<(), ApiError> {
        self.0.check_key(payer).map_err(|not_yet| too_often(&not_yet))
    }

    /// Forgets those who have all their allowance again.
    pub(crate) fn tidy(&self) {
        self.0.retain_recent();
        self.0.shrink_to_fit();
    }
}

/// What one socket has used.
pub(crate) struct Talker(DefaultDirectRateLimiter);

impl Talker {
    pub(crate) fn new(per_second: NonZero<u32>) -> Self {
        Self(RateLimiter::direct(quota(per_second)))
    }

    /// One more message; refused if that is too much for the moment.
    pub(crate) fn count(&self) -> Result<(), ApiError> {
        self.0.check().map_err(|not_yet| too_often(&not_yet))
    }
}

fn too_often(not_yet: &NotUntil<Instant>) -> ApiError {
    let per_second = not_yet.quota().burst_size().get() / SAVED_SECONDS;
    let wait = not_yet.wait_time_from(DefaultClock::default().now());
    ApiError::TooOften { per_second, wait_ms: wait.as_millis() as u64 + 1 }
}

fn quota(per_second: NonZero<u32>) -> Quota {
    Quota::per_second(per_second).allow_burst(per_second.saturating_mul(SAVED_SECONDS))
}

/// Refuses requests that come too fast from one caller. Who serves the router without saying who calls counts nobody.
pub(crate) async fn in_measure(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    // Another site's page must not use up what its visitor may ask.
    if let Err(error) = app.hosts.check(request.headers()) {
        return error.into_response();
    }
    let payer = request.extensions().get::<Caller>().map(|&caller| match app.keys.access(request.headers()) {
        Some(Access::Look { session }) => Payer::Link { session },
        Some(Access::All) | None => Payer::Caller(caller),
    });
    let counted = payer.map_or(Ok(()), |payer| app.callers.count(&payer));
    match counted {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(address: &str) -> Caller {
        address.parse::<IpAddr>().expect("an address").into()
    }

    #[test]
    fn each_caller_has_its_own_allowance() {
        let callers = Callers::new(NonZero::new(5).expect("five"));
        let one = Payer::Caller(caller("192.0.2.1"));
        assert_eq!((0..100).filter(|_| callers.count(&one).is_ok()).count(), 10, "two seconds' worth at once");
        let refusal = callers.count(&one).expect_err("it is used up").to_string();
        assert!(refusal.contains("at most 5 a second"), "{refusal}");
        for other in [Payer::Caller(caller("192.0.2.2")), Payer::Link { session: "a".to_string() }] {
            assert!(callers.count(&other).is_ok(), "{other:?}");
        }
    }

    #[test]
    fn a_network_of_one_owner_is_one_caller() {
        assert_eq!(caller("2001:db8::1"), caller("2001:db8::ffff:1"));
        assert_ne!(caller("2001:db8::1"), caller("2001:db8:0:1::1"));
        assert_eq!(caller("::ffff:192.0.2.1"), caller("192.0.2.1"));
    }
}
