//! S4's interface as its clients meet it: every route, every field, every status, and its socket.
//!
//! Why field by field: its own front end must run against this server unchanged. `docs/compat.md` says where we differ.

#![expect(clippy::unwrap_used, reason = "a test whose server does not answer has failed")]

mod fields;

mod http;
mod clients;
mod trained;

use serde_json::Value;
use tokio::net::TcpStream;

use crate::client::{Server, Socket};
use fields::{has, is_metadata};

async fn embedded() -> Server {
    Server::start().await
}

/// The socket that S4's page opens for a session.
async fn ws(server: &Server, session: &str) -> Socket {
    let path = session.replace("/api/session/", "/ws/");
    server.socket_at(&path, TcpStream::connect(server.address).await.unwrap()).await
}

async fn hello(socket: &mut Socket) -> Value {
    let hello = socket.json().await;
    has(&hello, &["type", "session_id", "metadata"], &[]);
    assert_eq!(hello["type"], "session");
    is_metadata(&hello["metadata"]);
    hello
}

/// Everything up to the next message of a type, that one included.
async fn until(socket: &mut Socket, kind: &str) -> Vec<Value> {
    let mut heard = Vec::new();
    loop {
        heard.push(socket.json().await);
        if heard.last().unwrap()["type"] == kind {
            return heard;
        }
    }
}
