//! The server as its clients meet it: through a real listener on 127.0.0.1.
//!
//! Why so few: what a session does is tested in the lab; here it is whether the words and numbers arrive.

mod client;
mod description;

mod api;
mod compressing;
mod crowding;
mod describing;
mod doors;
mod examples;
mod guarding;
mod http;
mod keeping;
mod retraining;
mod s0;
mod s4;
mod shutdown;
mod socket;
