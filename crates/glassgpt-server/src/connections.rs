//! Lets connections in and serves each, until told to stop.
//!
//! Why not `axum::serve`: it waits for ever for the rest of half a request, and for whoever does not read its answer. Enough of
//! those, and the system has no file left for anyone else.

mod farewell;
mod held;
mod places;

use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::sleep;

use crate::in_flight::{Budget, Meter, OWN_BYTES};
use crate::limits::Limits;
use crate::rate::Caller;
use farewell::Farewell;
use held::Held;
use places::{Guest, Places};

/// Said to whoever finds all places taken by people who are being served.
const FULL: &str = "HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\nconnection: close\r\n\
    content-type: application/problem+json\r\ncontent-length: 85\r\n\r\n\
    {\"status\":503,\"title\":\"All connections are in use\",\"detail\":\"try again in a moment\"}\n";

/// When the system has no file left: how long to wait for the one that a silent connection gives back, or else for any.
const NO_FILES: [Duration; 2] = [Duration::from_millis(1), Duration::from_millis(50)];

/// Whoever runs the server is told of it so often at most.
const COMPLAIN_EVERY: Duration = Duration::from_secs(10);

/// Serves all who connect, as many at a time as may, until `stop` resolves; then what was begun is answered.
/// So many of the places are `kept` for whoever has the token.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    limits: &Limits,
    kept: usize,
    stop: impl Future<Output = ()>,
) {
    let (places, open) = (Arc::new(Places::new(limits.connections, kept)), watch::Sender::new(()));
    let (router, farewell) = (TowerToHyperService::new(router), Farewell::new());
    let budget = Budget::new(limits.bytes_in_flight);
    let (mut stop, mut complained) = (pin!(stop), None::<Instant>);
    loop {
        let accepted = tokio::select! {
            biased;
            () = &mut stop => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, address)) => match places.enter() {
                Some(place) => {
                    let visit = Visit {
                        guest: Arc::new(place.guest()),
                        meter: Meter::new(budget.clone()),
                        caller: address.ip().into(),
                        is_kept: place.is_kept(),
                        router: router.clone(),
                        head_patience: limits.head_patience,
                    };
                    let stream = Held::new(stream, place, visit.meter.clone(), limits.send_patience);
                    tokio::spawn(visit.last(stream, open.subscribe()));
                }
                None => farewell.say(FULL, stream),
            },
            Err(error) if is_the_clients(error.kind()) => {}
            Err(error) => {
                if complained.is_none_or(|complained| complained.elapsed() > COMPLAIN_EVERY) {
                    tracing::warn!(%error, "cannot let anyone in; connections that say nothing are closed for it");
                    complained = Some(Instant::now());
                }
                let [soon, later] = NO_FILES;
                sleep(if places.make_room() { soon } else { later }).await;
            }
        }
    }
    drop(listener);
    open.send_replace(());
    open.closed().await;
}

/// On a request whose connection has one of the places for whoever has the token.
#[derive(Clone, Copy)]
pub(crate) struct KeptForOwners;

/// One connection's stay.
struct Visit {
    guest: Arc<Guest>,
    meter: Arc<Meter>,
    caller: Caller,
    /// Its place is for whoever has the token.
    is_kept: bool,
    router: TowerToHyperService<Router>,
    head_patience: Duration,
}

impl Visit {
    /// Answers its requests, until it ends or has to make room.
    async fn last(self, stream: Held, mut stop: watch::Receiver<()>) {
        let Self { guest, meter, caller, is_kept, router, head_patience } = self;
        let service = service_fn(|mut request: Request<Incoming>| {
            guest.is_served();
            request.extensions_mut().insert(caller);
            request.extensions_mut().insert(meter.clone());
            if is_kept {
                request.extensions_mut().insert(KeptForOwners);
            }
            let (guest, meter, answer) = (guest.clone(), meter.clone(), router.call(request));
            async move {
                let answer = answer.await;
                guest.is_silent();
                meter.complete();
                answer
            }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(head_patience)
            .max_buf_size(OWN_BYTES) // a head is never longer
            .serve_connection(TokioIo::new(stream), service)
            .with_upgrades();
        let mut connection = pin!(connection);
        tokio::select! {
            // However it ends: whoever asked knows, and nobody else needs to.
            _ = &mut connection => return,
            () = guest.asked_to_leave() => return,
            _ = stop.changed() => connection.as_mut().graceful_shutdown(),
        }
        drop(connection.await);
    }
}

/// Whether a connection failed before it was let in, and none but its client need care.
fn is_the_clients(error: io::ErrorKind) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error, ConnectionAborted | ConnectionRefused | ConnectionReset)
}

#[cfg(test)]
mod tests {
    use super::FULL;

    #[test]
    fn the_answer_to_whoever_finds_no_place_is_well_formed() {
        let (head, body) = FULL.split_once("\r\n\r\n").unwrap();
        assert!(head.ends_with(&format!("content-length: {}", body.len())), "{} bytes", body.len());
        assert!(serde_json::from_str::<serde_json::Value>(body).is_ok());
    }
}
