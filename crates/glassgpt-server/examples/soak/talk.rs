//! A conversation over a session's socket, by someone who does not care for events.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use futures_util::{SinkExt, StreamExt};
use glassgpt_lab::Question;
use glassgpt_lab::protocol::{ClientMessage, Command};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};
use tokio_tungstenite::{WebSocketStream, client_async};

/// How long the server may be silent when it should speak.
const PATIENCE: Duration = Duration::from_secs(120);

/// A socket.
pub(crate) struct Talk {
    stream: WebSocketStream<TcpStream>,
    last_id: u32,
}

/// What the server says to a command.
#[derive(Debug)]
pub(crate) enum Said {
    Done,
    Refused(Value),
}

impl Talk {
    /// Connects to a session.
    ///
    /// # Errors
    /// If nobody listens, or it is no socket.
    pub(crate) async fn open(address: SocketAddr, session: &str) -> Result<Self> {
        Self::through(TcpStream::connect(address).await?, address, session).await
    }

    /// The same over a connection that is there already.
    pub(crate) async fn through(stream: TcpStream, address: SocketAddr, session: &str) -> Result<Self> {
        stream.set_nodelay(true)?;
        let request = format!("ws://{address}/api/v1/sessions/{session}/socket").into_client_request()?;
        let (stream, _) = timeout(PATIENCE, client_async(request, stream)).await.context("no handshake")??;
        Ok(Self { stream, last_id: 0 })
    }

    /// The next message.
    pub(crate) async fn next(&mut self) -> Result<Utf8Bytes> {
        loop {
            let message = timeout(PATIENCE, self.stream.next()).await.context("the socket is silent")?;
            match message.context("the socket is closed")?? {
                Message::Text(text) => return Ok(text),
                Message::Close(frame) => bail!("the socket was closed: {frame:?}"),
                _ => {}
            }
        }
    }

    pub(crate) async fn say(&mut self, message: Message) -> Result<()> {
        timeout(PATIENCE, self.stream.send(message)).await.context("the socket takes nothing")??;
        Ok(())
    }

    /// Has a command carried out.
    ///
    /// # Errors
    /// If the conversation ends before the answer.
    pub(crate) async fn command(&mut self, command: Command) -> Result<Said> {
        let answer = self.answer(Some(command), None).await?;
        Ok(if answer["type"] == "done" { Said::Done } else { Said::Refused(answer) })
    }

    /// Has a question answered.
    ///
    /// # Errors
    /// If it is refused, or the conversation ends before.
    pub(crate) async fn question(&mut self, question: Question) -> Result<Value> {
        let mut answer = self.answer(None, Some(question)).await?;
        if answer["type"] != "answered" {
            bail!("a question was refused: {answer}");
        }
        Ok(answer["answer"].take())
    }

    async fn answer(&mut self, command: Option<Command>, question: Option<Question>) -> Result<Value> {
        self.last_id += 1;
        let message = ClientMessage { id: self.last_id, command, question };
        self.say(Message::text(serde_json::to_string(&message)?)).await?;
        loop {
            let text = self.next().await?;
            let passed_over = [r#"{"type":"event""#, r#"{"type":"events""#, r#"{"type":"snapshot""#];
            if passed_over.iter().any(|start| text.starts_with(start)) {
                continue;
            }
            let answer: Value = serde_json::from_str(&text)?;
            if answer["id"] == self.last_id {
                return Ok(answer);
            }
        }
    }
}

/// Lets a session run to its end as fast as it can, unwatched.
///
/// # Errors
/// If it is refused.
pub(crate) async fn set_running(address: SocketAddr, session: &str) -> Result<()> {
    let said = Talk::open(address, session).await?.command(Command::Run { steps: None, pace: None }).await?;
    match said {
        Said::Done => Ok(()),
        Said::Refused(refusal) => bail!("a run was refused: {refusal}"),
    }
}
