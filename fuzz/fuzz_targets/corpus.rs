//! The fuzzer's program for corpora: all it does is in `glassgpt_fuzz::corpus`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| glassgpt_fuzz::corpus(bytes));
