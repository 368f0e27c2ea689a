//! One person who works on a session, over HTTP and over its socket, and keeps count of what was acknowledged.
//!
//! Why one session each: what it must be follows from the order of its commands, and only one who gives them all knows it.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use fastrand::Rng;
use glassgpt_core::{Config, Preset, Sampling, Schedule};
use glassgpt_lab::intervention::Intervention;
use glassgpt_lab::protocol::{Command, CorpusSource, Phase, Snapshot, Spec};
use serde_json::json;
use tokio::time::sleep;

use crate::http::Http;
use crate::talk::{Said, Talk};
use crate::twin::{Act, Twin, parameters};

/// Steps of an experiment here: few enough to do all of it again in no time.
const STEPS: u32 = 300;

/// Commands after which a session is left as it is, and another begun.
const ENOUGH: usize = 40;

/// A session, and what it must be.
pub(crate) struct Owned {
    pub(crate) id: String,
    twin: Twin,
    /// Sent, and not acknowledged.
    pending: Option<Command>,
    /// A pause was acknowledged, and nobody saw where the session stood then.
    paused_somewhere: bool,
}

/// The person.
pub(crate) struct Writer {
    rng: Rng,
    sessions: Vec<Owned>,
    /// Commands that the server said were done.
    pub(crate) acknowledged: u32,
    /// Sessions at which one was under way when the server was killed, and was found to have been written down.
    pub(crate) unheard: u32,
}

/// Why work came to an end.
pub(crate) enum Stop {
    /// The connection broke: the server was killed.
    Cut,
    /// Something that must not be.
    Wrong(anyhow::Error),
}

impl Writer {
    pub(crate) fn new(seed: u64) -> Self {
        Self { rng: Rng::with_seed(seed), sessions: Vec::new(), acknowledged: 0, unheard: 0 }
    }

    /// How many sessions it has begun.
    pub(crate) fn n_sessions(&self) -> usize {
        self.sessions.len()
    }

    /// Works until the connection breaks.
    pub(crate) async fn work(&mut self, address: SocketAddr) -> Stop {
        let Ok(mut http) = Http::connect(address).await else { return Stop::Cut };
        loop {
            if self.sessions.last().is_none_or(|owned| owned.twin.commands() >= ENOUGH)
                && let Err(stop) = self.begin(&mut http).await
            {
                return stop;
            }
            let Some(owned) = self.sessions.last_mut() else { continue };
            let Ok(mut talk) = Talk::open(address, &owned.id).await else { return Stop::Cut };
            // A few over the same socket, as a page does it.
            for _ in 0..5 {
                if let Err(stop) = owned.go_on(&mut self.rng, &mut http, &mut talk, &mut self.acknowledged).await {
                    return stop;
                }
            }
        }
    }

    async fn begin(&mut self, http: &mut Http) -> Result<(), Stop> {
        let config = Config { steps: STEPS, seed: self.rng.i64(0..1_000_000), ..Preset::Blog.config() };
        let spec = Spec::new(config, CorpusSource::Named { name: "names".into() });
        let id = http.start(&json!({ "spec": spec })).await.map_err(|_| Stop::Cut)?;
        let twin = Twin::new(spec).map_err(Stop::Wrong)?;
        self.acknowledged += 1;
        self.sessions.push(Owned { id, twin, pending: None, paused_somewhere: false });
        Ok(())
    }

    /// Looks whether the sessions are what they must be: the last one, or all of them.
    ///
    /// # Errors
    /// What was lost or changed.
    pub(crate) async fn check(&mut self, address: SocketAddr, all: bool) -> Result<()> {
        let mut http = Http::connect(address).await?;
        let first = if all { 0 } else { self.sessions.len().saturating_sub(1) };
        for owned in &mut self.sessions[first..] {
            let id = owned.id.clone();
            let unheard = owned.check(&mut http, address).await.with_context(|| format!("session {id}"))?;
            self.unheard += u32::from(unheard);
        }
        Ok(())
    }
}

impl Owned {
    /// Gives one more command.
    async fn go_on(
        &mut self,
        rng: &mut Rng,
        http: &mut Http,
        talk: &mut Talk,
        acknowledged: &mut u32,
    ) -> Result<(), Stop> {
        let command = choose(rng, &self.twin);
        self.give(command.clone(), rng, http, talk, acknowledged).await?;
        let Command::Run { pace, .. } = command else { return Ok(()) };
        if pace.is_some() {
            sleep(Duration::from_millis(rng.u64(0..150))).await;
            self.give_over(Command::Pause, rng, http, talk).await?;
            self.paused_somewhere = true;
            *acknowledged += 1;
        }
        let standing = http.rest(&self.id).await.map_err(|_| Stop::Cut)?;
        self.settle(standing.step).map_err(Stop::Wrong)
    }

    /// It stands after so many steps, at rest.
    fn settle(&mut self, step: u32) -> Result<()> {
        if self.paused_somewhere {
            self.twin.act(Act::Trained(step))?;
            self.twin.act(Act::Command(Command::Pause))?;
            self.paused_somewhere = false;
        }
        self.twin.act(Act::Rested)
    }

    async fn give(
        &mut self,
        command: Command,
        rng: &mut Rng,
        http: &mut Http,
        talk: &mut Talk,
        acknowledged: &mut u32,
    ) -> Result<(), Stop> {
        self.give_over(command.clone(), rng, http, talk).await?;
        *acknowledged += 1;
        self.twin.act(Act::Command(command)).map_err(Stop::Wrong)
    }

    /// Sends a command by one way or the other, and waits until it is said to be done.
    async fn give_over(
        &mut self,
        command: Command,
        rng: &mut Rng,
        http: &mut Http,
        talk: &mut Talk,
    ) -> Result<(), Stop> {
        self.pending = Some(command.clone());
        let by_http = rng.bool();
        let said = if by_http {
            match http.command(&self.id, &command).await {
                Ok(answer) if answer.status == 200 => Ok(Said::Done),
                Ok(answer) => Ok(Said::Refused(answer.text().into())),
                Err(error) => Err(error),
            }
        } else {
            talk.command(command.clone()).await
        };
        match said {
            Ok(Said::Done) => {
                self.pending = None;
                Ok(())
            }
            Ok(Said::Refused(why)) => Err(Stop::Wrong(anyhow::anyhow!("{command:?} was refused: {why}"))),
            Err(_) => Err(Stop::Cut),
        }
    }

    /// Looks whether it is what it must be. True if the command that was under way counts.
    async fn check(&mut self, http: &mut Http, address: SocketAddr) -> Result<bool> {
        let session = &self.twin.session;
        let least = if session.status().phase == Phase::Running { session.steps_done() } else { 0 };
        let first = http.standing(&self.id).await?;
        if first.step < least {
            bail!("it is at step {}, and had been told to go on from {least}", first.step);
        }
        let standing = http.rest(&self.id).await?;
        let readings = Talk::open(address, &self.id).await?.question(parameters()?).await?;
        let snapshot: Snapshot = http.get(&format!("/api/v1/sessions/{}/snapshot", self.id)).await?.read()?;
        let paused = [Act::Trained(standing.step), Act::Command(Command::Pause), Act::Rested];
        let courses = match (self.pending.take(), std::mem::take(&mut self.paused_somewhere)) {
            (None, true) => vec![paused.to_vec()],
            (None, false) => vec![vec![Act::Rested]],
            (Some(Command::Pause), _) => vec![vec![Act::Rested], paused.to_vec()],
            (Some(command), _) => vec![vec![Act::Rested], vec![Act::Command(command), Act::Rested]],
        };
        let mut differences = Vec::new();
        for (i, course) in courses.iter().enumerate() {
            match self.twin.and(course) {
                Ok(twin) => match twin.difference(snapshot.clone(), &readings)? {
                    None => {
                        self.twin = twin;
                        return Ok(i > 0);
                    }
                    Some(difference) => differences.push(difference),
                },
                Err(error) => differences.push(format!("{error:#}")),
            }
        }
        bail!("{} (the courses that were possible: {courses:?})", differences.join("; or "))
    }
}

/// A command that is possible now.
fn choose(rng: &mut Rng, twin: &Twin) -> Command {
    let session = &twin.session;
    let (step, branches) = (session.steps_done(), session.snapshot().branches);
    if branches.len() > 28 {
        return Command::Reset;
    }
    let can_train = matches!(session.status().phase, Phase::Ready | Phase::Paused);
    match rng.u32(0..12) {
        0 | 1 if can_train => Command::Step,
        2 | 3 if can_train => Command::Run { steps: Some(rng.u32(1..60)), pace: None },
        4 if can_train => Command::Run { steps: Some(rng.u32(1..60)), pace: Some(200) },
        5 => Command::SetLearningRate { learning_rate: f64::from(rng.u32(1..50)) / 1000.0 },
        6 => Command::SetSchedule { schedule: Schedule::ALL[rng.usize(..Schedule::ALL.len())] },
        7 => {
            let sampling = Sampling { temperature: 0.8, top_k: None, top_p: None };
            Command::Sample { count: rng.u32(1..6), sampling, prefix: "a".into() }
        }
        8 => Command::Fork { step: rng.u32(0..=step) },
        9 => Command::Intervene { intervention: Intervention::ZeroHead { layer: 0, head: rng.u32(0..4) } },
        10 => Command::UndoIntervention { id: None },
        _ => {
            let branch = &branches[rng.usize(..branches.len())];
            Command::Seek { branch: Some(branch.id), step: rng.u32(0..=branch.end) }
        }
    }
}
