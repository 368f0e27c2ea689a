//! The fuzzer's program for formulas: all it does is in `glassgpt_fuzz::expression`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| glassgpt_fuzz::expression(bytes));
