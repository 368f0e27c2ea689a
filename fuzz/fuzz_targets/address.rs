//! The fuzzer's program for addresses: all it does is in `glassgpt_fuzz::address`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| glassgpt_fuzz::address(bytes));
