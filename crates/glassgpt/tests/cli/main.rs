//! The real program, run as people and scripts run it.

mod support;

mod train;
mod model;
mod input;
mod files;
mod tell;
mod read;
mod why;
mod export;
mod bench;
mod help;
#[cfg(unix)]
mod process;
