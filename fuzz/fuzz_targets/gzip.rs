#![no_main]

#[path = "../../crates/mnist-idx/tests/checks/mod.rs"]
#[allow(dead_code, reason = "each target has one of the checks")]
mod checks;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| checks::gzip(bytes));
