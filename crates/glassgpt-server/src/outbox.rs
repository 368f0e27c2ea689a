//! What a session tells: to all who listen, and for a while to those who come back.
//!
//! Why kept at all: a laptop that slept for a second should go on where it was, and not be sent the whole history again.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::ws::Utf8Bytes;
use glassgpt_lab::protocol::{NumberedEvent, ServerMessage};
use tokio::sync::broadcast::{Receiver, Sender, channel};

use crate::limits::EVENTS_KEPT;

/// After the last listener has left, events are kept for so long.
const MEMORY: Duration = Duration::from_secs(30);

/// Most bytes of events kept for those who come back.
const BYTES_KEPT: usize = 1 << 20;

/// An event as it goes to every socket, serialised once.
#[derive(Clone)]
pub(crate) struct Published {
    pub(crate) seq: u32,
    pub(crate) text: Utf8Bytes,
}

/// A message as it goes over the socket.
pub(crate) fn wire(message: &ServerMessage) -> Utf8Bytes {
    serde_json::to_string(message).expect("plain data always has a JSON form").into()
}

/// How the message of an event begins.
const EVENT: &str = r#"{"type":"event","#;

/// Events as one message. Each is written out once, for all clients.
pub(crate) fn together(events: &[Published]) -> Utf8Bytes {
    if let [event] = events {
        return event.text.clone();
    }
    let events: Vec<String> =
        events.iter().filter_map(|event| event.text.strip_prefix(EVENT)).map(|rest| format!("{{{rest}")).collect();
    format!(r#"{{"type":"events","events":[{}]}}"#, events.join(",")).into()
}

/// Where a session puts what happens.
pub(crate) struct Outbox {
    /// Names this stay in memory: events are numbered anew in the next.
    life: String,
    sender: Sender<Published>,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    /// Without a gap.
    events: VecDeque<Published>,
    bytes: usize,
    /// When someone last listened.
    heard: Option<Instant>,
}

impl Outbox {
    pub(crate) fn new(life: String) -> Self {
        Self { life, sender: channel(EVENTS_KEPT).0, kept: Mutex::default() }
    }

    /// The name of this stay in memory.
    pub(crate) fn life(&self) -> &str {
        &self.life
    }

    /// Tells all who listen. Whoever comes later finds the event in a snapshot.
    pub(crate) fn publish(&self, event: NumberedEvent) {
        let mut kept = self.kept();
        if self.sender.receiver_count() > 0 {
            kept.heard = Some(Instant::now());
        }
        if kept.heard.is_none_or(|heard| heard.elapsed() > MEMORY) {
            *kept = Kept::default();
            return;
        }
        let (seq, text) = (event.seq, wire(&ServerMessage::Event(Box::new(event))));
        let event = Published { seq, text };
        kept.push(event.clone());
        drop(self.sender.send(event));
    }

    /// The events from now on, and those between `after` and now, if they are still there.
    pub(crate) fn listen(&self, after: Option<u32>) -> (Receiver<Published>, Option<VecDeque<Published>>) {
        let mut kept = self.kept();
        kept.heard = Some(Instant::now());
        (self.sender.subscribe(), after.and_then(|seq| kept.since(seq)))
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn push(&mut self, event: Published) {
        self.bytes += event.text.len();
        self.events.push_back(event);
        while self.events.len() > EVENTS_KEPT || self.bytes > BYTES_KEPT {
            let Some(oldest) = self.events.pop_front() else { break };
            self.bytes -= oldest.text.len();
        }
    }

    fn since(&self, seq: u32) -> Option<VecDeque<Published>> {
        let (first, last) = (self.events.front()?.seq, self.events.back()?.seq);
        let known = (first.saturating_sub(1)..=last).contains(&seq);
        known.then(|| self.events.iter().filter(|event| event.seq > seq).cloned().collect())
    }
}

#[cfg(test)]
mod tests {
    use glassgpt_lab::protocol::{Event, Phase, Status};

    use super::*;

    fn event(seq: u32) -> NumberedEvent {
        let status = Status { phase: Phase::Paused, pace: None, run_until: None, divergence: None };
        NumberedEvent { seq, event: Event::StatusChanged { status } }
    }

    fn seqs(events: Option<VecDeque<Published>>) -> Option<Vec<u32>> {
        events.map(|events| events.iter().map(|event| event.seq).collect())
    }

    #[test]
    fn nothing_is_written_out_for_nobody() {
        let outbox = Outbox::new(String::new());
        outbox.publish(event(1));
        assert_eq!(seqs(outbox.listen(Some(0)).1), None);
    }

    #[test]
    fn whoever_comes_back_hears_what_it_missed_and_then_the_rest() {
        let outbox = Outbox::new(String::new());
        let (first, _) = outbox.listen(None);
        (1..=3).for_each(|seq| outbox.publish(event(seq)));
        drop(first);
        (4..=5).for_each(|seq| outbox.publish(event(seq)));
        for (after, missed) in [(0, Some(vec![1, 2, 3, 4, 5])), (3, Some(vec![4, 5])), (5, Some(vec![])), (6, None)] {
            assert_eq!(seqs(outbox.listen(Some(after)).1), missed, "after {after}");
        }
        let (mut again, _) = outbox.listen(Some(5));
        outbox.publish(event(6));
        assert_eq!(again.try_recv().ok().map(|event| event.seq), Some(6));
    }

    #[test]
    fn events_together_are_those_events() {
        let (one, two) = (event(1), event(2));
        let published = |event: &NumberedEvent| Published {
            seq: event.seq,
            text: wire(&ServerMessage::Event(Box::new(event.clone()))),
        };
        let read = |events: &[Published]| serde_json::from_str::<ServerMessage>(&together(events)).unwrap();
        assert_eq!(read(&[published(&one)]), ServerMessage::Event(Box::new(one.clone())));
        assert_eq!(read(&[published(&one), published(&two)]), ServerMessage::Events { events: vec![one, two] });
    }

    #[test]
    fn only_so_many_are_kept() {
        let outbox = Outbox::new(String::new());
        let _listener = outbox.listen(None);
        let n = u32::try_from(EVENTS_KEPT).unwrap() + 10;
        (1..=n).for_each(|seq| outbox.publish(event(seq)));
        assert_eq!(seqs(outbox.listen(Some(9)).1), None);
        assert_eq!(seqs(outbox.listen(Some(10)).1), Some((11..=n).collect()));
    }
}
