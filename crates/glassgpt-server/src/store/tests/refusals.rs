//! Files that are not ours to use: each is refused by name, and left as it was.
//!
//! Why whole folders are compared: a file made beside a stranger's database is a trace too.

use std::fs;
use std::path::Path;

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use super::super::schema::{APPLICATION_ID, VERSION};
use super::super::{Store, StoreError};
use super::{entry, files, load, new_file, now, open, refused};

/// A store of some 400 kB.
fn ours(file: &Path) {
    let store = open(file).unwrap();
    now(store.create("a", "{}".to_string(), 0)).unwrap();
    for n in 0..4 {
        now(store.append("a", super::Entry { advanced: n, command: "x".repeat(100_000) })).unwrap();
    }
    now(store.close()).unwrap();
}

/// Changes a database, and leaves it as a killed program would: what was said lies in the file beside it.
fn say_and_die(file: &Path, sql: &str) {
    let connection = Connection::open(file).unwrap();
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).unwrap();
    connection.pragma_update(None, "locking_mode", "EXCLUSIVE").unwrap();
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(())).unwrap();
    connection.execute_batch(sql).unwrap();
    drop(connection);
    let journal = file.with_extension("db-wal");
    assert!(fs::metadata(journal).unwrap().len() > 0, "nothing lies beside it");
}

/// The refusal, once it has shown to leave no trace.
fn refused_untouched(file: &Path) -> StoreError {
    let folder = file.parent().unwrap();
    let before = files(folder);
    let refusal = refused(file);
    assert!(before == files(folder), "{refusal}: and yet something was touched");
    assert_eq!(refused(file), refusal, "the second time as the first");
    assert!(refusal.to_string().contains("sessions.db"), "{refusal}");
    refusal
}

#[test]
fn text_is_not_a_database() {
    let (_folder, file) = new_file();
    for text in ["short".to_string(), "emma\nolivia\n".repeat(1000)] {
        fs::write(&file, text).unwrap();
        assert!(matches!(refused_untouched(&file), StoreError::NotADatabase { .. }));
    }
}

#[test]
fn a_folder_is_not_a_database() {
    let (_folder, file) = new_file();
    fs::create_dir(&file).unwrap();
    assert!(matches!(refused(&file), StoreError::Unusable { .. }));
    assert!(file.is_dir());
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let (folder, _) = new_file();
    fs::write(folder.path().join("taken"), "a file").unwrap();
    let refusal = refused(&folder.path().join("taken/sessions.db"));
    assert!(matches!(refusal, StoreError::Unusable { .. }), "{refusal}");
}

#[test]
fn another_programs_database_stays_its_own() {
    let (_folder, file) = new_file();
    let create = |sql: &str| {
        fs::remove_file(&file).ok();
        Connection::open(&file).unwrap().execute_batch(sql).unwrap();
        refused_untouched(&file)
    };
    let path = fs::canonicalize(file.parent().unwrap()).unwrap().join("sessions.db");
    let foreign = |application_id| StoreError::Foreign { file: path.clone(), application_id };
    assert_eq!(create("PRAGMA application_id = 7;"), foreign(7));
    assert_eq!(create("PRAGMA application_id = 7; CREATE TABLE t (x);"), foreign(7));
    assert_eq!(create("CREATE TABLE t (x);"), foreign(0));
    assert_eq!(create("PRAGMA user_version = 1;"), foreign(0));
    assert_eq!(create("PRAGMA journal_mode = WAL; CREATE TABLE t (x);"), foreign(0));
}

#[test]
fn another_programs_database_stays_its_own_after_that_program_was_killed() {
    for sql in ["CREATE TABLE t (x);", "PRAGMA application_id = 7; CREATE TABLE t (x);", "PRAGMA user_version = 3;"] {
        let (_folder, file) = new_file();
        say_and_die(&file, sql);
        assert!(matches!(refused_untouched(&file), StoreError::Foreign { .. }), "{sql}");
    }
}

#[test]
fn a_newer_database_waits_for_a_newer_program() {
    let (_folder, file) = new_file();
    ours(&file);
    for version in [VERSION + 1, 99, -1] {
        Connection::open(&file).unwrap().pragma_update(None, "user_version", version).unwrap();
        let refusal = refused_untouched(&file);
        assert!(matches!(refusal, StoreError::Newer { version: found, .. } if found == version), "{refusal}");
        assert!(refusal.to_string().contains(&format!("version {version}")), "{refusal}");
    }
}

#[test]
fn a_newer_database_is_known_by_what_lies_beside_it() {
    let (_folder, file) = new_file();
    ours(&file);
    say_and_die(&file, "PRAGMA user_version = 99;");
    assert!(matches!(refused_untouched(&file), StoreError::Newer { version: 99, .. }));
}

#[test]
fn a_truncated_database_is_damaged() {
    let (_folder, file) = new_file();
    ours(&file);
    let whole = fs::read(&file).unwrap();
    for length in [whole.len() / 2, 4096, 1000] {
        fs::write(&file, &whole[..length]).unwrap();
        let refusal = refused_untouched(&file);
        assert!(matches!(refusal, StoreError::Damaged { .. } | StoreError::NotADatabase { .. }), "{length}: {refusal}");
    }
    fs::write(&file, &whole).unwrap();
    assert_eq!(load(&open(&file).unwrap(), "a").log.len(), 4, "the whole one is none the worse");
}

#[test]
fn a_page_of_noise_is_found() {
    let (_folder, file) = new_file();
    ours(&file);
    let mut bytes = fs::read(&file).unwrap();
    bytes[4096..8192].fill(0xa5);
    fs::write(&file, bytes).unwrap();
    assert!(matches!(refused_untouched(&file), StoreError::Damaged { .. }));
}

#[test]
fn damage_is_found_before_what_lies_beside_is_used() {
    let (_folder, file) = new_file();
    ours(&file);
    say_and_die(&file, "UPDATE sessions SET mark = 5;");
    let mut bytes = fs::read(&file).unwrap();
    let last = bytes.len() - 4096;
    bytes.truncate(last);
    bytes[5 * 4096..].fill(0xa5);
    fs::write(&file, bytes).unwrap();
    assert!(matches!(refused_untouched(&file), StoreError::Damaged { .. }));
}

#[test]
fn a_read_only_file_is_not_written_around() {
    let (_folder, file) = new_file();
    ours(&file);
    let mut permissions = fs::metadata(&file).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&file, permissions).unwrap();
    assert!(matches!(refused_untouched(&file), StoreError::ReadOnly { .. }));
}

#[test]
fn nobody_uses_a_file_twice() {
    let (_folder, file) = new_file();
    let store = open(&file).unwrap();
    assert!(matches!(refused(&file), StoreError::InUse { .. }));
    #[cfg(unix)]
    {
        let link = file.with_extension("link");
        std::os::unix::fs::symlink(&file, &link).unwrap();
        assert!(matches!(refused(&link), StoreError::InUse { .. }), "not under another name either");
    }
    now(store.create("a", "{}".to_string(), 0)).unwrap();
    now(store.append("a", entry(0))).unwrap();
    now(store.close()).unwrap();
    assert_eq!(load(&open(&file).unwrap(), "a").log, [entry(0)]);
}

#[test]
fn what_a_program_killed_at_birth_left_is_taken_over() {
    let (_folder, file) = new_file();
    let works = |store: Store| {
        now(store.create("a", "{}".to_string(), 0)).unwrap();
        now(store.close()).unwrap();
        fs::remove_file(&file).unwrap();
    };
    fs::write(&file, "").unwrap();
    works(open(&file).unwrap());
    Connection::open(&file).unwrap().pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(())).unwrap();
    assert_eq!(fs::metadata(&file).unwrap().len(), 4096);
    works(open(&file).unwrap());
}

#[test]
fn what_a_killed_program_left_beside_is_brought_in() {
    let (_folder, file) = new_file();
    ours(&file);
    say_and_die(&file, "UPDATE sessions SET mark = 5;");
    let store = open(&file).unwrap();
    assert_eq!(load(&store, "a").mark, 5);
    now(store.close()).unwrap();
    assert!(fs::read(&file).unwrap()[68..72] == APPLICATION_ID.to_be_bytes());
}

#[test]
fn paths_may_hold_what_uris_may_not() {
    let (folder, _) = new_file();
    let file = folder.path().join("a?b=c#d %41 é/sessions.db");
    ours(&file);
    assert_eq!(load(&open(&file).unwrap(), "a").log.len(), 4);
}
