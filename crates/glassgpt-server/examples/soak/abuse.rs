//! Strangers who send what nobody should, while others work: the server stays up, answers, and gets its memory back.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use hyper::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};
use tokio_tungstenite::tungstenite::Message;

use crate::crowd::health;
use crate::http::Http;
use crate::keeper::{SHORT, forget, keep, run_new};
use crate::lab::Lab;
use crate::plan::Plan;
use crate::report::Part;
use crate::talk::Talk;
use crate::times::Within;

/// Sessions that train meanwhile.
const RUNNING: usize = 8;

/// Longer than any request may be.
const OVERSIZE: usize = 7 << 20;

/// Large and allowed, and sent by many at the same time.
const LARGE: usize = 6 << 20;

/// How many send one.
const LARGE_AT_ONCE: usize = 24;

/// Memory, in MiB, that a server without sessions may have beyond what it began with, whatever it has been through: an
/// allocator gives back whole pages only.
const KEPT: f64 = 48.0;

/// How long memory may take to come back.
const RECOVERY: Duration = Duration::from_secs(30);

/// Sends it all.
///
/// # Errors
/// If the server does not do as told.
pub(crate) async fn abuse(lab: &Lab, plan: &Plan) -> Result<Part> {
    let mut part = Part::new("abused while sessions train");
    let address = lab.address;
    let mut http = Http::connect(address).await?;
    let mut sessions = Vec::new();
    for _ in 0..RUNNING {
        sessions.push(run_new(address, &mut http, SHORT).await?);
    }
    let time = Duration::from_secs_f64(plan.seconds / 2.0);
    let (told, trained, health) = tokio::join!(
        harm(address, plan, &sessions[0], time),
        keep(address, &sessions, SHORT, time),
        health(address, time)
    );
    let (wrong, requests) = told?;
    part.tell("sessions that train meanwhile", RUNNING as f64, "");
    part.tell("requests that must be refused", f64::from(requests), "");
    part.at_most("… not refused as they must be", wrong.len() as f64, "", 0.0);
    wrong.into_iter().take(5).for_each(|fault| part.fault(fault));
    part.tell("connections left open, silent or in mid-sentence", plan.strangers as f64, "");
    part.fast("trained meanwhile", trained?.rate(), "steps/s", 1.0);
    health?.tell(&mut part, "health meanwhile", Within::Whatever);
    // What they have learnt takes memory by right; it goes with them.
    forget(&mut http, &sessions).await?;
    http.get("/api/health").await?.read::<Value>().context("it does not answer any more")?;
    if let Some(fresh) = lab.fresh_memory {
        let (began, mut after) = (Instant::now(), lab.memory().context("it has ended")?);
        while after > fresh + KEPT && began.elapsed() < RECOVERY {
            sleep(Duration::from_millis(200)).await;
            after = lab.memory().context("it has ended")?;
        }
        part.tell("memory when it began to listen", fresh, "MiB");
        part.tell("memory at most so far", lab.most_memory().unwrap_or_default(), "MiB");
        part.tell("waited for memory to come back", began.elapsed().as_secs_f64(), "s");
        part.little("memory that did not come back", after - fresh, "MiB", KEPT);
    }
    Ok(part)
}

/// What went wrong, and how much was tried.
type Told = (Vec<String>, u32);

async fn harm(address: SocketAddr, plan: &Plan, session: &str, time: Duration) -> Result<Told> {
    let began = Instant::now();
    // They stay open until all the rest is over.
    let silent = strangers(address, plan.strangers).await?;
    let (mut wrong, mut requests) = (Vec::new(), 0);
    while began.elapsed() < time || requests == 0 {
        for (faults, n) in [refused(address, session).await?, on_sockets(address, session).await?] {
            wrong.extend(faults);
            requests += n;
        }
        let large = (0..LARGE_AT_ONCE).map(|_| oversize(address, LARGE, "422"));
        let large = futures_util::future::join_all(large).await;
        requests += u32::try_from(large.len())?;
        wrong.extend(large.into_iter().filter_map(Result::err).map(|error| format!("{error:#}")));
    }
    drop(silent);
    Ok((wrong, requests))
}

/// Connections that say nothing, begin a request, or promise a body that never comes.
async fn strangers(address: SocketAddr, n: usize) -> Result<Vec<TcpStream>> {
    let host = format!("Host: {address}\r\n");
    let beginnings = [
        String::new(),
        format!("GET /api/health HTTP/1.1\r\n{host}X-Half: "),
        format!("POST /api/session/start HTTP/1.1\r\n{host}Content-Length: 5000\r\n\r\n{{\"seed\""),
    ];
    let mut streams = Vec::new();
    for beginning in beginnings.iter().cycle().take(n) {
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(beginning.as_bytes()).await?;
        streams.push(stream);
    }
    Ok(streams)
}

/// Requests that must be refused, each with its own status.
async fn refused(address: SocketAddr, session: &str) -> Result<Told> {
    let mut http = Http::connect(address).await?;
    let (start, step) = ("/api/session/start".to_string(), format!("/api/session/{session}/step"));
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let cases = [
        (Method::POST, &start, r#"{"n_embd": "#.to_string(), 400),
        (Method::POST, &start, "\u{0}\u{1}\u{2}".to_string(), 400),
        (Method::POST, &start, r#"{"colour": "red"}"#.to_string(), 422),
        (Method::POST, &start, r#"{"n_embd": "wide"}"#.to_string(), 422),
        (Method::POST, &start, r#"{"n_embd": 1e99}"#.to_string(), 422),
        (Method::POST, &start, r#"{"n_embd": 100000}"#.to_string(), 400),
        (Method::POST, &start, r#"{"num_steps": 4000000000}"#.to_string(), 400),
        (Method::POST, &start, format!(r#"{{"spec": {deep}}}"#), 422),
        (Method::POST, &format!("/api/session/{session}/run"), r#"{"steps": -1}"#.to_string(), 422),
        (Method::POST, &format!("/api/session/{session}/sample"), r#"{"num_samples": 101}"#.to_string(), 422),
        (Method::GET, &format!("/api/session/{}", "x".repeat(4000)), String::new(), 404),
        (Method::GET, &"/api/session/..%2f..%2fetc%2fpasswd".to_string(), String::new(), 404),
        (Method::DELETE, &step, String::new(), 405),
        (Method::GET, &"/api/v1/sessions/nobody/socket".to_string(), String::new(), 400),
    ];
    let (mut wrong, n) = (Vec::new(), u32::try_from(cases.len())?);
    for (method, path, body, status) in cases {
        let shown: String = body.chars().take(40).collect();
        let answer = http.send(method.clone(), path, body).await?;
        if answer.status != status {
            wrong.push(format!("{method} {path:.40} with {shown:?} gives {}: {:.200}", answer.status, answer.text()));
        }
    }
    if let Err(error) = oversize(address, OVERSIZE, "413").await {
        wrong.push(format!("{error:#}"));
    }
    Ok((wrong, n + 1))
}

/// Sends a large body, which must be answered, even if not read to its end.
async fn oversize(address: SocketAddr, bytes: usize, status: &str) -> Result<()> {
    let mut stream = TcpStream::connect(address).await?;
    let head = format!("POST /api/session/start HTTP/1.1\r\nHost: {address}\r\nContent-Length: {bytes}\r\n\r\n");
    stream.write_all(head.as_bytes()).await?;
    let chunk = vec![b'['; 64 << 10];
    let mut left = bytes;
    while left > 0 {
        let n = left.min(chunk.len());
        if stream.write_all(&chunk[..n]).await.is_err() {
            return Ok(()); // it hung up on us, as it may
        }
        left -= n;
    }
    let mut answer = [0; 12];
    let read = timeout(Duration::from_secs(120), stream.read_exact(&mut answer)).await;
    match read.with_context(|| format!("a body of {bytes} bytes is not answered"))? {
        Ok(_) if answer.ends_with(status.as_bytes()) => Ok(()),
        Ok(_) => anyhow::bail!("a body of {bytes} bytes gives {}", String::from_utf8_lossy(&answer)),
        Err(_) if bytes == OVERSIZE => Ok(()), // likewise
        Err(error) => Err(error).with_context(|| format!("a body of {bytes} bytes")),
    }
}

/// Sockets that say what cannot be understood: each is told so, or hears no more.
async fn on_sockets(address: SocketAddr, session: &str) -> Result<Told> {
    let unreadable = [
        Message::text("what?"),
        Message::text(r#"{"id": 1, "command": {"type": "explode"}}"#),
        Message::text(r#"{"id": 1, "command": {"type": "step"}, "question": {"type": "snapshot"}}"#),
        Message::text(json!({ "id": 1, "command": { "type": "step", "colour": "red" } }).to_string()),
        Message::text("[".repeat(200_000)),
        Message::binary(vec![255; 1000]),
        Message::text(" ".repeat(OVERSIZE)),
        Message::text(" ".repeat(2 * OVERSIZE)),
    ];
    let (mut wrong, n) = (Vec::new(), u32::try_from(unreadable.len())? + 1);
    for (i, message) in unreadable.into_iter().enumerate() {
        let mut talk = Talk::open(address, session).await?;
        let answered = async {
            talk.say(message).await?;
            loop {
                let text = talk.next().await?;
                if text.starts_with(r#"{"type":"refused""#) {
                    return anyhow::Ok(());
                }
            }
        };
        match timeout(Duration::from_secs(120), answered).await {
            Ok(Err(_)) if i + 2 < n as usize => wrong.push(format!("a socket was closed by message {i}")),
            Ok(_) => {}
            Err(_) => wrong.push(format!("a socket said nothing to message {i}")),
        }
    }
    // No WebSocket frame at all.
    let mut stream = TcpStream::connect(address).await?;
    let key = "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    let head = format!("GET /api/v1/sessions/{session}/socket HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\n");
    stream.write_all(format!("{head}Upgrade: websocket\r\n{key}\r\n").as_bytes()).await?;
    stream.write_all(&[0xff; 4096]).await?;
    let mut heard = Vec::new();
    if timeout(Duration::from_secs(120), stream.read_to_end(&mut heard)).await.is_err() {
        wrong.push("a socket that sends no frames is kept open".to_string());
    }
    Ok((wrong, n))
}
