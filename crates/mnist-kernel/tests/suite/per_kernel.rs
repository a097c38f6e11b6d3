//! A test of a kernel is written once, and is a test of its own for each kernel.

use std::collections::BTreeSet;
use std::env;
use std::io::{self, Write};
use std::sync::Mutex;

use mnist_kernel::{Kernel, KernelError};

/// The kernels that this variable names, such as `avx2,avx512_vnni`, are not to be skipped.
const REQUIRED: &str = "MNIST_KERNELS";

/// Makes each function `fn name(kernel) { … }` the tests `name::scalar`, `name::portable`, …
macro_rules! per_kernel {
    ($($(#[$attribute:meta])* fn $name:ident($kernel:ident) $body:block)+) => {$(
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            $(#[$attribute])*
            fn test($kernel: mnist_kernel::Kernel) $body

            use $crate::per_kernel::{run, tests};
            mnist_kernel::__kernels!(tests);
        }
    )+};
}

macro_rules! tests {
    ($($(#[$condition:meta])? $kernel:ident,)+) => {$(
        #[test]
        fn $kernel() {
            run(stringify!($kernel), test);
        }
    )+};
}

pub(crate) use {per_kernel, tests};

/// Runs a test of a kernel, or says once that the tests of this kernel are skipped.
pub fn run(name: &'static str, test: fn(Kernel)) {
    static SKIPPED: Mutex<BTreeSet<&str>> = Mutex::new(BTreeSet::new());
    match name.parse() {
        Ok(kernel) => test(kernel),
        Err(error @ KernelError::Absent { .. }) => {
            let required = env::var(REQUIRED).unwrap_or_default();
            let required = required.split(',').any(|required| required == name);
            assert!(!required, "{REQUIRED} names {name}, but {error}");
            if SKIPPED.lock().unwrap().insert(name) {
                // Not `eprintln`, which only shows with a test that fails.
                let _ = writeln!(io::stderr(), "tests of {name} are skipped: {error}");
            }
        }
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn required_kernels_are_kernels() {
    for required in env::var(REQUIRED).iter().flat_map(|names| names.split(',')) {
        let kernel = required.parse::<Kernel>();
        assert!(kernel.is_ok(), "{REQUIRED} names {required}: {kernel:?}");
    }
}
