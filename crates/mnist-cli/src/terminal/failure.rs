//! How a failure ends the program.

use std::io;
use std::process::{self, ExitCode};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};

use super::text::printable;

/// Options that contradict each other or the data. The program ends with 2, as for an unknown
/// option.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct UsageError(pub String);

/// Fails with a [`UsageError`] of this message, as `bail!` does with any.
macro_rules! usage {
    ($($message:tt)*) => {
        return Err($crate::terminal::UsageError(format!($($message)*)).into())
    };
}
pub(crate) use usage;

/// Ctrl-C was pressed; what had finished by then has been printed.
#[derive(Debug, thiserror::Error)]
#[error("interrupted")]
pub struct Interrupted;

impl Interrupted {
    /// The exit code that shells give to a program ended by the signal.
    const EXIT_CODE: u8 = 130;

    /// A flag that becomes true with the first Ctrl-C. The second ends the program at once.
    pub fn by_ctrl_c() -> Result<Arc<AtomicBool>> {
        let interrupted = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&interrupted);
        let handler = move || {
            if flag.swap(true, Ordering::Relaxed) {
                process::exit(Self::EXIT_CODE.into());
            }
        };
        ctrlc::set_handler(handler).context("Ctrl-C can't be handled")?;
        Ok(interrupted)
    }
}

/// Prints the error and chooses the exit code: 2 for usage, 130 for Ctrl-C, 1 for any other
/// failure. If the reader has closed our stdout, as `head` does, that is a success.
pub fn report(error: &anyhow::Error) -> ExitCode {
    let mut causes = error.chain().filter_map(|cause| cause.downcast_ref());
    if causes.any(|cause: &io::Error| cause.kind() == io::ErrorKind::BrokenPipe) {
        return ExitCode::SUCCESS;
    }
    eprintln!("error: {}", printable(&format!("{error:#}")));
    ExitCode::from(if error.is::<UsageError>() {
        2
    } else if error.is::<Interrupted>() {
        Interrupted::EXIT_CODE
    } else {
        1
    })
}
