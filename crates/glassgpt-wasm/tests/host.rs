//! What is said when: the order of the messages, refusals, and slices that keep to a pace.
//!
//! Why with a clock of its own: every look at it takes a millisecond, so that a run is the same on any machine.

use std::cell::Cell;
use std::time::Duration;

use glassgpt_core::Preset;
use glassgpt_lab::protocol::{ClientMessage, Command, CorpusSource, Event, Phase, ServerMessage, Spec};
use glassgpt_wasm::host::Host;

thread_local! {
    static NOW_MS: Cell<u64> = const { Cell::new(0) };
}

fn clock() -> Duration {
    NOW_MS.set(NOW_MS.get() + 1);
    Duration::from_millis(NOW_MS.get())
}

fn say(host: &mut Host, id: u32, command: Command) -> Vec<ServerMessage> {
    let message = ClientMessage { id, command: Some(command), question: None };
    host.receive(&serde_json::to_string(&message).expect("plain data"))
}

fn start(host: &mut Host) -> Vec<ServerMessage> {
    let preset = Preset::Blog;
    let corpus = CorpusSource::Named { name: preset.corpus().into() };
    say(host, 1, Command::Start { spec: Spec::new(preset.config(), corpus) })
}

/// What messages are, in a word each.
fn words(messages: &[ServerMessage]) -> Vec<&'static str> {
    let word = |message: &ServerMessage| match message {
        ServerMessage::Hello { .. } => "hello",
        ServerMessage::Snapshot { .. } => "snapshot",
        ServerMessage::Events { .. } => "events",
        ServerMessage::Done { .. } => "done",
        ServerMessage::Answered { .. } => "answered",
        ServerMessage::Refused { .. } => "refused",
        ServerMessage::Event(event) => match event.event {
            Event::Started { .. } => "started",
            Event::Trained { .. } => "trained",
            Event::StatusChanged { .. } => "status",
            _ => "other",
        },
    };
    messages.iter().map(word).collect()
}

/// The refusal that is the only message.
#[track_caller]
fn refusal(messages: Vec<ServerMessage>) -> (Option<u32>, String) {
    match <[ServerMessage; 1]>::try_from(messages) {
        Ok([ServerMessage::Refused { id, refusal }]) => (id, refusal.message),
        other => panic!("expected one refusal, got {other:?}"),
    }
}

#[test]
fn the_first_start_makes_the_session_and_later_ones_are_commands() {
    let mut host = Host::new(clock);
    let first = start(&mut host);
    assert_eq!(words(&first), ["snapshot", "done"]);
    let ServerMessage::Snapshot { session_id, snapshot } = &first[0] else { panic!("{first:?}") };
    assert_eq!((session_id.as_str(), snapshot.seq, snapshot.step), ("browser", 0, 0));
    assert_eq!(words(&start(&mut host)), ["started", "status", "done"]);
}

#[test]
fn before_the_first_start_everything_is_refused() {
    let mut host = Host::new(clock);
    let (id, message) = refusal(say(&mut host, 7, Command::Step));
    assert_eq!((id, message.as_str()), (Some(7), "there is no experiment yet; start one first"));
    assert_eq!(refusal(host.receive(r#"{"id":8,"question":{"type":"loss_csv"}}"#)).0, Some(8));
    assert_eq!((host.wait(), words(&host.turn())), (None, vec![]));
    let bad = Spec::new(Preset::Blog.config(), CorpusSource::Named { name: "novels".into() });
    assert!(refusal(say(&mut host, 9, Command::Start { spec: bad })).1.contains("novels"));
    assert_eq!(words(&start(&mut host)), ["snapshot", "done"], "a refused start leaves nothing behind");
}

#[test]
fn what_cannot_be_read_is_refused_with_its_number() {
    let mut host = Host::new(clock);
    let refused = |host: &mut Host, text: &str| refusal(host.receive(text));
    for text in ["", "{", "[]", "{\"id\":1", "null", "\u{0}", "{\"id\":-1,\"command\":{\"type\":\"step\"}}"] {
        assert_eq!(refused(&mut host, text).0, None, "{text:?}");
    }
    assert!(refused(&mut host, "{").1.contains("not JSON"));
    assert!(refused(&mut host, r#"{"id":1,"command":{"type":"step"}} {}"#).1.contains("not JSON"));
    let (id, message) = refused(&mut host, r#"{"id":2,"command":{"type":"leap"}}"#);
    assert!(id == Some(2) && message.contains("does not fit") && message.contains("leap"), "{message}");
    let (id, message) = refused(&mut host, r#"{"id":3}"#);
    assert_eq!((id, message.as_str()), (Some(3), "a message has either a command or a question"));
    let both = r#"{"id":4,"command":{"type":"step"},"question":{"type":"trace"}}"#;
    assert_eq!(refused(&mut host, both).0, Some(4));
}

#[test]
fn a_run_comes_in_slices_and_ends() {
    let mut host = Host::new(clock);
    start(&mut host);
    assert_eq!(words(&say(&mut host, 2, Command::Run { steps: Some(30), pace: None })), ["status", "done"]);
    let mut steps = Vec::new();
    let mut last = Vec::new();
    while host.wait() == Some(Duration::ZERO) {
        last = host.turn();
        let ServerMessage::Event(event) = &last[0] else { panic!("{last:?}") };
        let Event::Trained { records, .. } = &event.event else { panic!("{event:?}") };
        steps.push(records.len());
    }
    assert_eq!((steps.iter().sum::<usize>(), words(&last)), (30, vec!["trained", "status"]));
    // Two looks at the clock a step: with these, about six steps are a slice of 12 ms.
    assert!(steps.len() > 4 && steps.iter().all(|&steps| steps <= 6), "{steps:?}");
    assert_eq!((host.wait(), words(&host.turn())), (None, vec![]));
}

#[test]
fn a_pace_is_kept_and_a_pause_obeyed() {
    let mut host = Host::new(clock);
    start(&mut host);
    say(&mut host, 2, Command::Run { steps: None, pace: Some(20) });
    let began = NOW_MS.get();
    let mut steps = 0;
    while NOW_MS.get() < began + 1_000 {
        steps += host.turn().len();
        let wait = host.wait().expect("it runs");
        assert!(wait <= Duration::from_millis(50), "{wait:?}");
        NOW_MS.set(NOW_MS.get() + wait.as_millis() as u64);
    }
    assert!((19..=21).contains(&steps), "{steps} steps in a second at 20 a second");
    let paused = say(&mut host, 3, Command::Pause);
    assert_eq!(words(&paused), ["status", "done"]);
    let ServerMessage::Event(event) = &paused[0] else { panic!("{paused:?}") };
    let Event::StatusChanged { status } = &event.event else { panic!("{event:?}") };
    assert_eq!((status.phase, host.wait()), (Phase::Paused, None));
}
