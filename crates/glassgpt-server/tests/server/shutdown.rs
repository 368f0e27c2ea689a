//! Ctrl-C stops the server, whatever goes on.
//!
//! Why tested: open sockets, idle connections and busy threads each used to be a reason to hang.

use std::time::Duration;

use glassgpt_lab::protocol::Command;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use crate::client::Server;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_server_stops_promptly() {
    let server = Server::start().await;
    let session = server.session(r#"{"num_steps": 20000, "n_embd": 64}"#).await;
    let mut socket = server.socket(&session).await;
    socket.snapshot().await;
    let mut deaf = server.slow_socket(&session).await;
    deaf.snapshot().await;
    socket.command(1, Command::Run { steps: None, pace: None }).await;
    // A request that never ends.
    let mut stuck = TcpStream::connect(server.address).await.unwrap();
    stuck
        .write_all(b"POST /api/session/start HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{")
        .await
        .unwrap();
    while server.get(&session).await.json()["metadata"]["step"].as_u64() < Some(1) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }

    server.stop.send(()).unwrap();
    assert_eq!(socket.end().await.code, CloseCode::Away);
    server.task.await.unwrap().unwrap();
    assert!(TcpStream::connect(server.address).await.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_idle_server_stops() {
    let server = Server::start().await;
    server.session("{}").await;
    server.stop.send(()).unwrap();
    server.task.await.unwrap().unwrap();
}
