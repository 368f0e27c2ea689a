//! The fuzzer's program for messages of a client: all it does is in `glassgpt_fuzz::command`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| glassgpt_fuzz::command(bytes));
