//! Many threads at once: everyone is told, and every log is whole.
//!
//! Why with held threads too: what shares a commit must be decided by the test, not by the scheduler.

use std::sync::Barrier;
use std::thread;

use tokio::sync::oneshot;

use super::super::limits::{TEXT_BYTES, WAITING_BYTES, WAITING_OPERATIONS};
use super::super::queue::{Request, Turn};
use super::super::writer;
use super::super::{Entry, Place, Store, StoreError, open};
use super::{entry, held, load, new_file, now};

const THREADS: u32 = 8;
const ENTRIES: u32 = 200;

#[test]
fn all_tickets_resolve_and_every_log_keeps_its_callers_order() {
    let (_folder, file) = new_file();
    let store = super::open(&file).unwrap();
    now(store.create("shared", "{}".to_string(), 0)).unwrap();
    let start = Barrier::new(THREADS as usize);
    thread::scope(|scope| {
        for thread in 0..THREADS {
            let (store, start) = (store.clone(), &start);
            scope.spawn(move || {
                let id = format!("own {thread}");
                start.wait();
                let mut tickets = vec![store.create(&id, "{}".to_string(), 0)];
                for n in 0..ENTRIES {
                    tickets.push(store.append(&id, entry(n)));
                    tickets.push(store.append("shared", Entry { advanced: thread, command: n.to_string() }));
                }
                for ticket in tickets {
                    now(ticket).unwrap();
                }
            });
        }
    });
    now(store.close()).unwrap();
    let store = super::open(&file).unwrap();
    for thread in 0..THREADS {
        assert_eq!(load(&store, &format!("own {thread}")).log, (0..ENTRIES).map(entry).collect::<Vec<_>>());
    }
    let shared = load(&store, "shared").log;
    assert_eq!(shared.len(), (THREADS * ENTRIES) as usize);
    for thread in 0..THREADS {
        let of_thread = shared.iter().filter(|entry| entry.advanced == thread).map(|entry| entry.command.clone());
        assert!(of_thread.eq((0..ENTRIES).map(|n| n.to_string())), "thread {thread} was reordered");
    }
}

#[test]
fn what_waits_is_committed_together_up_to_a_question() {
    let (store, queue) = held();
    let mut tickets = vec![store.create("a", "{}".to_string(), 0)];
    tickets.extend((0..1000).map(|n| store.append("a", entry(n))));
    store.mark("a", 3);
    queue.request(Request::List { reply: oneshot::channel().0 }).unwrap();
    tickets.push(store.append("a", entry(1000)));
    assert!(
        matches!(queue.take(), Turn::Commit { orders, notes } if orders.len() == 1001 && notes["a"].mark == Some(3))
    );
    assert!(matches!(queue.take(), Turn::Answer(Request::List { .. })));
    assert!(matches!(queue.take(), Turn::Commit { orders, notes } if orders.len() == 1 && notes.is_empty()));
    drop(store);
    assert!(matches!(queue.take(), Turn::End));
}

#[test]
fn only_so_many_operations_wait() {
    let (store, queue) = held();
    let mut tickets = vec![store.create("a", "{}".to_string(), 0), store.create("b", "{}".to_string(), 0)];
    tickets.extend((2..WAITING_OPERATIONS as u32).map(|n| store.append("a", entry(n - 2))));
    assert_eq!(now(store.append("b", entry(0))), Err(StoreError::Overloaded));
    assert_eq!(now(store.load("b")), Err(StoreError::Overloaded));
    assert_eq!(now(store.delete("b")), Err(StoreError::Overloaded));
    writer::spawn(open::open(&Place::Memory).unwrap(), queue).unwrap();
    for ticket in tickets {
        now(ticket).unwrap();
    }
    assert_eq!(load(&store, "a").log.len(), WAITING_OPERATIONS - 2);
    now(store.append("a", entry(9))).unwrap();
    let lost = Err(StoreError::OutOfStep { id: "b".to_string() });
    assert_eq!(now(store.append("b", entry(1))), lost, "there is room again, but entry 0 is not in the log");
    assert_eq!(load(&store, "b").log, []);
    now(store.append("b", entry(0))).unwrap();
}

#[test]
fn only_so_many_bytes_wait() {
    let (store, _queue) = held();
    let longest = "x".repeat(TEXT_BYTES);
    let waiting: Vec<_> = (0..WAITING_BYTES / TEXT_BYTES).map(|_| store.create("a", longest.clone(), 0)).collect();
    assert_eq!(now(store.create("b", "x".to_string(), 0)), Err(StoreError::Overloaded));
    drop(waiting);
}

#[test]
fn a_text_that_is_too_long_fails_alone() {
    let store = Store::open(&Place::Memory).unwrap();
    now(store.create("a", "{}".to_string(), 0)).unwrap();
    let long = Entry { advanced: 0, command: "x".repeat(TEXT_BYTES + 1) };
    assert_eq!(now(store.append("a", long)), Err(StoreError::TooLong { bytes: TEXT_BYTES + 1 }));
    assert_eq!(now(store.append("a", entry(1))), Err(StoreError::OutOfStep { id: "a".to_string() }));
    assert_eq!(load(&store, "a").log, []);
}

#[test]
fn a_closed_store_says_so() {
    let store = Store::open(&Place::Memory).unwrap();
    now(store.create("a", "{}".to_string(), 0)).unwrap();
    now(store.close()).unwrap();
    assert_eq!(now(store.append("a", entry(0))), Err(StoreError::Closed));
    assert_eq!(now(store.load("a")), Err(StoreError::Closed));
    assert_eq!(now(store.list()), Err(StoreError::Closed));
}

#[test]
fn nobody_waits_for_a_thread_that_has_ended() {
    let (store, queue) = held();
    let ticket = store.create("a", "{}".to_string(), 0);
    queue.end(&Err(StoreError::Closed));
    assert_eq!(now(ticket), Err(StoreError::Closed));
    assert_eq!(now(store.list()), Err(StoreError::Closed));
}
