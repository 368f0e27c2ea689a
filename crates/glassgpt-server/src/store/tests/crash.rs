//! Processes that are killed in the middle of their work, again and again: nothing acknowledged is lost, no log has a gap, and
//! the next one may have the file.
//!
//! Why a real process: only the system can take away memory, threads and locks at any moment.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread;
use std::time::Duration;

use super::super::{Store, StoreError};
use super::{entry, new_file, now, open, refused};

const CHILD: &str = "GLASSGPT_STORE_CHILD";
const KILLS: u32 = 20;
const SESSIONS: [&str; 3] = ["a", "b", "c"];

#[test]
fn every_acknowledged_entry_outlives_a_kill() {
    if let Some(file) = std::env::var_os(CHILD) {
        return append_until_killed(file.as_ref());
    }
    let (_folder, file) = new_file();
    let mut acknowledged: HashMap<String, u32> = HashMap::new();
    for kill in 0..KILLS {
        let mut child = start("every_acknowledged_entry_outlives_a_kill", &file);
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        wait_for_first(&mut lines, &mut acknowledged);
        if kill == 0 {
            assert!(matches!(refused(&file), StoreError::InUse { .. }), "another process has it");
        }
        thread::sleep(random_moment());
        child.kill().unwrap(); // SIGKILL
        child.wait().unwrap();
        for line in lines.lines() {
            note(&line.unwrap(), &mut acknowledged);
        }
        let store = open(&file).unwrap();
        for id in SESSIONS {
            let promised = acknowledged.get(id).copied().unwrap_or(0);
            let there = entries(&store, id);
            assert!(there >= promised, "{id}: {promised} acknowledged, {there} there");
        }
        now(store.close()).unwrap();
    }
    let total: u32 = acknowledged.values().sum();
    assert!(total >= KILLS, "the children hardly got to work: {total} entries");
}

#[test]
fn a_kill_at_birth_leaves_a_file_that_opens() {
    if let Some(file) = std::env::var_os(CHILD) {
        return append_until_killed(file.as_ref());
    }
    for _ in 0..KILLS {
        let (_folder, file) = new_file();
        let mut child = start("a_kill_at_birth_leaves_a_file_that_opens", &file);
        while !file.exists() {
            thread::yield_now();
        }
        thread::sleep(random_moment() / 4);
        child.kill().unwrap();
        child.wait().unwrap();
        let store = open(&file).unwrap();
        for id in SESSIONS {
            entries(&store, id);
        }
        now(store.close()).unwrap();
    }
}

#[test]
fn a_second_try_in_one_process_does_not_let_another_in() {
    if let Some(file) = std::env::var_os(CHILD) {
        // Fails, and with it the process, unless the file is in use.
        return assert!(matches!(refused(file.as_ref()), StoreError::InUse { .. }));
    }
    let (_folder, file) = new_file();
    let store = open(&file).unwrap();
    now(store.create("a", "{}".to_string(), 0)).unwrap();
    assert!(matches!(refused(&file), StoreError::InUse { .. }));
    let output = start("a_second_try_in_one_process_does_not_let_another_in", &file).wait_with_output().unwrap();
    let output = String::from_utf8_lossy(&output.stdout);
    assert!(output.contains("1 passed"), "{output}");
    now(store.close()).unwrap();
}

/// How many there are, each the one that was said.
fn entries(store: &Store, id: &str) -> u32 {
    let log = now(store.load(id)).unwrap().map(|recipe| recipe.log).unwrap_or_default();
    let n = log.len() as u32;
    assert!(log.into_iter().eq((0..n).map(entry)), "{id}: not the log that was said");
    n
}

/// A test of this file once more, in a process of its own.
fn start(test: &str, file: &Path) -> Child {
    let (_crate, module) = module_path!().split_once("::").unwrap();
    Command::new(std::env::current_exe().unwrap())
        .args([&format!("{module}::{test}"), "--exact", "--nocapture"])
        .env(CHILD, file)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Goes on where the logs end; says `ID: ENTRIES` once that many are on the disk.
fn append_until_killed(file: &Path) {
    let store = open(file).unwrap();
    thread::scope(|scope| {
        for id in SESSIONS {
            let store = &store;
            scope.spawn(move || {
                let mut n = match now(store.load(id)).unwrap() {
                    Some(recipe) => recipe.log.len() as u32,
                    None => now(store.create(id, "{}".to_string(), 0)).map(|()| 0).unwrap(),
                };
                loop {
                    let tickets: Vec<_> = (n..n + 1 + n % 4).map(|n| store.append(id, entry(n))).collect();
                    store.mark(id, n);
                    for ticket in tickets {
                        now(ticket).unwrap();
                        n += 1;
                        writeln!(std::io::stdout(), "\n{id}: {n}").unwrap();
                    }
                }
            });
        }
    });
}

fn wait_for_first(lines: &mut BufReader<ChildStdout>, acknowledged: &mut HashMap<String, u32>) {
    let mut line = String::new();
    while !note(&line, acknowledged) {
        line.clear();
        assert!(lines.read_line(&mut line).unwrap() > 0, "the child ended by itself");
    }
}

/// Whether a line is an acknowledgement. The last one may be cut short: a number without its end is a smaller number.
fn note(line: &str, acknowledged: &mut HashMap<String, u32>) -> bool {
    let Some((id, n)) = line.trim_end().split_once(": ") else { return false };
    match (SESSIONS.contains(&id), n.parse::<u32>()) {
        (true, Ok(n)) => {
            let most = acknowledged.entry(id.to_string()).or_default();
            *most = n.max(*most);
            true
        }
        _ => false,
    }
}

fn random_moment() -> Duration {
    let micros = getrandom::u32().unwrap() % 40_000;
    Duration::from_micros(u64::from(micros))
}
