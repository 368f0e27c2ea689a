//! The socket: a snapshot, then every event once, for every client, however slow.
//!
//! Why with a reducer of its own: the promise is that a snapshot plus events is a later snapshot.

use glassgpt_core::Sampling;
use glassgpt_lab::Question;
use glassgpt_lab::protocol::{Branch, Change, Command, Event, May, NumberedEvent, Phase, ServerMessage, Snapshot};
use glassgpt_server::limits::EVENTS_KEPT;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use crate::client::{Server, Socket, ours};

/// What a page does with an event. Of what time travel brings, the lab's own tests tell; the socket only carries it.
fn reduce(state: &mut Snapshot, NumberedEvent { seq, event }: NumberedEvent) {
    assert_eq!(seq, state.seq + 1, "every event, once, in order");
    state.seq = seq;
    match event {
        Event::Started { experiment, settings, line, live_samples } => {
            (state.experiment, state.settings, state.live_samples) = (*experiment, settings, live_samples);
            (state.records, state.automatic_samples, state.held_out) =
                (line.records, line.automatic_samples, line.held_out);
            (state.view, state.samples, state.step, state.branch) = (None, None, 0, 0);
            let changes = vec![Change { step: 0, settings }];
            state.branches = vec![Branch { id: 0, parent: None, begin: 0, end: 0, changes }];
        }
        Event::Trained { records, view, live_samples, automatic_samples, held_out, mean_step_us } => {
            assert!(mean_step_us.is_some_and(|us| us > 0.0), "the server has a clock");
            state.step = records.last().expect("at least one").step;
            state.branches[state.branch as usize].end = state.step;
            state.records.extend(records);
            state.automatic_samples.extend(automatic_samples);
            state.held_out.extend(held_out);
            state.view = view.or(state.view.take());
            state.live_samples = live_samples;
        }
        Event::StatusChanged { status } => state.status = status,
        Event::Sampled { samples } => state.samples = Some(samples),
        other => panic!("nobody travelled: {other:?}"),
    }
}

/// Listens until event `seq`; returns the commands answered meanwhile.
async fn follow(socket: &mut Socket, state: &mut Snapshot, seq: u32) -> Vec<ServerMessage> {
    let mut answers = Vec::new();
    while state.seq < seq {
        match socket.next().await {
            ServerMessage::Event(event) => reduce(state, *event),
            ServerMessage::Snapshot { snapshot, .. } => *state = *snapshot,
            answer => answers.push(answer),
        }
    }
    answers
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_snapshot_and_the_events_after_it_are_a_later_snapshot() {
    let server = Server::start().await;
    let session = server.session(r#"{"num_steps": 300}"#).await;
    server.step(&session).await;
    let mut early = server.socket(&session).await;
    let mut early_state = early.snapshot().await;
    assert_eq!(early_state.records.len(), 1);

    early.command(7, Command::Run { steps: None, pace: None }).await;
    while early_state.records.len() < 20 {
        let next = early_state.seq + 1;
        follow(&mut early, &mut early_state, next).await;
    }
    let mut late = server.socket(&session).await; // in the middle of the run
    let mut late_state = late.snapshot().await;

    server.rest(&session).await;
    server.post(&format!("{session}/sample"), r#"{"num_samples": 2}"#).await;
    let end = server.snapshot(&session).await;
    assert_eq!((end.status.phase, end.records.len()), (Phase::Finished, 300));
    follow(&mut early, &mut early_state, end.seq).await;
    follow(&mut late, &mut late_state, end.seq).await;
    assert_eq!(early_state, end);
    assert_eq!(late_state, end);

    // A new experiment in the same session, told to both alike.
    let spec = glassgpt_lab::protocol::Spec::new(
        glassgpt_core::Config { steps: 5, ..end.experiment.config.clone() },
        glassgpt_lab::protocol::CorpusSource::Named { name: "words".to_string() },
    );
    late.command(1, Command::Start { spec }).await;
    late.command(2, Command::Step).await;
    let [mut events, mut answers] = [0, 0];
    while answers < 2 || events < 4 {
        match late.next().await {
            ServerMessage::Event(event) => {
                reduce(&mut late_state, *event);
                events += 1;
            }
            ServerMessage::Done { id } => {
                answers += 1;
                assert_eq!(id, answers);
            }
            other => panic!("{other:?}"),
        }
    }
    follow(&mut early, &mut early_state, late_state.seq).await;
    assert_eq!(early_state, late_state);
    assert_eq!(early_state, server.snapshot(&session).await);
    assert_eq!(early_state.experiment.corpus, "words");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_fell_behind_gets_a_new_snapshot() {
    let server = Server::with_small_buffers().await;
    let session = server.session("{}").await;
    let mut slow = server.slow_socket(&session).await;
    let mut state = slow.snapshot().await;
    // Of events of some 5 kB, the client reads none. A batch may be on its way to it, a channel full of them wait, and the
    // kernel take in a few: the rest cannot reach it as events.
    let sent = 2 * EVENTS_KEPT + 64;
    for _ in 0..sent {
        assert_eq!(server.post(&format!("{session}/sample"), r#"{"num_samples": 100}"#).await.status, 200);
    }
    let end = server.snapshot(&session).await;
    let [mut snapshots, mut events] = [0, 0];
    while state.seq < end.seq {
        match slow.next().await {
            ServerMessage::Event(event) => {
                reduce(&mut state, *event);
                events += 1;
            }
            ServerMessage::Snapshot { snapshot, .. } => {
                assert!(snapshot.seq > state.seq);
                state = *snapshot;
                snapshots += 1;
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(state, end);
    assert!(snapshots >= 1 && events < sent, "{snapshots} snapshots, {events} events");

    // It is still a client like any other.
    slow.command(1, Command::Step).await;
    let seq = state.seq + 2;
    follow(&mut slow, &mut state, seq).await;
    assert_eq!(state, server.snapshot(&session).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_is_answered_while_the_session_trains() {
    let server = Server::start().await;
    let session = server.session(r#"{"num_steps": 20000}"#).await;
    let mut socket = server.socket(&session).await;
    socket.snapshot().await;
    socket.command(1, Command::Run { steps: None, pace: None }).await;
    while !matches!(socket.next().await, ServerMessage::Done { id: 1 }) {}
    let read = |address: &str| Question::Read { addresses: vec![address.parse().unwrap()] };
    let answer = socket.ask(7, read("step:0/text:abc/loss")).await;
    assert_eq!((&answer["type"], &answer["id"]), (&"answered".into(), &7.into()));
    let reading = &answer["answer"]["answer"][0];
    assert_eq!(reading["address"], "step:0/text:abc/loss");
    assert!(reading["values"][0].as_f64().unwrap() > 1.0);
    let refused = socket.ask(8, read("p99/loss")).await;
    assert_eq!((&refused["type"], &refused["id"]), (&"refused".into(), &8.into()));
    assert_eq!(refused["refusal"]["field"], "address");
    socket.send(r#"{"id": 9}"#).await;
    let neither = loop {
        match socket.next().await {
            ServerMessage::Event(_) => {}
            other => break other,
        }
    };
    assert!(matches!(&neither, ServerMessage::Refused { id: Some(9), refusal } if refusal.message.contains("either")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_done_is_refused_by_number() {
    let server = Server::start().await;
    let session = server.session("{}").await;
    let mut socket = server.socket(&session).await;
    socket.snapshot().await;
    let refused = async |socket: &mut Socket| match socket.next().await {
        ServerMessage::Refused { id, refusal } => (id, refusal.field, refusal.message),
        other => panic!("{other:?}"),
    };
    let sampling = Sampling::default();
    socket.command(5, Command::Sample { count: 0, sampling, prefix: String::new() }).await;
    let (id, field, _) = refused(&mut socket).await;
    assert_eq!((id, field.as_deref()), (Some(5), Some("count")));
    socket.send(r#"{"id": 6, "command": {"type": "fly"}}"#).await;
    let (id, _, message) = refused(&mut socket).await;
    assert_eq!(id, Some(6));
    assert!(message.contains("fly"), "{message}");
    socket.send(r#"{"id": 6.0, "question": {"type": "lens", "at": [null, null], "interventions": null}}"#).await;
    let (id, field, message) = refused(&mut socket).await;
    assert_eq!((id, field.as_deref()), (Some(6), Some("at")));
    assert_eq!(message, "at does not fit: there is a list where an object belongs");
    socket.send("hello").await;
    assert_eq!(refused(&mut socket).await.0, None);
    socket.command(7, Command::Pause).await; // nothing to pause, nothing happens
    assert_eq!(socket.next().await, ServerMessage::Done { id: 7 });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_socket_ends_with_a_reason() {
    let server = Server::start().await;
    let close = server.unwelcome_socket("/api/session/nobody").await.end().await;
    assert_eq!(
        (close.code, close.reason.as_str()),
        (CloseCode::from(4404), "there is no session nobody; start a new one")
    );

    let session = server.session("{}").await;
    let mut socket = server.socket(&session).await;
    socket.snapshot().await;
    server.post(&format!("{session}/run"), r#"{"delay_ms": 0}"#).await;
    server.send("DELETE", &session, "", "").await;
    let close = socket.end().await;
    assert_eq!(
        (close.code, close.reason.as_str()),
        (CloseCode::from(4404), "the session was deleted; start a new one")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_comes_back_soon_hears_what_it_missed() {
    let server = Server::start().await;
    let session = server.session("{}").await;
    let (mut socket, hello) = server.socket_with(&session, "").await;
    let ServerMessage::Hello { life, may, .. } = hello else { panic!("{hello:?}") };
    assert_eq!(may, May::All);
    let mut state = socket.snapshot().await;
    drop(socket);
    for _ in 0..3 {
        server.step(&session).await;
    }
    let end = server.snapshot(&session).await;
    let (mut back, _) = server.socket_with(&session, &format!("?life={life}&after={}", state.seq)).await;
    while state.seq < end.seq {
        match back.next().await {
            ServerMessage::Event(event) => reduce(&mut state, *event),
            other => panic!("no snapshot was needed: {other:?}"),
        }
    }
    assert_eq!(state, end);
    // Of another life, or from the future: everything anew.
    for seen in [format!("?life=another&after={}", end.seq), format!("?life={life}&after={}", end.seq + 9)] {
        let (mut back, _) = server.socket_with(&session, &seen).await;
        assert_eq!(back.snapshot().await, end, "{seen}");
    }
    let wrong = server.get(&format!("{}/socket?after=many", ours(&session))).await;
    wrong.is_problem(422, "wrong-shape", Some("after"), "invalid digit");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_only_looks_changes_nothing() {
    let server = Server::start().await;
    let session = server.session("{}").await;
    let (mut socket, hello) = server.socket_with(&session, "?look").await;
    assert!(matches!(hello, ServerMessage::Hello { may: May::Look, .. }), "{hello:?}");
    let before = socket.snapshot().await;
    socket.command(1, Command::Step).await;
    let answer = socket.next().await;
    assert!(matches!(&answer, ServerMessage::Refused { id: Some(1), .. }), "{answer:?}");
    assert_eq!(socket.ask(2, Question::LossCsv).await["type"], "answered");
    assert_eq!(server.snapshot(&session).await, before);
}
