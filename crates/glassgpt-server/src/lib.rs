//! Experiments over HTTP and WebSocket, with the page embedded: everything `glassgpt lab` does on a network.
//!
//! Why this crate: it is the only one that knows tokio and axum. Ports, signals, logging and the browser belong to the
//! program; what an experiment is belongs to `glassgpt-lab`. In between, a fixed pool of threads
//! gives every session its turns, so that training never holds up an answer, and a store writes down what was accepted.
//!
//! The modules in reading order: the server ([`serve()`], `connections`, `app`), who may speak (`guard`) and how often (`rate`), what is said over HTTP
//! (`api`, `body`, `error`, `encoding`, `page`, `compression`) and over the socket (`socket`, `peer`, `feed`, `outbox`), the interfaces of two older
//! systems (`compat`), what is around all of it (`outside`), the corpora that people add (`shelf`), and the sessions behind it (`sessions`, `awake`, `handle`, `glance`,
//! `driver`), their turns (`pool`) and memory (`share`), and what is kept of them (`record`, `store`). Every bound stands in [`limits`], the store's
//! in its own.
//!
//! # Example
//! ```
//! use glassgpt_lab::Library;
//! use glassgpt_server::{ServerOptions, serve};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> std::io::Result<()> {
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
//! let stop_at_once = async {}; // a program waits for Ctrl-C here
//! let options = ServerOptions::new(Library::embedded(), "0.1.0").map_err(std::io::Error::other)?;
//! serve(listener, options, stop_at_once).await
//! # }
//! ```

mod serve;
mod connections;
mod in_flight;
mod app;

mod guard;
mod rate;
mod outside;

mod api;
mod body;
mod error;
mod encoding;
mod page;
mod compression;
mod answers;

mod socket;
mod peer;
mod feed;
mod outbox;

mod compat;

mod shelf;

mod sessions;
mod awake;
mod handle;
mod glance;
mod driver;
mod pool;
mod share;
mod record;
mod store;

pub mod limits;

pub use app::{INSTANCE_RULE, ORIGIN_RULE, ServerOptions, TOKEN_RULE, is_instance, is_origin, is_token};
pub use limits::Limits;
pub use serve::serve;
pub use store::{Place, Store, StoreError};
