//! What is said to whoever finds no place, so that it is heard.
//!
//! Why not written and closed at once: a connection that is closed while something it said is unread is reset, and what it was told
//! is lost on the way. Why only to some: whoever is turned away must not cost more than whoever is let in.

use std::io;
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::limits::{FAREWELL, FAREWELLS};

pub(super) struct Farewell(Arc<Semaphore>);

impl Farewell {
    pub(super) fn new() -> Self {
        Self(Arc::new(Semaphore::new(FAREWELLS)))
    }

    /// Says `words`, hears the client out and closes.
    pub(super) fn say(&self, words: &'static str, stream: TcpStream) {
        let Ok(permit) = self.0.clone().try_acquire_owned() else { return };
        tokio::spawn(async move {
            // Whoever has gone meanwhile, or goes on for ever, need not be told.
            drop(timeout(FAREWELL, say(words, stream)).await);
            drop(permit);
        });
    }
}

async fn say(words: &str, mut stream: TcpStream) -> io::Result<()> {
    stream.write_all(words.as_bytes()).await?;
    stream.shutdown().await?;
    let mut unread = [0; 1024];
    while stream.read(&mut unread).await? > 0 {}
    Ok(())
}
