//! A full disk: everyone in the commit is told, nothing is written over the hole, and the store goes on.
//!
//! Why with a limit on pages: to SQLite a database that may not grow is a full disk.

use super::super::{Entry, StoreError, writer};
use super::{entry, held, load, now, small};

const PAGES: u32 = 40; // of 4 KiB

fn too_much() -> Entry {
    Entry { advanced: 1, command: "x".repeat(4096 * PAGES as usize) }
}

fn not_written(outcome: Result<(), StoreError>) -> bool {
    matches!(outcome, Err(StoreError::NotWritten { reason }) if reason.contains("full"))
}

fn out_of_step(id: &str) -> Result<(), StoreError> {
    Err(StoreError::OutOfStep { id: id.to_string() })
}

#[test]
fn all_of_a_failed_commit_are_told_and_the_store_goes_on() {
    let (store, queue) = held();
    let batch = [
        store.create("a", "{}".to_string(), 0),
        store.append("a", entry(0)),
        store.append("a", too_much()),
        store.create("b", "{}".to_string(), 0),
    ];
    writer::spawn(small(PAGES), queue).unwrap();
    for ticket in batch {
        assert!(not_written(now(ticket)));
    }
    assert_eq!(now(store.list()).unwrap(), []);
    now(store.create("b", "{}".to_string(), 0)).unwrap();
    now(store.append("b", entry(0))).unwrap();
    assert_eq!(load(&store, "b").log, [entry(0)]);
}

#[test]
fn after_a_failure_nothing_is_written_until_the_session_is_loaded() {
    let (store, queue) = held();
    writer::spawn(small(PAGES), queue).unwrap();
    now(store.create("a", "{}".to_string(), 0)).unwrap();
    now(store.create("b", "{}".to_string(), 0)).unwrap();
    now(store.append("a", entry(0))).unwrap();
    assert!(not_written(now(store.append("a", too_much()))));

    assert_eq!(now(store.append("a", entry(2))), out_of_step("a"));
    assert_eq!(now(store.restart("a", "{}".to_string())), out_of_step("a"));
    store.mark("a", 9);
    now(store.append("b", entry(0))).unwrap();

    let recipe = load(&store, "a");
    assert_eq!((recipe.log, recipe.mark), (vec![entry(0)], 0));
    now(store.append("a", entry(1))).unwrap();
    assert_eq!(load(&store, "a").log, [entry(0), entry(1)]);
}

#[test]
fn what_waits_behind_a_failure_fails_with_it() {
    let (store, queue) = held();
    let created = [store.create("a", "{}".to_string(), 0), store.create("b", "{}".to_string(), 0)];
    // A question lies between two commits, so these are four.
    let mut first = Box::pin(store.list());
    let mut second = Box::pin(store.list());
    let mut third = Box::pin(store.list());
    poll_once(&mut first);
    let failing = store.append("a", too_much());
    store.mark("a", 4);
    poll_once(&mut second);
    let behind = [store.append("a", entry(1)), store.restart("a", "{}".to_string())];
    let other = store.append("b", entry(0));
    store.mark("a", 5);
    poll_once(&mut third);
    store.mark("a", 6);
    writer::spawn(small(PAGES), queue).unwrap();
    for ticket in created {
        now(ticket).unwrap();
    }
    assert!(not_written(now(failing)));
    for ticket in behind {
        assert_eq!(now(ticket), out_of_step("a"));
    }
    now(other).unwrap();
    let recipe = load(&store, "a");
    assert_eq!(
        (recipe.log, recipe.mark, recipe.generation),
        (vec![], 0, 0),
        "marks counted from an entry that is lost"
    );
    assert_eq!(load(&store, "b").log, [entry(0)]);
}

/// Lets it say what it wants, without waiting for the answer.
fn poll_once<F: Future + Unpin>(future: &mut F) {
    now(async {
        tokio::select! { biased; _ = future => panic!("answered by nobody"), () = async {} => {} }
    });
}

#[test]
fn a_session_that_is_out_of_step_can_be_deleted() {
    let (store, queue) = held();
    writer::spawn(small(PAGES), queue).unwrap();
    now(store.create("a", "{}".to_string(), 0)).unwrap();
    assert!(not_written(now(store.append("a", too_much()))));
    now(store.delete("a")).unwrap();
    now(store.create("a", "{}".to_string(), 0)).unwrap();
    now(store.append("a", entry(0))).unwrap();
    assert_eq!(load(&store, "a").log, [entry(0)]);
}

#[test]
fn room_made_by_deleting_is_used() {
    let (store, queue) = held();
    writer::spawn(small(PAGES), queue).unwrap();
    let half = "x".repeat(4096 * PAGES as usize / 2);
    now(store.create("a", half.clone(), 0)).unwrap();
    assert!(not_written(now(store.create("b", half.clone(), 1))));
    assert_eq!(now(store.expire(1)).unwrap(), ["a"]);
    now(store.create("b", half, 1)).unwrap();
}

#[test]
fn a_log_with_a_gap_is_not_passed_off_as_whole() {
    let (store, queue) = held();
    let opened = small(PAGES);
    opened
        .connection
        .execute_batch(
            "INSERT INTO sessions VALUES ('a', '{}', 0, 0, 0, 0);
             INSERT INTO log VALUES ('a', 0, 0, '{}'), ('a', 2, 0, '{}');",
        )
        .unwrap();
    writer::spawn(opened, queue).unwrap();
    assert_eq!(now(store.load("a")), Err(StoreError::Gap { id: "a".to_string(), n: 1 }));
}
