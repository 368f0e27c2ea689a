//! A connection together with its place: whoever has the one has the other, a WebSocket that outlives its request too.
//!
//! Why a bound on sending: a client that does not read would keep its answer in memory for ever. Why it counts what it reads: a
//! message lies in memory until it is complete, and all connections share what there is for that.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::OwnedSemaphorePermit;
use tokio_io_timeout::TimeoutWriter;

use super::places::Place;
use crate::in_flight::Meter;

type Taking = Pin<Box<dyn Future<Output = Option<OwnedSemaphorePermit>> + Send>>;

/// A connection that holds its place until it is closed.
pub(super) struct Held {
    stream: Pin<Box<TimeoutWriter<TcpStream>>>,
    meter: Arc<Meter>,
    /// It waits for a part of the budget.
    taking: Option<Taking>,
    _place: Place,
}

impl Held {
    /// Sending fails if the client accepts nothing for so long.
    pub(super) fn new(stream: TcpStream, place: Place, meter: Arc<Meter>, patience: Duration) -> Self {
        // Small messages must not wait for company (Nagle); a socket that refuses the option is merely slower.
        drop(stream.set_nodelay(true));
        let mut stream = TimeoutWriter::new(stream);
        stream.set_timeout(Some(patience));
        Self { stream: Box::pin(stream), meter, taking: None, _place: place }
    }

    /// Ready once the budget has given for all that was read.
    fn poll_paid(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            let owed = self.meter.owed();
            if owed == 0 {
                self.taking = None;
                return Poll::Ready(());
            }
            let taking = self.taking.get_or_insert_with(|| Box::pin(self.meter.budget().clone().take(owed)));
            let permit = ready!(taking.as_mut().poll(cx));
            self.taking = None;
            match permit {
                Some(permit) => self.meter.pay(permit),
                None => return Poll::Ready(()), // the budget is never closed
            }
        }
    }
}

impl AsyncRead for Held {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_paid(cx));
        let before = into.filled().len();
        ready!(self.stream.as_mut().poll_read(cx, into))?;
        self.meter.received(into.filled().len() - before);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Held {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.stream.as_mut().poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream.as_mut().poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream.as_mut().poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.stream.as_mut().poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use tokio::io::AsyncWriteExt;
    use tokio::net::TcpListener;

    use super::super::places::Places;
    use super::*;
    use crate::in_flight::{Budget, OWN_BYTES};

    const SHARED: usize = 100_000;
    const PIECE: usize = 8192;

    /// Reads what comes until it has to wait for the budget; tells how many bytes that were.
    async fn read_until_it_waits(held: &mut Held) -> usize {
        let mut total = 0;
        poll_fn(|cx| {
            loop {
                let mut bytes = [0; PIECE];
                let mut into = ReadBuf::new(&mut bytes);
                match Pin::new(&mut *held).poll_read(cx, &mut into) {
                    Poll::Ready(read) => {
                        read.unwrap();
                        total += into.filled().len();
                    }
                    Poll::Pending if held.taking.is_some() => return Poll::Ready(total),
                    Poll::Pending => return Poll::Pending,
                }
            }
        })
        .await
    }

    #[tokio::test]
    async fn what_is_not_complete_waits_for_memory() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (stream, _) = listener.accept().await.unwrap();
        let place = Arc::new(Places::new(1, 0)).enter().unwrap();
        let meter = Meter::new(Budget::new(SHARED));
        let mut held = Held::new(stream, place, meter.clone(), Duration::from_secs(60));
        let writer = tokio::spawn(async move { client.write_all(&vec![b'['; 1 << 20]).await });
        // Another connection has some of it, so this one cannot take all there is.
        let others = meter.budget().try_take(SHARED / 2).unwrap();
        let most = OWN_BYTES + SHARED / 2 + PIECE;
        let read = read_until_it_waits(&mut held).await;
        assert!((OWN_BYTES..=most).contains(&read), "{read}");
        drop(others);
        assert!(poll_fn(|cx| held.poll_paid(cx).map(|()| true)).await, "it goes on when there is memory again");
        let _others = meter.budget().try_take(1).unwrap();
        meter.complete();
        assert!(read_until_it_waits(&mut held).await >= OWN_BYTES, "a complete message takes none");
        writer.abort();
    }
}
