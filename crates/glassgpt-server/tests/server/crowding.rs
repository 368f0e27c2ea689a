//! Too many, too often, too slow: whoever overdoes it is told so, or hears nothing more, and everyone else goes on.

use std::num::NonZero;
use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use glassgpt_lab::protocol::{Command, ServerMessage};
use glassgpt_server::{Limits, ServerOptions};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use crate::client::{Server, Socket, options, ours};
use crate::description::Description;

const PATIENCE: Duration = Duration::from_secs(120);

async fn limited(limits: Limits) -> Server {
    Server::with(ServerOptions { limits, ..options() }).await
}

async fn saying(server: &Server, text: &str) -> TcpStream {
    let mut stream = TcpStream::connect(server.address).await.expect("someone listens");
    stream.write_all(text.as_bytes()).await.expect("a few bytes always fit");
    stream
}

/// What is said until the connection is closed.
async fn all_that_is_said(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    let read = timeout(PATIENCE, stream.read_to_end(&mut text)).await.expect("it is closed");
    drop(read); // closed in anger is closed, too
    String::from_utf8_lossy(&text).into_owned()
}

async fn is_open(stream: &mut TcpStream) -> bool {
    timeout(Duration::from_millis(50), stream.read(&mut [0])).await.is_err()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_a_request_is_not_waited_for() {
    let server = limited(Limits { head_patience: Duration::from_millis(100), ..Limits::default() }).await;
    for beginning in ["", "GET /api/health HT", "GET /api/health HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Half: "] {
        let said = all_that_is_said(&mut saying(&server, beginning).await).await;
        assert_eq!(said, "", "to {beginning:?}");
    }
    // Nor is the next request, after one that was answered.
    let whole = "GET /api/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    let said = all_that_is_said(&mut saying(&server, whole).await).await;
    assert!(said.starts_with("HTTP/1.1 200"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_takes_its_time_is_not_cut_off() {
    let server = limited(Limits { head_patience: Duration::from_secs(2), ..Limits::default() }).await;
    let session = server.session("{}").await;
    let mut socket = server.socket(&session).await;
    socket.snapshot().await;
    tokio::time::sleep(Duration::from_secs(3)).await; // longer than a request may take to come in
    socket.command(1, Command::Step).await;
    socket.done(1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_silent_make_room() {
    let server = limited(Limits { connections: 3, ..Limits::default() }).await;
    let mut silent = Vec::new();
    for _ in 0..3 {
        silent.push(saying(&server, "GET / HTTP/1.1\r\n").await);
    }
    let health = server.get("/api/health").await;
    assert_eq!(health.status, 200);
    assert_eq!(all_that_is_said(&mut silent[0]).await, "", "it was silent for longest");
    assert!(is_open(&mut silent[2]).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_served_keeps_the_place() {
    let server = limited(Limits { connections: 2, ..Limits::default() }).await;
    let session = server.session("{}").await;
    let (mut one, mut two) = (server.socket(&session).await, server.socket(&session).await);
    let mut third = TcpStream::connect(server.address).await.expect("it is let in to be told");
    let said = all_that_is_said(&mut third).await;
    assert!(said.starts_with("HTTP/1.1 503") && said.contains("All connections are in use"), "{said}");
    for socket in [&mut one, &mut two] {
        socket.snapshot().await;
    }
    one.command(1, Command::Step).await;
    one.done(1).await;
    drop((one, two));
    let began = Instant::now();
    while server.get("/api/health").await.status != 200 {
        assert!(began.elapsed() < PATIENCE, "the places are not given back");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_turned_away_hears_why_also_in_the_middle_of_what_it_says() {
    let server = limited(Limits { connections: 1, ..Limits::default() }).await;
    let session = server.session("{}").await;
    let _socket = server.socket(&session).await;
    for _ in 0..200 {
        assert_eq!(server.get("/api/health").await.status, 503);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_may_ask_only_so_often() {
    let server = limited(Limits { per_second: NonZero::new(1).expect("one"), ..Limits::default() }).await;
    let described = Description::of(&server).await;
    assert_eq!(server.get("/api/v1/health").await.status, 200);
    // However slow the machine is, some two requests come within one second.
    let refused = loop {
        let answer = server.get("/api/v1/health").await;
        if answer.status != 200 {
            break answer;
        }
    };
    refused.is_problem(429, "too-often", None, "at most 1 a second");
    described.check("get", "/api/v1/health", &refused);
    assert!(refused.head.to_lowercase().contains("retry-after: 1"), "{}", refused.head);
    while server.get("/api/v1/health").await.status != 200 {
        tokio::time::sleep(Duration::from_millis(100)).await; // it may again
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_socket_may_say_only_so_much() {
    let per_second = NonZero::new(20).expect("twenty");
    let server = limited(Limits { per_second, ..Limits::default() }).await;
    let session = server.session("{}").await;
    let mut socket = server.socket(&session).await;
    socket.snapshot().await;
    for id in 1..=100 {
        socket.command(id, Command::Pause).await;
    }
    let refusal = loop {
        if let ServerMessage::Refused { id, refusal } = socket.next().await {
            assert!(id.is_some_and(|id| id > 40), "{id:?}: two seconds' worth are taken at once");
            break refusal;
        }
    };
    assert!(refusal.message.contains("at most 20 a second"), "{refusal:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_comes_together_is_sent_together_every_event_once() {
    const STEPS: u32 = 400;
    let server = Server::start().await;
    let session = server.session("{}").await;
    let (mut teacher, mut pupil) = (server.socket(&session).await, server.socket(&session).await);
    teacher.snapshot().await;
    let mut seq = pupil.snapshot().await.seq;
    for id in 1..=STEPS {
        teacher.command(id, Command::Step).await;
    }
    let mut events = 0;
    while events < STEPS {
        let told = match pupil.frame().await {
            ServerMessage::Event(event) => vec![*event],
            ServerMessage::Events { events } => events,
            other => panic!("no snapshot was needed: {other:?}"),
        };
        events += u32::try_from(told.len()).expect("a few");
        for event in told {
            assert_eq!(event.seq, seq + 1, "every event, once, in order");
            seq = event.seq;
        }
    }
}

/// Sends pings until the server hears no more.
async fn ping_until_closed(socket: &mut Socket) {
    let ping = Message::Ping(vec![b'!'; 125].into());
    let flood = async { while socket.stream.send(ping.clone()).await.is_ok() {} };
    timeout(PATIENCE, flood).await.expect("the server closes the socket");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pings_count_as_messages() {
    let per_second = NonZero::new(20).expect("twenty");
    let server = limited(Limits { per_second, ..Limits::default() }).await;
    let session = server.session("{}").await;
    for path in [format!("{}/socket", ours(&session)), session.replace("/api/session/", "/ws/")] {
        let stream = TcpStream::connect(server.address).await.expect("someone listens");
        let mut socket = server.socket_at(&path, stream).await;
        // A ping, its pong, and so on: far more than twenty a second.
        let close = loop {
            socket.stream.send(Message::Ping(vec![].into())).await.expect("it is open until it is told");
            let message = loop {
                let message = socket.stream.next().await.expect("it says why it closes").expect("in whole frames");
                if matches!(message, Message::Pong(_) | Message::Close(_)) {
                    break message;
                }
            };
            if let Message::Close(close) = message {
                break close.expect("it says why");
            }
        };
        assert_eq!(close.code, CloseCode::Policy, "{path}: {close:?}");
        assert!(close.reason.contains("at most 20 a second"), "{path}: {close:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pongs_do_not_pile_up_for_a_client_that_does_not_read() {
    let limits = Limits {
        per_second: NonZero::new(1_000_000_000).expect("more than anyone sends"),
        send_patience: Duration::from_millis(100),
        ..Limits::default()
    };
    let server = Server::with_small_buffers_and(ServerOptions { limits, ..options() }).await;
    let session = server.session("{}").await;
    for path in [format!("{}/socket", ours(&session)), session.replace("/api/session/", "/ws/")] {
        let mut socket = server.socket_at(&path, server.slow_stream().await).await;
        ping_until_closed(&mut socket).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_socket_that_does_not_answer_gives_its_place_back() {
    let limits = Limits { clients_per_session: 1, keep_alive: Duration::from_millis(50), ..Limits::default() };
    let server = limited(limits).await;
    let session = server.session("{}").await;
    let silent = server.socket(&session).await; // nobody reads it, so nobody answers
    let gone = async {
        while server.get(&ours(&session)).await.json()["clients"] != 0 {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, gone).await.expect("its place is given back");
    drop(silent);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_socket_that_only_listens_stays() {
    let server = limited(Limits { keep_alive: Duration::from_secs(2), ..Limits::default() }).await;
    let session = server.session("{}").await;
    let mut listener = server.socket(&session).await;
    listener.snapshot().await;
    let asked = async {
        for _ in 0..2 {
            while !matches!(listener.stream.next().await, Some(Ok(Message::Ping(_)))) {} // reading answers it
        }
    };
    timeout(PATIENCE, asked).await.expect("it is asked, and asked again");
    listener.command(1, Command::Step).await;
    listener.done(1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_sites_page_does_not_use_up_the_allowance() {
    let server = limited(Limits { per_second: NonZero::new(1).expect("one"), ..Limits::default() }).await;
    for _ in 0..20 {
        let answer = server.send("GET", "/api/v1/health", "Origin: https://evil.example\r\n", "").await;
        assert_eq!(answer.status, 403);
    }
    assert_eq!(server.get("/api/v1/health").await.status, 200);
}

/// The head of a text message of so many bytes, masked with zeros.
fn head_of(bytes: u64) -> Vec<u8> {
    [&[0x81, 0x80 | 127][..], &bytes.to_be_bytes(), &[0; 4]].concat()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_without_its_end_is_not_waited_for() {
    let limits = Limits { message_patience: Duration::from_millis(200), ..Limits::default() };
    let server = limited(limits).await;
    let session = server.session("{}").await;
    let mut socket = server.socket(&session).await;
    let half = [head_of(1 << 20), vec![b'['; 1 << 19]].concat();
    socket.stream.get_mut().write_all(&half).await.expect("the server reads it");
    let close = socket.end().await;
    assert!(close.code == CloseCode::Protocol && close.reason.contains("within 0.2 s"), "{close:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_is_not_read_takes_its_memory_from_all() {
    let model = |session: &str| format!("{}/model.json", ours(session));
    let length = {
        let server = Server::start().await;
        let session = server.session("{}").await;
        server.step(&session).await;
        server.get(&model(&session)).await.body.len()
    };
    // One fits, and two do not.
    let limits = Limits { bytes_in_flight: length * 3 / 2, ..Limits::default() };
    let server = Server::with_small_buffers_and(ServerOptions { limits, ..options() }).await;
    let session = server.session("{}").await;
    server.step(&session).await;
    let path = model(&session);
    let mut slow = server.slow_stream().await;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", server.address);
    slow.write_all(request.as_bytes()).await.expect("a few bytes always fit");
    slow.readable().await.expect("it is being answered");
    let refused = server.get(&path).await;
    refused.is_problem(503, "no-resources", None, "no more fit into memory");
    assert!(refused.head.to_lowercase().contains("retry-after: 1"), "{}", refused.head);
    assert_eq!(server.get(&ours(&session)).await.status, 200, "short answers need none of it");
    let whole = all_that_is_said(&mut slow).await;
    assert!(whole.len() > length && whole.starts_with("HTTP/1.1 200"), "nothing is lost: {}", whole.len());
    while server.get(&path).await.status != 200 {}
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn heads_are_small() {
    let server = Server::start().await;
    let head = format!("GET /api/health HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: {}", "a".repeat(80_000));
    let mut stream = TcpStream::connect(server.address).await.expect("someone listens");
    drop(stream.write_all(head.as_bytes()).await); // it may be cut off in the middle
    let said = all_that_is_said(&mut stream).await;
    assert!(said.is_empty() || said.starts_with("HTTP/1.1 431"), "{said}");
}
