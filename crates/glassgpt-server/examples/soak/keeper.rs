//! Keeps sessions training flat out, and counts what they train.
//!
//! Why kept: an experiment has at most 20,000 steps, which are done in less than a second.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::http::Http;
use crate::talk::set_running;

/// As many steps as an experiment may have.
pub(crate) const STEPS: u32 = 20_000;

/// What some sessions trained in some time.
pub(crate) struct Trained {
    /// Of each session.
    pub(crate) steps: Vec<u32>,
    seconds: f64,
}

impl Trained {
    /// Steps a second, all together.
    pub(crate) fn rate(&self) -> f64 {
        self.steps.iter().map(|&steps| f64::from(steps)).sum::<f64>() / self.seconds
    }
}

/// A new session of the usual size and the greatest length.
pub(crate) async fn start(http: &mut Http) -> Result<String> {
    http.start(&json!({ "num_steps": STEPS })).await
}

/// Watches sessions train for a while, and begins anew with those that are done.
///
/// # Errors
/// If the server does not answer as it should.
pub(crate) async fn keep(address: SocketAddr, sessions: &[String], time: Duration) -> Result<Trained> {
    // Few sessions are done soon, so they are looked at often.
    let pause = Duration::from_millis((2 * sessions.len() as u64).clamp(5, 100));
    let mut http = Http::connect(address).await?;
    let mut last = steps(&mut http).await?;
    let mut trained = vec![0; sessions.len()];
    let began = Instant::now();
    loop {
        tokio::time::sleep(pause).await;
        let now = steps(&mut http).await?;
        for (session, trained) in sessions.iter().zip(&mut trained) {
            let step = *now.get(session).context("a session is missing from the list")?;
            *trained += step.saturating_sub(last.get(session).copied().unwrap_or(0));
            last.insert(session.clone(), step);
        }
        let seconds = began.elapsed().as_secs_f64();
        if seconds >= time.as_secs_f64() {
            return Ok(Trained { steps: trained, seconds });
        }
        for session in sessions {
            if last[session] < STEPS {
                continue;
            }
            http.post(&format!("/api/session/{session}/reset"), &json!({})).await?.read::<Value>()?;
            set_running(address, session).await?;
            last.insert(session.clone(), 0);
        }
    }
}

async fn steps(http: &mut Http) -> Result<HashMap<String, u32>> {
    let list: Value = http.get("/api/sessions").await?.read()?;
    let entry = |entry: &Value| {
        let step = u32::try_from(entry["step"].as_u64()?).ok()?;
        Some((entry["session_id"].as_str()?.to_string(), step))
    };
    list["sessions"].as_array().context("the list is a list")?.iter().map(entry).collect::<Option<_>>().context("steps")
}
