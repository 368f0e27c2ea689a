//! Keeps sessions training flat out, and counts what they train.
//!
//! Why kept: an experiment has at most 20,000 steps, which are done in less than a second.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use hyper::Method;
use serde_json::{Value, json};

use crate::http::Http;
use crate::talk::set_running;

/// As many steps as an experiment may have: for one that is to train without a break.
pub(crate) const LONG: u32 = 20_000;

/// Steps of each of many: what is kept of them grows with the steps, to 70 MiB at the most, and must fit into memory.
pub(crate) const SHORT: u32 = 4_000;

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

/// A new session of the usual size, which runs at once.
///
/// # Errors
/// If the server does not do as told.
pub(crate) async fn run_new(address: SocketAddr, http: &mut Http, steps: u32) -> Result<String> {
    let session = http.start(&json!({ "num_steps": steps })).await?;
    set_running(address, &session).await?;
    Ok(session)
}

/// Begins again from step 0.
///
/// # Errors
/// If the server does not do as told.
pub(crate) async fn run_again(address: SocketAddr, http: &mut Http, session: &str) -> Result<()> {
    http.post(&format!("/api/session/{session}/reset"), &json!({})).await?.read::<Value>()?;
    set_running(address, session).await
}

/// Deletes them.
///
/// # Errors
/// If the server does not do as told.
pub(crate) async fn forget(http: &mut Http, sessions: &[String]) -> Result<()> {
    for session in sessions {
        let answer = http.send(Method::DELETE, &format!("/api/session/{session}"), "").await?;
        ensure!(answer.status == 204, "a session cannot be deleted: {}", answer.text());
    }
    Ok(())
}

/// Watches sessions train for a while, and begins anew with those that are done.
///
/// # Errors
/// If the server does not answer as it should.
pub(crate) async fn keep(address: SocketAddr, sessions: &[String], steps: u32, time: Duration) -> Result<Trained> {
    // Few sessions are done soon, so they are looked at often.
    let pause = Duration::from_millis((2 * sessions.len() as u64).clamp(5, 100));
    let mut http = Http::connect(address).await?;
    let mut last = list(&mut http).await?;
    let mut trained = vec![0; sessions.len()];
    let began = Instant::now();
    loop {
        tokio::time::sleep(pause).await;
        let now = list(&mut http).await?;
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
            if last[session] < steps {
                continue;
            }
            run_again(address, &mut http, session).await?;
            last.insert(session.clone(), 0);
        }
    }
}

/// After how many steps each session stands.
async fn list(http: &mut Http) -> Result<HashMap<String, u32>> {
    let list: Value = http.get("/api/sessions").await?.read()?;
    let entry = |entry: &Value| {
        let step = u32::try_from(entry["step"].as_u64()?).ok()?;
        Some((entry["session_id"].as_str()?.to_string(), step))
    };
    list["sessions"].as_array().context("the list is a list")?.iter().map(entry).collect::<Option<_>>().context("steps")
}
