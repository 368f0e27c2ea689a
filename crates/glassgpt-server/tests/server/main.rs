//! The server as its clients meet it: through a real listener on 127.0.0.1.
//!
//! Why so few: what a session does is tested in the lab; here it is whether the words and numbers arrive.

mod client;
mod description;

mod api;
mod describing;
mod guarding;
mod http;
mod retraining;
mod shutdown;
mod socket;
