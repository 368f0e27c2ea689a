//! What was said comes back, in its order, from memory and from a file opened again.
//!
//! Why both places: they share everything but the file.

use super::super::{KeptCorpus, Listed, Place, Recipe, Store, StoreError};
use super::{entry, files, load, new_file, now, open};

/// Says something of everything.
fn fill(store: &Store) {
    now(store.create("a", "{\"base\":1}".to_string(), 10)).unwrap();
    now(store.create("b", "{\"base\":2}".to_string(), 20)).unwrap();
    let tickets: Vec<_> = (0..100).map(|n| store.append("a", entry(n))).collect();
    for ticket in tickets {
        now(ticket).unwrap();
    }
    for name in ["z", "a", "gone"] {
        now(store.keep_corpus(corpus(name))).unwrap();
    }
    let again = now(store.keep_corpus(corpus("a")));
    assert_eq!(again, Err(StoreError::CorpusExists { name: "a".to_string() }), "a session may be called so, too");
    now(store.drop_corpus("gone")).unwrap();
    now(store.drop_corpus("gone")).unwrap();
    store.mark("a", 6);
    store.mark("a", 7);
    store.touch("a", 31);
    store.touch("a", 30);
}

fn corpus(name: &str) -> KeptCorpus {
    KeptCorpus { name: name.to_string(), about: "ours".to_string(), text: "anna\nbob\n".to_string() }
}

fn expect(store: &Store) {
    assert_eq!(now(store.corpora()).unwrap(), [corpus("z"), corpus("a")]);
    let log = (0..100).map(entry).collect();
    let a = Recipe { base: "{\"base\":1}".to_string(), generation: 0, log, mark: 7, created_at: 10, last_used: 31 };
    assert_eq!(load(store, "a"), a);
    assert_eq!(load(store, "b").log, []);
    assert_eq!(now(store.load("c")).unwrap(), None);
    let listed = |id: &str, created_at, last_used| Listed { id: id.to_string(), created_at, last_used };
    assert_eq!(now(store.list()).unwrap(), [listed("a", 10, 31), listed("b", 20, 20)]);
}

#[test]
fn memory_holds_what_was_said() {
    let store = Store::open(&Place::Memory).unwrap();
    fill(&store);
    expect(&store);
    now(store.close()).unwrap();
}

#[test]
fn a_file_holds_what_was_said_after_it_was_closed() {
    let (folder, file) = new_file();
    let store = open(&file).unwrap();
    fill(&store);
    expect(&store);
    now(store.close()).unwrap();
    assert_eq!(files(folder.path()).keys().collect::<Vec<_>>(), [&file], "closing leaves one file");
    let store = open(&file).unwrap();
    expect(&store);
    now(store.close()).unwrap();
    now(store.close()).unwrap();
}

#[test]
fn folders_on_the_way_are_made() {
    let (folder, _) = new_file();
    let file = folder.path().join("not/yet/there.db");
    now(open(&file).unwrap().close()).unwrap();
    assert!(file.is_file());
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, file) = new_file();
    let store = open(&file).unwrap();
    now(store.create("a", "{}".to_string(), 1)).unwrap();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{}", entry.path().display());
    }
}

#[test]
fn dropping_the_last_clone_writes_what_waits() {
    let (_folder, file) = new_file();
    let store = open(&file).unwrap();
    let other = store.clone();
    drop(store);
    let created = other.create("a", "{}".to_string(), 1);
    let appended = other.append("a", entry(0));
    drop(other);
    now(created).unwrap();
    now(appended).unwrap();
}

#[test]
fn a_restart_has_a_new_base_and_nothing_else() {
    let store = Store::open(&Place::Memory).unwrap();
    fill(&store);
    now(store.restart("a", "{\"base\":3}".to_string())).unwrap();
    let recipe = load(&store, "a");
    assert_eq!((recipe.base.as_str(), recipe.generation, recipe.mark), ("{\"base\":3}", 1, 0));
    assert_eq!(recipe.log, []);
    now(store.append("a", entry(5))).unwrap();
    assert_eq!(load(&store, "a").log, [entry(5)]);
}

#[test]
fn a_mark_counts_from_the_last_entry() {
    let store = Store::open(&Place::Memory).unwrap();
    fill(&store);
    assert_eq!(load(&store, "a").mark, 7);
    now(store.append("a", entry(100))).unwrap();
    assert_eq!(load(&store, "a").mark, 0);
    // Said before the entry, so of no account after it, even if both reach the disk together.
    store.mark("a", 8);
    now(store.append("a", entry(101))).unwrap();
    assert_eq!(load(&store, "a").mark, 0);
}

#[test]
fn marks_reach_the_disk_on_their_own() {
    let (_folder, file) = new_file();
    let store = open(&file).unwrap();
    now(store.create("a", "{}".to_string(), 1)).unwrap();
    store.mark("a", 12);
    // Nothing else is said, and closing writes them too: so a copy of the open store is looked at until it has them.
    loop {
        let folder = tempfile::tempdir().unwrap();
        for (path, bytes) in files(file.parent().unwrap()) {
            std::fs::write(folder.path().join(path.file_name().unwrap()), bytes).unwrap();
        }
        let copy = open(&folder.path().join("sessions.db"));
        if copy.is_ok_and(|copy| load(&copy, "a").mark == 12) {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
}

#[test]
fn a_deleted_session_takes_its_log_along() {
    let store = Store::open(&Place::Memory).unwrap();
    fill(&store);
    now(store.delete("a")).unwrap();
    assert_eq!(now(store.load("a")).unwrap(), None);
    let unknown = Err(StoreError::UnknownSession { id: "a".to_string() });
    assert_eq!(now(store.delete("a")), unknown);
    assert_eq!(now(store.append("a", entry(0))), unknown);
    assert_eq!(now(store.restart("a", "{}".to_string())), unknown);
    now(store.create("a", "{}".to_string(), 50)).unwrap();
    assert_eq!(load(&store, "a").log, [], "its name can be used again");
}

#[test]
fn a_name_is_given_once() {
    let store = Store::open(&Place::Memory).unwrap();
    fill(&store);
    let exists = Err(StoreError::SessionExists { id: "a".to_string() });
    assert_eq!(now(store.create("a", "other".to_string(), 99)), exists);
    expect(&store);
}

#[test]
fn what_nobody_used_expires() {
    let store = Store::open(&Place::Memory).unwrap();
    fill(&store);
    assert_eq!(now(store.expire(20)).unwrap(), [""; 0]);
    assert_eq!(now(store.expire(31)).unwrap(), ["b"]);
    store.touch("a", 40);
    assert_eq!(now(store.expire(40)).unwrap(), [""; 0], "a use counts though it was just said");
    assert_eq!(load(&store, "a").log.len(), 100);
}

#[test]
fn a_trace_of_twenty_megabytes_fits() {
    let (_folder, file) = new_file();
    let store = open(&file).unwrap();
    let long = super::Entry { advanced: 3, command: "x".repeat(20_000_000) };
    now(store.create("a", "{}".to_string(), 1)).unwrap();
    now(store.append("a", long.clone())).unwrap();
    now(store.close()).unwrap();
    let store = open(&file).unwrap();
    assert!(load(&store, "a").log == [long]);
}
