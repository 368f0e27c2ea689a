//! What S4's sockets are told of a session: the lab's events, in S4's words.
//!
//! Why one `train_step` for every step: S4's page draws its curve from them. A run that S4's route started while someone
//! watched is looked into at every step; of any other run only the last step of a slice, so the others come without token events.
//!
//! A step that was asked for by itself is in the answer to whoever asked, so sockets hear only that the session has moved
//! on: S4's page counts every `train_step`, and would count its own twice.

use axum::extract::ws::Utf8Bytes;
use glassgpt_lab::Address;
use glassgpt_lab::protocol::{Event, Experiment, NumberedEvent, Phase, Snapshot, Status, StepRecord, StepView};
use serde::Serialize;
use tokio::time::Instant;

use super::attention_logits::{AttentionLogits, addresses};
use super::metadata::{Metadata, SamplesReply, SessionReply};
use super::train_step::TrainStep;

/// Follows a session and words what happens.
pub(crate) struct Teller {
    session_id: String,
    temperature: f64,
    experiment: Experiment,
    step: u32,
    /// The last event heard.
    seq: u32,
    running: bool,
    /// When the run began that is told of.
    run_began: Option<Instant>,
    /// When a run began whose end is to be told.
    run_ended: Option<Instant>,
    /// The last step of a slice, until what is watched in it has come.
    held: Option<Held>,
    /// What should be watched and is not yet.
    unwatched: Vec<Address>,
    /// Whether anything is watched that a step could be held for.
    watches: bool,
    messages: Vec<Utf8Bytes>,
}

struct Held {
    record: StepRecord,
    view: StepView,
    step_time_ms: Option<f64>,
}

/// A run began or ended.
#[derive(Serialize)]
struct RunStatus {
    #[serde(rename = "type")]
    kind: &'static str,
    running: bool,
    /// Whether all steps are done; not told at the beginning.
    #[serde(skip_serializing_if = "Option::is_none")]
    completed: Option<bool>,
    /// Why a run ended that could not go on.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

impl Teller {
    /// Begins with a snapshot.
    pub(crate) fn new(session_id: &str, temperature: f64, snapshot: Snapshot) -> Self {
        let watched: Vec<&Address> = snapshot.readings.iter().map(|reading| &reading.address).collect();
        let is_watched =
            |address: &Address| watched.iter().any(|watched| watched.name == address.name && watched.text.is_none());
        let mut unwatched = addresses(&snapshot.experiment.config);
        unwatched.retain(|address| !is_watched(address));
        Self {
            session_id: session_id.to_string(),
            temperature,
            step: snapshot.step,
            seq: snapshot.seq,
            run_began: None,
            run_ended: None,
            running: snapshot.status.phase == Phase::Running,
            experiment: snapshot.experiment,
            held: None,
            watches: unwatched.is_empty(),
            unwatched,
            messages: Vec::new(),
        }
    }

    /// What a newcomer is told first.
    pub(crate) fn greeting(&self) -> Vec<Utf8Bytes> {
        let status = RunStatus { kind: "run_status", running: true, completed: None, reason: None };
        let running = self.running.then(|| wire(&status));
        [self.session(None)].into_iter().chain(running).collect()
    }

    /// Tells everyone what newcomers are told: something has been missed.
    pub(crate) fn begin_anew(&mut self) {
        self.messages = self.greeting();
    }

    /// What is to be told since this was last asked.
    pub(crate) fn messages(&mut self) -> Vec<Utf8Bytes> {
        std::mem::take(&mut self.messages)
    }

    /// The last event heard.
    pub(crate) fn seq(&self) -> u32 {
        self.seq
    }

    /// When the run began whose end is to be told, if that was heard; asked once.
    pub(crate) fn short_run(&mut self) -> Option<Instant> {
        self.run_ended.take()
    }

    /// What should be watched and is not yet; asked once.
    pub(crate) fn unwatched(&mut self) -> Vec<Address> {
        std::mem::take(&mut self.unwatched)
    }

    /// From now on it is watched, or cannot be.
    pub(crate) fn watch(&mut self, watches: bool) {
        self.watches = watches;
    }

    /// Whether a step is held back until what is watched in it has come.
    pub(crate) fn holds(&self) -> bool {
        self.held.is_some()
    }

    /// What was waited for did not come: nothing is watched any more.
    pub(crate) fn give_up(&mut self) {
        self.watches = false;
        self.let_go(&AttentionLogits::default());
    }

    /// Something happened.
    pub(crate) fn hear(&mut self, NumberedEvent { seq, event }: NumberedEvent) {
        self.seq = seq;
        if let Event::Observed { readings } = &event {
            let step = self.held.as_ref().map_or(0, |held| held.record.step);
            return self.let_go(&AttentionLogits::of_step(step, readings));
        }
        self.let_go(&AttentionLogits::default());
        match event {
            Event::Trained { records, view, mean_step_us, .. } => self.trained(records, view, mean_step_us),
            Event::StatusChanged { status } => self.status_changed(status),
            Event::Sampled { samples } => self.messages.push(wire(&SamplesReply::new(samples))),
            Event::Started { experiment, .. } => self.begin(*experiment, 0),
            Event::Moved { step, .. } => {
                self.step = step;
                self.messages.push(self.session(Some(false)));
            }
            Event::Imported { snapshot, .. } => self.begin(snapshot.experiment, snapshot.step),
            Event::Forked { .. }
            | Event::SettingsChanged { .. }
            | Event::InterventionsChanged { .. }
            | Event::Observed { .. } => {}
        }
    }

    /// Tells of a step held back, with what is known of it.
    fn let_go(&mut self, logits: &AttentionLogits) {
        if let Some(Held { record, view, step_time_ms }) = self.held.take() {
            let figures = TrainStep::figures(&record, &self.experiment, step_time_ms);
            self.messages.push(wire(&figures.seen(&view, logits, &self.experiment)));
        }
    }

    fn trained(&mut self, mut records: Vec<StepRecord>, view: Option<StepView>, mean_step_us: Option<f64>) {
        self.step = records.last().map_or(self.step, |record| record.step);
        if !self.running {
            return self.messages.push(self.session(Some(false)));
        }
        let step_time_ms = mean_step_us.map(|us| us / 1e3);
        let seen = view.and_then(|view| records.pop().map(|record| Held { record, view, step_time_ms }));
        for record in &records {
            self.messages.push(wire(&TrainStep::figures(record, &self.experiment, step_time_ms)));
        }
        self.held = seen;
        if !self.watches {
            self.let_go(&AttentionLogits::default());
        }
    }

    fn status_changed(&mut self, status: Status) {
        let running = status.phase == Phase::Running;
        if running == self.running {
            return;
        }
        self.running = running;
        if running {
            self.run_began = Some(Instant::now());
        } else {
            self.run_ended = self.run_began.take();
        }
        let completed = (!running).then_some(status.phase == Phase::Finished);
        let reason = status.divergence.map(|divergence| divergence.reason);
        self.messages.push(wire(&RunStatus { kind: "run_status", running, completed, reason }));
    }

    fn begin(&mut self, experiment: Experiment, step: u32) {
        let before = addresses(&self.experiment.config);
        self.unwatched.extend(addresses(&experiment.config).into_iter().filter(|address| !before.contains(address)));
        (self.experiment, self.step) = (experiment, step);
        self.messages.push(self.session(Some(false)));
    }

    fn session(&self, running: Option<bool>) -> Utf8Bytes {
        // A step held back is still to come.
        let told = self.held.as_ref().map_or(self.step, |held| held.record.step - 1);
        let metadata = Metadata::new(&self.experiment, told, self.temperature);
        wire(&SessionReply { kind: Some("session"), session_id: &self.session_id, running, metadata })
    }
}

fn wire(message: &impl Serialize) -> Utf8Bytes {
    serde_json::to_string(message).expect("plain data always has a JSON form").into()
}
