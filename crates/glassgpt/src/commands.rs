//! The commands, one file each: its flags, what it does, and how it tells.

pub(crate) mod train;
pub(crate) mod generate;
pub(crate) mod explain;
pub(crate) mod read;
pub(crate) mod why;
pub(crate) mod export;
pub(crate) mod replay;
pub(crate) mod verify;
pub(crate) mod bench;
pub(crate) mod graph;
pub(crate) mod data;
pub(crate) mod lab;
pub(crate) mod info;
pub(crate) mod completions;
