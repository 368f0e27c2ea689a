//! Requests to the server over a connection that stays open, as a browser keeps it, and is opened anew if the server closed it
//! while there was nothing to say.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use glassgpt_lab::protocol::Command;
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::HOST;
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// How long an answer may take before the server counts as stuck.
const PATIENCE: Duration = Duration::from_secs(120);

/// A connection.
pub(crate) struct Http {
    requests: SendRequest<Full<Bytes>>,
    address: SocketAddr,
}

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    body: Bytes,
}

impl Answer {
    /// Its body, if it is a success.
    ///
    /// # Errors
    /// If it is none, or of another shape.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T> {
        if !(200..300).contains(&self.status) {
            bail!("the server answers {}: {}", self.status, self.text());
        }
        serde_json::from_slice(&self.body).context("the answer is not what was expected")
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// How a session stands, by the short answer.
pub(crate) struct Standing {
    pub(crate) step: u32,
    pub(crate) running: bool,
}

impl Http {
    /// Connects.
    ///
    /// # Errors
    /// If nobody listens.
    pub(crate) async fn connect(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (requests, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(async move { drop(connection.await) });
        Ok(Self { requests, address })
    }

    /// Asks, and waits for the whole answer.
    ///
    /// # Errors
    /// If none comes.
    pub(crate) async fn send(&mut self, method: Method, path: &str, body: impl Into<Bytes>) -> Result<Answer> {
        if self.requests.is_closed() {
            *self = Self::connect(self.address).await?;
        }
        let request = Request::builder().method(method).uri(path).header(HOST, self.address.to_string());
        let request = request.body(Full::new(body.into()))?;
        let answer = async {
            self.requests.ready().await?;
            let response = self.requests.send_request(request).await?;
            let status = response.status().as_u16();
            Ok(Answer { status, body: response.into_body().collect().await?.to_bytes() })
        };
        timeout(PATIENCE, answer).await.with_context(|| format!("no answer to {path}"))?
    }

    pub(crate) async fn get(&mut self, path: &str) -> Result<Answer> {
        self.send(Method::GET, path, Bytes::new()).await
    }

    pub(crate) async fn post(&mut self, path: &str, body: &Value) -> Result<Answer> {
        self.send(Method::POST, path, body.to_string()).await
    }

    /// A new session; returns its name.
    pub(crate) async fn start(&mut self, request: &Value) -> Result<String> {
        let answer: Value = self.post("/api/session/start", request).await?.read()?;
        answer["session_id"].as_str().map(String::from).context("a session has a name")
    }

    /// Has a command carried out, by our own interface: the older ones add what they need to see.
    pub(crate) async fn command(&mut self, session: &str, command: &Command) -> Result<Answer> {
        self.send(Method::POST, &format!("/api/v1/sessions/{session}/commands"), serde_json::to_string(command)?).await
    }

    /// How a session stands.
    pub(crate) async fn standing(&mut self, session: &str) -> Result<Standing> {
        let answer: Value = self.get(&format!("/api/session/{session}")).await?.read()?;
        let step = answer["metadata"]["step"].as_u64().and_then(|step| u32::try_from(step).ok());
        let running = answer["running"].as_bool();
        step.zip(running).map(|(step, running)| Standing { step, running }).context("a session has a step")
    }

    /// Waits until a session stands still.
    pub(crate) async fn rest(&mut self, session: &str) -> Result<Standing> {
        for _ in 0..10_000 {
            let standing = self.standing(session).await?;
            if !standing.running {
                return Ok(standing);
            }
            tokio::time::sleep(Duration::from_millis(3)).await;
        }
        bail!("session {session} does not come to rest")
    }

    pub(crate) async fn pause(&mut self, session: &str) -> Result<()> {
        self.post(&format!("/api/session/{session}/pause"), &json!({})).await?.read::<Value>().map(drop)
    }
}
