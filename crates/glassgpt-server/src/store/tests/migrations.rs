//! Older databases become present ones, a step at a time.
//!
//! Why with invented steps as well: the machinery must work before the next version.

use rusqlite::Connection;

use super::super::schema::{APPLICATION_ID, MIGRATIONS, VERSION, migrate};
use super::{load, new_file, now, open};

const STEPS: [&str; 2] = ["CREATE TABLE one (x);", "CREATE TABLE two (x); INSERT INTO one VALUES (1);"];
const BROKEN: [&str; 2] = [STEPS[0], "CREATE TABLE two (x); INSERT INTO three VALUES (1);"];

fn number(connection: &Connection, pragma: &str) -> i32 {
    connection.pragma_query_value(None, pragma, |row| row.get(0)).unwrap()
}

fn tables(connection: &Connection) -> String {
    let names = "SELECT coalesce(group_concat(name), '') FROM (SELECT name FROM sqlite_schema ORDER BY name)";
    connection.query_row(names, [], |row| row.get(0)).unwrap()
}

#[test]
fn each_step_is_taken_once() {
    let mut connection = Connection::open_in_memory().unwrap();
    migrate(&mut connection, &STEPS[..1]).unwrap();
    assert_eq!((number(&connection, "user_version"), tables(&connection).as_str()), (1, "one"));
    for _ in 0..2 {
        migrate(&mut connection, &STEPS).unwrap();
        assert_eq!((number(&connection, "user_version"), tables(&connection).as_str()), (2, "one,two"));
    }
    let rows: u32 = connection.query_row("SELECT count(*) FROM one", [], |row| row.get(0)).unwrap();
    assert_eq!(rows, 1);
    assert_eq!(number(&connection, "application_id"), APPLICATION_ID);
}

#[test]
fn a_step_that_fails_leaves_the_one_before() {
    let mut connection = Connection::open_in_memory().unwrap();
    migrate(&mut connection, &BROKEN).unwrap_err();
    assert_eq!((number(&connection, "user_version"), tables(&connection).as_str()), (1, "one"));
    migrate(&mut connection, &STEPS).unwrap();
    assert_eq!((number(&connection, "user_version"), tables(&connection).as_str()), (2, "one,two"));
}

#[test]
fn a_file_of_the_first_version_keeps_its_sessions() {
    let (_folder, file) = new_file();
    let mut connection = Connection::open(&file).unwrap();
    migrate(&mut connection, &MIGRATIONS[..1]).unwrap();
    connection.execute("INSERT INTO sessions VALUES ('a', '{}', 0, 5, 10, 20)", []).unwrap();
    drop(connection);
    let store = open(&file).unwrap();
    assert_eq!(load(&store, "a").mark, 5);
    assert_eq!(now(store.corpora()).unwrap(), []);
    now(store.close()).unwrap();
}

#[test]
fn a_new_file_is_of_the_present_version_and_ours() {
    let (_folder, file) = new_file();
    now(open(&file).unwrap().close()).unwrap();
    let connection = Connection::open(&file).unwrap();
    assert_eq!(number(&connection, "user_version"), VERSION);
    assert_eq!(number(&connection, "application_id"), APPLICATION_ID);
    assert_eq!(VERSION as usize, MIGRATIONS.len());
}
