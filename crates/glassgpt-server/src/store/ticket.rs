//! The promise that something will be on the disk, to be awaited or let go.
//!
//! Why not a blocking call: a thread that trains many sessions must not stand still for a disk.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::sync::oneshot;

use super::StoreError;

/// Resolves once the commit that holds it is on the disk, or has failed. Dropping it changes nothing.
#[must_use = "only the ticket knows whether it was written"]
pub(crate) struct Ticket(oneshot::Receiver<Result<(), StoreError>>);

impl Ticket {
    /// With it comes what resolves it.
    pub(super) fn new() -> (oneshot::Sender<Result<(), StoreError>>, Self) {
        let (reply, outcome) = oneshot::channel();
        (reply, Self(outcome))
    }
}

impl Future for Ticket {
    type Output = Result<(), StoreError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(context).map(|outcome| outcome.unwrap_or(Err(StoreError::Closed)))
    }
}
