//! The statements.
//!
//! Why apart: what is said to the tables of `schema` stands in one place.

use rusqlite::{Connection, OptionalExtension, Result, Row, params};

use super::queue::{Notes, Order, Write};
use super::{Entry, KeptCorpus, Listed, Recipe, StoreError};

type Outcome<T> = std::result::Result<T, StoreError>;

/// Carries out an order. Outside, a failure of the whole transaction; inside, of this order alone.
pub(super) fn carry_out(connection: &Connection, Order { id, write, .. }: &Order) -> Result<Outcome<()>> {
    let found = match write {
        Write::Create { base, now } => {
            let created = connection.execute(
                "INSERT INTO sessions (id, base, generation, mark, created_at, last_used)
                 VALUES (?1, ?2, 0, 0, ?3, ?3) ON CONFLICT DO NOTHING",
                params![id, base, now],
            )?;
            return Ok(if created == 0 { Err(StoreError::SessionExists { id: id.clone() }) } else { Ok(()) });
        }
        Write::Append(Entry { advanced, command }) => {
            let found = connection.execute("UPDATE sessions SET mark = 0 WHERE id = ?1", [id])?;
            if found > 0 {
                connection.execute(
                    "INSERT INTO log (session, n, advanced, command)
                     SELECT ?1, coalesce(max(n) + 1, 0), ?2, ?3 FROM log WHERE session = ?1",
                    params![id, advanced, command],
                )?;
            }
            found
        }
        Write::Restart { base } => {
            connection.execute("DELETE FROM log WHERE session = ?1", [id])?;
            connection.execute(
                "UPDATE sessions SET base = ?2, generation = generation + 1, mark = 0 WHERE id = ?1",
                [id, base],
            )?
        }
        Write::Delete => connection.execute("DELETE FROM sessions WHERE id = ?1", [id])?,
        Write::KeepCorpus { about, text } => {
            let keep = "INSERT INTO corpora (name, about, text) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
            let kept = connection.execute(keep, [id, about, text])?;
            return Ok(if kept == 0 { Err(StoreError::CorpusExists { name: id.clone() }) } else { Ok(()) });
        }
        Write::DropCorpus => {
            connection.execute("DELETE FROM corpora WHERE name = ?1", [id])?;
            return Ok(Ok(()));
        }
    };
    Ok(if found == 0 { Err(StoreError::UnknownSession { id: id.clone() }) } else { Ok(()) })
}

/// Writes down marks and uses of sessions that are there.
pub(super) fn note(connection: &Connection, notes: &Notes) -> Result<()> {
    let mut update = connection.prepare(
        "UPDATE sessions SET mark = coalesce(?2, mark), last_used = max(last_used, coalesce(?3, last_used)) WHERE id = ?1",
    )?;
    for (id, note) in notes {
        update.execute(params![id, note.mark, note.last_used])?;
    }
    Ok(())
}

pub(super) fn load(connection: &Connection, id: &str) -> Outcome<Option<Recipe>> {
    let session = connection
        .query_row("SELECT base, generation, mark, created_at, last_used FROM sessions WHERE id = ?1", [id], |row| {
            Ok(Recipe {
                base: row.get(0)?,
                generation: row.get(1)?,
                log: Vec::new(),
                mark: row.get(2)?,
                created_at: row.get(3)?,
                last_used: row.get(4)?,
            })
        })
        .optional()
        .map_err(unreadable)?;
    let Some(mut recipe) = session else { return Ok(None) };
    for (n, (place, entry)) in (0..).zip(log(connection, id).map_err(unreadable)?) {
        if place != n {
            return Err(StoreError::Gap { id: id.to_string(), n });
        }
        recipe.log.push(entry);
    }
    Ok(Some(recipe))
}

/// The entries with their numbers, in their order.
fn log(connection: &Connection, id: &str) -> Result<Vec<(u32, Entry)>> {
    let entry = |row: &Row<'_>| Ok((row.get(0)?, Entry { advanced: row.get(1)?, command: row.get(2)? }));
    let mut select = connection.prepare("SELECT n, advanced, command FROM log WHERE session = ?1 ORDER BY n")?;
    select.query_map([id], entry)?.collect()
}

pub(super) fn list(connection: &Connection) -> Outcome<Vec<Listed>> {
    let listed = |row: &Row<'_>| Ok(Listed { id: row.get(0)?, created_at: row.get(1)?, last_used: row.get(2)? });
    let list = || -> Result<Vec<Listed>> {
        let mut select =
            connection.prepare("SELECT id, created_at, last_used FROM sessions ORDER BY last_used DESC, id")?;
        select.query_map([], listed)?.collect()
    };
    list().map_err(unreadable)
}

pub(super) fn corpora(connection: &Connection) -> Outcome<Vec<KeptCorpus>> {
    let corpus = |row: &Row<'_>| Ok(KeptCorpus { name: row.get(0)?, about: row.get(1)?, text: row.get(2)? });
    let all = || -> Result<Vec<KeptCorpus>> {
        let mut select = connection.prepare("SELECT name, about, text FROM corpora ORDER BY rowid")?;
        select.query_map([], corpus)?.collect()
    };
    all().map_err(unreadable)
}

pub(super) fn expire(connection: &Connection, before: i64) -> Outcome<Vec<String>> {
    let expire = || -> Result<Vec<String>> {
        let mut delete = connection.prepare("DELETE FROM sessions WHERE last_used < ?1 RETURNING id")?;
        delete.query_map([before], |row| row.get(0))?.collect()
    };
    expire().map_err(|error| StoreError::NotWritten { reason: error.to_string() })
}

fn unreadable(error: rusqlite::Error) -> StoreError {
    StoreError::Unreadable { reason: error.to_string() }
}
