//! Serving until told to stop, and stopping within a second or so.
//!
//! Why more than `axum::serve`: it waits for open requests only; sockets and session threads outlive it unless told.

use std::future::Future;
use std::io;
use std::sync::Arc;

use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio::time::{sleep, timeout};

use crate::app::{App, ServerOptions, routes};
use crate::limits::GOODBYE;

/// Serves on `listener` until `shutdown` resolves, then ends every session, closes every socket and returns.
///
/// # Errors
/// As the listener.
pub async fn serve<F>(listener: TcpListener, options: ServerOptions, shutdown: F) -> io::Result<()>
where
    F: Future<Output = ()> + Send + 'static,
{
    let store = options.store.clone();
    let (app, mut passes) = App::new(options)?;
    let tidying = tokio::spawn(tidy(app.clone()));
    let signal = {
        let app = app.clone();
        async move {
            shutdown.await;
            app.close();
        }
    };
    // Small messages must not wait for company (Nagle); a socket that refuses the option is merely slower.
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    let server = axum::serve(listener, routes(app.clone())).with_graceful_shutdown(signal);
    let closed = app.closed();
    let too_long = async {
        closed.await;
        sleep(GOODBYE).await;
    };
    let result = tokio::select! {
        result = server => result,
        () = too_long => Ok(()),
    };
    app.close(); // in case the listener failed
    // Whoever works holds a pass; when the last one is returned, the channel says so. Time is up either way.
    drop(timeout(GOODBYE, passes.recv()).await);
    tidying.abort();
    let closed = timeout(GOODBYE, store.close()).await;
    let closed = closed.unwrap_or(Ok(())); // what was acknowledged is on the disk already
    result.and(closed.map_err(io::Error::other))
}

/// Looks after sessions that nobody uses, for as long as the server runs.
async fn tidy(app: Arc<App>) {
    loop {
        sleep(app.sessions.limits().tidy_every).await;
        if let Err(error) = app.sessions.tidy().await {
            tracing::warn!(%error, "could not look after sessions that nobody uses; trying again later");
        }
    }
}
