//! The fuzzer's program for model files and traces: all it does is in `glassgpt_fuzz::model`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| glassgpt_fuzz::model(bytes));
