//! A server to test, and clients to test it with.
//!
//! Why requests by hand: a test must be able to send what a well-behaved client never would.

#![expect(clippy::unwrap_used, reason = "a test whose server does not answer has failed")]

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use glassgpt_lab::Library;
use glassgpt_lab::Question;
use glassgpt_lab::protocol::{ClientMessage, Command, NumberedEvent, ServerMessage, Snapshot};
use glassgpt_server::{ServerOptions, serve};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderName;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::{WebSocketStream, client_async};

const PATIENCE: Duration = Duration::from_secs(120);

/// Sessions in memory, embedded corpora, and the older interfaces, whose requests are the shortest.
pub(crate) fn options() -> ServerOptions {
    ServerOptions { compat: true, ..ServerOptions::new(Library::embedded(), "1.2.3").unwrap() }
}

/// Where a session lies in our own interface.
pub(crate) fn ours(session: &str) -> String {
    session.replace("/api/session/", "/api/v1/sessions/")
}

/// A running server.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) stop: oneshot::Sender<()>,
    pub(crate) task: JoinHandle<std::io::Result<()>>,
}

/// An answer to a request.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error} in {:?}", self.body))
    }

    /// Checks that it is an error in the usual shape.
    #[track_caller]
    pub(crate) fn refuses(&self, status: u16, field: Option<&str>, words: &str) {
        let body = self.json();
        assert_eq!(self.status, status, "{body}");
        assert_eq!(body["field"].as_str(), field, "{body}");
        let message = body["message"].as_str().unwrap();
        assert!(message.contains(words), "{message}");
        assert_eq!(body["detail"].as_str(), Some(message));
    }
}

fn small_buffers() -> TcpListener {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_send_buffer_size(4096).unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    socket.listen(64).unwrap()
}

impl Server {
    pub(crate) async fn start() -> Self {
        Self::on(TcpListener::bind("127.0.0.1:0").await.unwrap(), options())
    }

    /// One that knows other corpora.
    pub(crate) async fn knowing(library: Library) -> Self {
        Self::with(ServerOptions { library, ..options() }).await
    }

    /// One that can push little to clients that do not read. (What is accepted inherits the listener's buffers.)
    pub(crate) async fn with_small_buffers() -> Self {
        Self::on(small_buffers(), options())
    }

    /// One that can push little, with other options than usual.
    pub(crate) async fn with_small_buffers_and(options: ServerOptions) -> Self {
        Self::on(small_buffers(), options)
    }

    /// One with other options than usual.
    pub(crate) async fn with(options: ServerOptions) -> Self {
        Self::on(TcpListener::bind("127.0.0.1:0").await.unwrap(), options)
    }

    /// Stops it, and waits until it has let everything go.
    pub(crate) async fn finish(self) {
        self.stop.send(()).unwrap();
        self.task.await.unwrap().unwrap();
    }

    fn on(listener: TcpListener, options: ServerOptions) -> Self {
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(serve(listener, options, async { drop(stopped.await) }));
        Self { address, stop, task }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, "", "").await
    }

    pub(crate) async fn post(&self, path: &str, body: &str) -> Answer {
        self.send("POST", path, "", body).await
    }

    /// Sends a request, with more headers (each ended by `\r\n`); `Host` is added unless among them.
    pub(crate) async fn send(&self, method: &str, path: &str, headers: &str, body: &str) -> Answer {
        let (head, body) = self.exchange(method, path, headers, body).await;
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head, body: String::from_utf8(body).unwrap() }
    }

    /// The same; what comes back is the head and the bytes of the body.
    pub(crate) async fn exchange(&self, method: &str, path: &str, headers: &str, body: &str) -> (String, Vec<u8>) {
        let host = if headers.contains("Host:") { String::new() } else { format!("Host: {}\r\n", self.address) };
        let length = body.len();
        let head =
            format!("{method} {path} HTTP/1.1\r\n{host}{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n");
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all((head + body).as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        timeout(PATIENCE, stream.read_to_end(&mut answer)).await.expect("an answer in time").unwrap();
        let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap();
        let body = answer.split_off(end + 4);
        (String::from_utf8(answer).unwrap().trim_end().to_string(), body)
    }

    /// A new session; returns its path under `/api`.
    pub(crate) async fn session(&self, body: &str) -> String {
        let answer = self.post("/api/session/start", body).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        format!("/api/session/{}", answer.json()["session_id"].as_str().unwrap())
    }

    /// Trains one step, over our own interface: S4's also watches something.
    pub(crate) async fn step(&self, session: &str) {
        assert_eq!(self.post(&format!("{}/commands", ours(session)), r#"{"type":"step"}"#).await.status, 200);
    }

    pub(crate) async fn snapshot(&self, session: &str) -> Snapshot {
        serde_json::from_str(&self.get(&format!("{}/snapshot", ours(session))).await.body).unwrap()
    }

    /// Waits until a session stands still.
    pub(crate) async fn rest(&self, session: &str) -> Value {
        loop {
            let answer = self.get(session).await.json();
            if answer["running"] == false {
                return answer;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    pub(crate) async fn socket(&self, session: &str) -> Socket {
        self.socket_with(session, "").await.0
    }

    /// One that says something in the address; with it what the server says first.
    pub(crate) async fn socket_with(&self, session: &str, query: &str) -> (Socket, ServerMessage) {
        self.socket_through(session, query, TcpStream::connect(self.address).await.unwrap()).await
    }

    /// A client that can take in little without reading.
    pub(crate) async fn slow_socket(&self, session: &str) -> Socket {
        self.socket_through(session, "", self.slow_stream().await).await.0
    }

    pub(crate) async fn slow_stream(&self) -> TcpStream {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4096).unwrap();
        socket.connect(self.address).await.unwrap()
    }

    /// A socket at any path, of which nothing is known.
    pub(crate) async fn socket_at(&self, path: &str, stream: TcpStream) -> Socket {
        let request = format!("ws://{}{path}", self.address).into_client_request().unwrap();
        Socket { stream: client_async(request, stream).await.unwrap().0, waiting: VecDeque::new() }
    }

    /// A socket of someone with this header, of whose session nothing is known.
    pub(crate) async fn socket_of(&self, id: &str, header: &str) -> Socket {
        let mut request = format!("ws://{}/api/v1/sessions/{id}/socket", self.address).into_client_request().unwrap();
        let (name, value) = header.trim_end().split_once(": ").unwrap();
        request.headers_mut().insert(name.parse::<HeaderName>().unwrap(), value.parse().unwrap());
        let stream = TcpStream::connect(self.address).await.unwrap();
        Socket { stream: client_async(request, stream).await.unwrap().0, waiting: VecDeque::new() }
    }

    async fn socket_through(&self, session: &str, query: &str, stream: TcpStream) -> (Socket, ServerMessage) {
        let mut socket = self.socket_at(&format!("{}/socket{query}", ours(session)), stream).await;
        let hello = socket.next().await;
        assert!(matches!(hello, ServerMessage::Hello { protocol: 1, .. }), "{hello:?}");
        (socket, hello)
    }

    /// One to whom the server need not say hello.
    pub(crate) async fn unwelcome_socket(&self, session: &str) -> Socket {
        self.socket_at(&format!("{}/socket", ours(session)), TcpStream::connect(self.address).await.unwrap()).await
    }
}

/// A client on a socket.
pub(crate) struct Socket {
    pub(crate) stream: WebSocketStream<TcpStream>,
    /// Events that came in one message and are still to be looked at.
    waiting: VecDeque<NumberedEvent>,
}

impl Socket {
    async fn message(&mut self) -> Message {
        loop {
            let message = timeout(PATIENCE, self.stream.next()).await.expect("a message in time").unwrap().unwrap();
            if !message.is_ping() && !message.is_pong() {
                return message;
            }
        }
    }

    /// The next message of an older interface.
    pub(crate) async fn json(&mut self) -> Value {
        serde_json::from_str(self.message().await.to_text().unwrap()).unwrap()
    }

    /// The next message, or the next event of one that has several.
    pub(crate) async fn next(&mut self) -> ServerMessage {
        if self.waiting.is_empty() {
            match self.frame().await {
                ServerMessage::Events { events } => self.waiting.extend(events),
                message => return message,
            }
        }
        ServerMessage::Event(Box::new(self.waiting.pop_front().expect("several events")))
    }

    /// The next message as it is sent.
    pub(crate) async fn frame(&mut self) -> ServerMessage {
        serde_json::from_str(self.message().await.to_text().unwrap()).unwrap()
    }

    pub(crate) async fn snapshot(&mut self) -> Snapshot {
        match self.next().await {
            ServerMessage::Snapshot { snapshot, .. } => *snapshot,
            other => panic!("expected a snapshot, got {other:?}"),
        }
    }

    pub(crate) async fn end(&mut self) -> CloseFrame {
        loop {
            if let Message::Close(frame) = self.message().await {
                return frame.expect("a reason");
            }
        }
    }

    pub(crate) async fn send(&mut self, text: &str) {
        self.stream.send(Message::text(text)).await.unwrap();
    }

    /// Waits until a command is said to be done.
    pub(crate) async fn done(&mut self, id: u32) {
        loop {
            match self.next().await {
                ServerMessage::Done { id: done } if done == id => return,
                ServerMessage::Refused { refusal, .. } => panic!("{refusal:?}"),
                _ => {}
            }
        }
    }

    pub(crate) async fn command(&mut self, id: u32, command: Command) {
        let message = ClientMessage { id, command: Some(command), question: None };
        self.send(&serde_json::to_string(&message).unwrap()).await;
    }

    /// Asks, and returns the first message that is no event: the answer, as JSON.
    pub(crate) async fn ask(&mut self, id: u32, question: Question) -> serde_json::Value {
        let message = ClientMessage { id, command: None, question: Some(question) };
        self.send(&serde_json::to_string(&message).unwrap()).await;
        loop {
            let answer: serde_json::Value = serde_json::from_str(self.message().await.to_text().unwrap()).unwrap();
            if !["event", "events"].contains(&answer["type"].as_str().unwrap_or_default()) {
                return answer;
            }
        }
    }
}
