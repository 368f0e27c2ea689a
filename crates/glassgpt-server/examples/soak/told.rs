//! What many clients of one session are told, read once for all of them.
//!
//! Why once: five hundred clients that each read everything would take the cores from the server that is measured. Each still
//! compares every byte with what the others were told.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result, bail, ensure};
use glassgpt_lab::protocol::{Event, NumberedEvent, ServerMessage};
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
    events: Mutex<HashMap<u32, (Box<str>, Told)>>,
    snapshots: Mutex<HashMap<u32, (usize, Told)>>,
}

/// An event as it stands in a message: alone, or one of several.
const EVENT: &str = r#"{"type":"event","#;
const EVENTS: &str = r#"{"type":"events","events":["#;
const SNAPSHOT: &str = r#"{"type":"snapshot","#;

impl Library {
    /// Reads a message: one thing told, or several.
    ///
    /// # Errors
    /// If it is not what a server says, or another client was told something else under that number.
    pub(crate) fn read(&self, text: &Utf8Bytes) -> Result<Vec<Told>> {
        if let Some(event) = text.strip_prefix(EVENT) {
            let (told, rest) = self.event(event)?;
            ensure!(rest.is_empty(), "more than an event: {text:.80}");
            Ok(vec![told])
        } else if let Some(events) = text.strip_prefix(EVENTS) {
            self.events(events)
        } else if text.starts_with(SNAPSHOT) {
            Ok(vec![self.snapshot(text)?])
        } else {
            Ok(vec![decode(serde_json::from_str(text)?)?])
        }
    }

    fn events(&self, mut rest: &str) -> Result<Vec<Told>> {
        let mut all = Vec::new();
        while let Some(event) = rest.strip_prefix('{') {
            let (told, after) = self.event(event)?;
            all.push(told);
            rest = after.strip_prefix(',').unwrap_or(after);
        }
        ensure!(rest == "]}", "events end with {rest:.80}");
        Ok(all)
    }

    /// The event at the beginning of a text, without its first brace, and what follows. Only the first client's is decoded.
    fn event<'a>(&self, text: &'a str) -> Result<(Told, &'a str)> {
        let seq = number_after(text, r#""seq":"#)?;
        let mut events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, told)) = events.get(&seq) {
            let rest = text.strip_prefix(&**known);
            return rest
                .map(|rest| (*told, rest))
                .with_context(|| format!("two clients were told different things in event {seq}"));
        }
        let whole = format!("{{{text}");
        let mut stream = serde_json::Deserializer::from_str(&whole).into_iter::<NumberedEvent>();
        let event = stream.next().context("an event is a message")??;
        let (known, rest) = text.split_at(stream.byte_offset() - 1);
        let told = decode(ServerMessage::Event(Box::new(event)))?;
        events.insert(seq, (known.into(), told));
        Ok((told, rest))
    }

    fn snapshot(&self, text: &str) -> Result<Told> {
        let seq = number_after(text, r#""snapshot":{"seq":"#)?;
        let mut snapshots = self.snapshots.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((length, told)) = snapshots.get(&seq) {
            ensure!(*length == text.len(), "two snapshots after event {seq} differ");
            return Ok(*told);
        }
        let told = decode(serde_json::from_str(text)?)?;
        snapshots.insert(seq, (text.len(), told));
        Ok(told)
    }
}

fn number_after(text: &str, start: &str) -> Result<u32> {
    let (_, rest) = text.split_once(start).context("a message has its number in front")?;
    let digits = rest.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
    digits.parse().with_context(|| format!("{digits:?} is no number"))
}

fn decode(message: ServerMessage) -> Result<Told> {
    let whole = |n: usize| u32::try_from(n).context("so many records there cannot be");
    Ok(match message {
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
