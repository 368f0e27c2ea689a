//! What many clients of one session are told, read once for all of them.
//!
//! Why once: five hundred clients that each read everything would take the cores from the server that is measured. Each still
//! compares every byte with what the others were told.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result, bail};
use glassgpt_lab::protocol::{Event, ServerMessage};
use tokio_tungstenite::tungstenite::Utf8Bytes;

/// What a message does to a client's knowledge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// Everything begins with this.
    Snapshot { seq: u32, known: Known },
    /// Training began at step 0.
    Started { seq: u32 },
    /// Steps were trained, from this record on.
    Trained { seq: u32, first: u32, records: u32, step: u32 },
    /// Something that leaves the records as they are.
    Other { seq: u32 },
    /// It is no event.
    Nothing,
}

/// What a client knows of a session's training.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Known {
    /// How many records it has.
    pub(crate) records: u32,
    /// The last step done.
    pub(crate) step: u32,
}

/// Everything told so far, by its number.
#[derive(Default)]
pub(crate) struct Library {
    events: Mutex<HashMap<u32, (Utf8Bytes, Told)>>,
    snapshots: Mutex<HashMap<u32, (usize, Told)>>,
}

const EVENT: &str = r#"{"type":"event","seq":"#;
const EVENTS: &str = r#"{"type":"events","#;
const SNAPSHOT: &str = r#"{"type":"snapshot","#;

impl Library {
    /// Reads a message: one thing told, or several.
    ///
    /// # Errors
    /// If it is not what a server says, or another client was told something else under that number.
    pub(crate) fn read(&self, text: &Utf8Bytes) -> Result<Vec<Told>> {
        if !text.starts_with(EVENTS) {
            return Ok(vec![self.read_one(text)?]);
        }
        let ServerMessage::Events { events } = serde_json::from_str(text)? else { bail!("no events: {text:.80}") };
        let alone = |event| serde_json::to_string(&ServerMessage::Event(Box::new(event)));
        events.into_iter().map(|event| self.read_one(&alone(event)?.into())).collect()
    }

    fn read_one(&self, text: &Utf8Bytes) -> Result<Told> {
        if text.starts_with(EVENT) {
            let seq = number_after(text, EVENT)?;
            let mut events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((known, told)) = events.get(&seq) {
                if known != text {
                    bail!("two clients were told different things in event {seq}");
                }
                return Ok(*told);
            }
            let told = decode(text)?;
            events.insert(seq, (text.clone(), told));
            Ok(told)
        } else if text.starts_with(SNAPSHOT) {
            let seq = number_after(text, r#""snapshot":{"seq":"#)?;
            let mut snapshots = self.snapshots.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((length, told)) = snapshots.get(&seq) {
                if *length != text.len() {
                    bail!("two snapshots after event {seq} differ");
                }
                return Ok(*told);
            }
            let told = decode(text)?;
            snapshots.insert(seq, (text.len(), told));
            Ok(told)
        } else {
            decode(text)
        }
    }
}

fn number_after(text: &str, start: &str) -> Result<u32> {
    let (_, rest) = text.split_once(start).context("a message has its number in front")?;
    let digits = rest.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
    digits.parse().with_context(|| format!("{digits:?} is no number"))
}

fn decode(text: &str) -> Result<Told> {
    let whole = |n: usize| u32::try_from(n).context("so many records there cannot be");
    Ok(match serde_json::from_str(text)? {
        ServerMessage::Snapshot { snapshot, .. } => {
            let known = Known { records: whole(snapshot.records.len())?, step: snapshot.step };
            Told::Snapshot { seq: snapshot.seq, known }
        }
        ServerMessage::Event(event) => match &event.event {
            Event::Started { line, .. } if line.records.is_empty() => Told::Started { seq: event.seq },
            Event::Trained { records, .. } => {
                let (first, last) = records.first().zip(records.last()).context("steps were trained, none is told")?;
                Told::Trained { seq: event.seq, first: first.step, records: whole(records.len())?, step: last.step }
            }
            Event::StatusChanged { .. } => Told::Other { seq: event.seq },
            other => bail!("nobody asked for this: {other:?}"),
        },
        ServerMessage::Hello { .. } => Told::Nothing,
        other => bail!("nobody asked for this: {other:?}"),
    })
}
