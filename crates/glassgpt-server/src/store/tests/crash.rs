//! A process that is killed in the middle of its work, again and again: nothing acknowledged is lost, no log has a gap.
//!
//! Why a real process: only the system can take away memory, threads and locks at any moment.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread;
use std::time::Duration;

use super::super::StoreError;
use super::{entry, load, new_file, now, open, refused};

const CHILD: &str = "GLASSGPT_STORE_CHILD";
const KILLS: u32 = 20;
const SESSIONS: [&str; 3] = ["a", "b", "c"];

#[test]
fn every_acknowledged_entry_outlives_a_kill() {
    if let Some(file) = std::env::var_os(CHILD) {
        return append_until_killed(file.as_ref());
    }
    let (_folder, file) = new_file();
    let store = open(&file).unwrap();
    for id in SESSIONS {
        now(store.create(id, "{}".to_string(), 0)).unwrap();
    }
    now(store.close()).unwrap();
    let mut acknowledged: HashMap<String, u32> = HashMap::new();
    for kill in 0..KILLS {
        let mut child = start(&file);
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
            let log = load(&store, id).log;
            let promised = acknowledged.get(id).copied().unwrap_or(0);
            assert!(log.len() >= promised as usize, "{id}: {promised} acknowledged, {} there", log.len());
            let said = (0..log.len() as u32).map(entry);
            assert!(log.into_iter().eq(said), "{id}: not the log that was said");
        }
        now(store.close()).unwrap();
    }
    let total: u32 = acknowledged.values().sum();
    assert!(total >= KILLS, "the children hardly got to work: {total} entries");
}

/// This test once more, as the one to be killed.
fn start(file: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args([concat!(module_path!(), "::every_acknowledged_entry_outlives_a_kill").split_once("::").unwrap().1])
        .args(["--exact", "--nocapture"])
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
                let mut n = load(store, id).log.len() as u32;
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
