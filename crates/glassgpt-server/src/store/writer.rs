//! The one thread that touches the database.
//!
//! Why one: SQLite writes one transaction at a time anyway. While it waits for the disk the next batch gathers, so a commit is
//! shared by all who came meanwhile.

use std::sync::Arc;
use std::thread;

use rusqlite::{Connection, Result, TransactionBehavior};

use super::open::Opened;
use super::queue::{Notes, Order, Queue, Request, Turn, Write};
use super::{StoreError, table};

/// Starts the thread.
///
/// # Errors
/// If the system gives none.
pub(super) fn spawn(opened: Opened, queue: Arc<Queue>) -> std::result::Result<(), StoreError> {
    let file = opened.file.clone();
    let work = move || {
        let _farewell = Farewell(queue.clone());
        Writer { opened, queue }.run();
    };
    match thread::Builder::new().name("store".to_string()).spawn(work) {
        Ok(_) => Ok(()),
        Err(error) => Err(StoreError::Unusable { file, reason: error.to_string() }),
    }
}

/// Whatever ends the thread, nobody waits for it in vain.
struct Farewell(Arc<Queue>);

impl Drop for Farewell {
    fn drop(&mut self) {
        self.0.end(&Err(StoreError::Closed));
    }
}

struct Writer {
    opened: Opened,
    queue: Arc<Queue>,
}

impl Writer {
    fn run(mut self) {
        loop {
            match self.queue.take() {
                Turn::Commit { orders, notes } => self.commit(orders, &notes),
                Turn::Answer(request) => self.answer(request),
                Turn::End => return self.finish(),
            }
        }
    }

    fn commit(&mut self, orders: Vec<Order>, notes: &Notes) {
        match write(&mut self.opened.connection, &orders, notes) {
            Ok(outcomes) => {
                for (order, outcome) in orders.into_iter().zip(outcomes) {
                    if matches!((&order.write, &outcome), (Write::Delete, Ok(()))) {
                        self.queue.in_step(&order.id);
                    }
                    drop(order.reply.send(outcome));
                }
            }
            Err(error) => {
                let reason = error.to_string();
                let lost = orders.iter().filter(|order| order.continues()).map(|order| order.id.clone());
                // First this, so that nobody who hears of the failure finds the session still in step.
                self.queue.out_of_step(lost);
                for order in orders {
                    drop(order.reply.send(Err(StoreError::NotWritten { reason: reason.clone() })));
                }
            }
        }
    }

    fn answer(&mut self, request: Request) {
        let connection = &mut self.opened.connection;
        match request {
            Request::Load { id, reply } => {
                let recipe = table::load(connection, &id);
                if recipe.is_ok() {
                    self.queue.in_step(&id);
                }
                drop(reply.send(recipe));
            }
            Request::List { reply } => drop(reply.send(table::list(connection))),
            Request::Corpora { reply } => drop(reply.send(table::corpora(connection))),
            Request::Expire { before, reply } => {
                let gone = table::expire(connection, before);
                gone.iter().flatten().for_each(|id| self.queue.in_step(id));
                drop(reply.send(gone));
            }
        }
    }

    fn finish(self) {
        let Opened { connection, claim, .. } = self.opened;
        let tidied = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        let closed = connection.close().map_err(|(_, error)| error);
        drop(claim);
        let outcome = tidied.and(closed).map_err(|error| StoreError::NotWritten { reason: error.to_string() });
        self.queue.end(&outcome);
    }
}

/// All in one transaction. What does not fit the table fails alone; anything else fails together.
fn write(
    connection: &mut Connection,
    orders: &[Order],
    notes: &Notes,
) -> Result<Vec<std::result::Result<(), StoreError>>> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let outcomes = orders.iter().map(|order| table::carry_out(&transaction, order)).collect::<Result<_>>()?;
    table::note(&transaction, notes)?;
    transaction.commit()?;
    Ok(outcomes)
}
