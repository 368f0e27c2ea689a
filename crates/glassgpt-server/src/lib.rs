//! Experiments over HTTP and WebSocket, with the page embedded: everything `glassgpt lab` does on a network.
//!
//! Why this crate: it is the only one that knows tokio and axum. Ports, signals, logging and the browser belong to the
//! program; what an experiment is belongs to `glassgpt-lab`. In between, each session has a thread of its own, so that
//! training never holds up an answer.
//!
//! The modules in reading order: the server ([`serve()`], `app`), who may speak (`guard`), what is said over HTTP
//! (`api`, `http`, `s4`, `body`, `error`, `page`) and over the socket (`socket`, `feed`), and the sessions behind it
//! (`sessions`, `handle`, `driver`). Every bound stands in [`limits`].
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
//! serve(listener, ServerOptions::new(Library::embedded(), "0.1.0"), stop_at_once).await
//! # }
//! ```

mod serve;
mod app;

mod guard;

mod api;
mod http;
mod s4;
mod body;
mod error;
mod page;

mod socket;
mod feed;

mod sessions;
mod handle;
mod driver;

pub mod limits;

pub use app::{ServerOptions, router};
pub use serve::serve;
