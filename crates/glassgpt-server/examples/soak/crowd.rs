//! One session alone, and then a crowd: how much is trained in all, how fairly, and how soon the server answers meanwhile.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::Result;
use fastrand::Rng;
use glassgpt_lab::Question;
use serde_json::{Value, json};
use tokio::time::{MissedTickBehavior, interval, sleep};

use crate::http::Http;
use crate::keeper::{LONG, SHORT, forget, keep, run_again, run_new};
use crate::lab::Lab;
use crate::plan::Plan;
use crate::report::Part;
use crate::talk::{Talk, set_running};
use crate::times::{Times, Within};

/// How often someone asks whether the server is well.
const HEALTH_EVERY: Duration = Duration::from_millis(10);

/// How often a session is told to pause.
const PAUSES: usize = 50;

/// What one session alone trains in a second.
///
/// # Errors
/// If the server does not do as told.
pub(crate) async fn alone(address: SocketAddr, plan: &Plan) -> Result<(Part, f64)> {
    let mut part = Part::new("one session alone");
    let mut http = Http::connect(address).await?;
    let sessions = [run_new(address, &mut http, LONG).await?];
    let trained = keep(address, &sessions, LONG, Duration::from_secs_f64(plan.seconds / 4.0)).await?;
    forget(&mut http, &sessions).await?;
    part.tell("trained, flat out", trained.rate(), "steps/s");
    Ok((part, trained.rate()))
}

/// The crowd.
///
/// # Errors
/// If the server does not do as told.
pub(crate) async fn crowd(lab: &Lab, plan: &Plan, alone: f64) -> Result<Part> {
    let mut part = Part::new("a crowd of sessions, all flat out");
    let address = lab.address;
    let mut http = Http::connect(address).await?;
    let mut sessions = Vec::new();
    for _ in 0..plan.sessions {
        sessions.push(run_new(address, &mut http, SHORT).await?);
    }
    sleep(Duration::from_secs_f64(plan.seconds / 20.0)).await;
    let time = Duration::from_secs_f64(plan.seconds);
    let (trained, health) = tokio::join!(keep(address, &sessions, SHORT, time), health(address, time));
    let (trained, health) = (trained?, health?);
    let (least, most) = (trained.steps.iter().min(), trained.steps.iter().max());
    let (least, most) = (least.copied().unwrap_or(0), most.copied().unwrap_or(0));
    part.tell("sessions", sessions.len() as f64, "");
    part.tell("trained by all", trained.rate(), "steps/s");
    part.fast("… in per cent of one alone", 100.0 * trained.rate() / alone, "%", 90.0);
    part.tell("least trained", f64::from(least), "steps");
    part.tell("most trained", f64::from(most), "steps");
    part.fast("… least in per cent of most", 100.0 * f64::from(least) / f64::from(most.max(1)), "%", 50.0);
    health.tell(&mut part, "health, asked 100 times a second", Within::P99(50.0));

    let mut rng = Rng::with_seed(plan.seed);
    let mut pauses = Times::default();
    for _ in 0..PAUSES {
        let session = &sessions[rng.usize(..sessions.len())];
        pause(address, &mut http, session, &mut pauses, &mut part).await?;
    }
    pauses.tell(&mut part, "pause: answered and standing still", Within::Latest(100.0));
    single(address, &mut http, &mut part).await?;
    if let Some(memory) = lab.memory() {
        part.tell("memory of the server", memory, "MiB");
    }
    forget(&mut http, &sessions).await?;
    Ok(part)
}

/// Asks whether the server is well, for a while. A time counts from when the question was due, whoever was late.
///
/// # Errors
/// If it is not.
pub(crate) async fn health(address: SocketAddr, time: Duration) -> Result<Times> {
    let mut http = Http::connect(address).await?;
    let (mut times, mut ticks, began) = (Times::default(), interval(HEALTH_EVERY), Instant::now());
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    while began.elapsed() < time {
        let due = ticks.tick().await;
        http.get("/api/health").await?.read::<Value>()?;
        times.add(due.elapsed());
    }
    Ok(times)
}

/// Pauses a session, sees that it stands still, and lets it go on.
async fn pause(address: SocketAddr, http: &mut Http, session: &str, times: &mut Times, part: &mut Part) -> Result<()> {
    let began = Instant::now();
    http.pause(session).await?;
    let paused = http.standing(session).await?;
    times.add(began.elapsed());
    sleep(Duration::from_millis(20)).await;
    let later = http.standing(session).await?;
    if paused.running || later.running || paused.step != later.step {
        part.fault(format!("a paused session went on from step {} to {}", paused.step, later.step));
    }
    if paused.step == SHORT { run_again(address, http, session).await } else { set_running(address, session).await }
}

/// Someone trains step by step and asks questions while the crowd trains.
async fn single(address: SocketAddr, http: &mut Http, part: &mut Part) -> Result<()> {
    let session = http.start(&json!({})).await?;
    let mut talk = Talk::open(address, &session).await?;
    let (mut steps, mut questions) = (Times::default(), Times::default());
    let addresses = vec!["loss".parse()?, "p0/probs".parse()?];
    for _ in 0..PAUSES {
        let began = Instant::now();
        http.post(&format!("/api/session/{session}/step"), &json!({})).await?.read::<Value>()?;
        steps.add(began.elapsed());
        let began = Instant::now();
        talk.question(Question::Read { addresses: addresses.clone() }).await?;
        questions.add(began.elapsed());
    }
    steps.tell(part, "a single step", Within::Whatever);
    questions.tell(part, "a question", Within::Whatever);
    Ok(())
}
