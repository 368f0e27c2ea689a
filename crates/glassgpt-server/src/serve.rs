//! Serving until told to stop, and stopping within a second or so.
//!
//! Why more than `connections`: sockets and sessions outlive their requests unless told.

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Instant;

use tokio::net::TcpListener;
use tokio::time::{sleep, timeout};

use crate::app::{App, ServerOptions, routes};
use crate::connections;
use crate::limits::{GOODBYE, kept_for_owners};

/// Serves on `listener` until `shutdown` resolves, then ends every session, closes every socket and returns.
///
/// # Errors
/// If there are no threads to train in, or the store cannot be read or closed.
pub async fn serve<F>(listener: TcpListener, options: ServerOptions, shutdown: F) -> io::Result<()>
where
    F: Future<Output = ()> + Send + 'static,
{
    let store = options.store.clone();
    let (app, mut passes) = App::new(options)?;
    app.shelf.fill().await.map_err(io::Error::other)?;
    app.sessions.set_clock().await.map_err(io::Error::other)?;
    let tidying = tokio::spawn(tidy(app.clone()));
    let signal = {
        let app = app.clone();
        async move {
            shutdown.await;
            app.close();
        }
    };
    let limits = app.sessions.limits();
    let kept = if app.keys.are_asked_for() { kept_for_owners(limits.connections) } else { 0 };
    let server = connections::serve(listener, routes(app.clone()), limits, kept, signal);
    let closed = app.closed();
    let too_long = async {
        closed.await;
        sleep(GOODBYE).await;
    };
    tokio::select! {
        () = server => {}
        () = too_long => {}
    }
    // Whoever works holds a pass; when the last one is returned, the channel says so. Time is up either way.
    drop(timeout(GOODBYE, passes.recv()).await);
    tidying.abort();
    let closed = timeout(GOODBYE, store.close()).await;
    let closed = closed.unwrap_or(Ok(())); // what was acknowledged is on the disk already
    closed.map_err(io::Error::other)
}

/// Looks after sessions that nobody uses, for as long as the server runs.
async fn tidy(app: Arc<App>) {
    loop {
        sleep(app.sessions.limits().tidy_every).await;
        app.callers.tidy();
        if let Err(error) = app.sessions.tidy(Instant::now()).await {
            tracing::warn!(%error, "could not look after sessions that nobody uses; trying again later");
        }
    }
}
