//! How the dot products are computed: one file for each way, and the table of them.
//!
//! All kernels give the same scores, bit for bit. They differ in the instructions that they use,
//! and which of them this processor has is known when the program runs.

mod task;

use std::fmt;
use std::str::FromStr;

use crate::KernelError;
pub(crate) use task::Task;

/// Declares the kernels, a row each, from the slowest to the fastest: the name, which is also that
/// of the file. Its `find` returns its function, if this processor can run it.
macro_rules! kernels {
    ($($(#[$condition:meta])? $name:ident,)+) => {
        $($(#[$condition])? mod $name;)+

        const TABLE: &[Row] = &[
            $($(#[$condition])? Row { name: stringify!($name), find: $name::find },)+
        ];
    };
}

kernels! {
    scalar,
    portable,
    #[cfg(target_arch = "x86_64")] avx2,
    #[cfg(target_arch = "x86_64")] avx512_vnni,
}

/// A kernel that this processor can run.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Kernel {
    /// The index of a row of the table that this processor can run.
    row: usize,
}

/// A row of the table.
struct Row {
    name: &'static str,
    /// The kernel's function, if this processor can run it.
    find: fn() -> Option<Run>,
}

/// A kernel's function. It is unsafe to call without the processor's instructions that it is
/// compiled for.
type Run = unsafe fn(Task<'_>);

impl Kernel {
    /// The fastest kernel that this processor can run.
    pub fn best() -> Self {
        let best = Self::available().last();
        best.expect("every processor can run the plain loop")
    }

    /// The kernels that this processor can run, from the slowest to the fastest.
    pub fn available() -> impl Iterator<Item = Self> {
        let rows = (0..TABLE.len()).filter(|&row| (TABLE[row].find)().is_some());
        rows.map(|row| Self { row })
    }

    /// The name: `scalar`, `portable`, and on x86-64 `avx2` and `avx512_vnni`.
    pub fn name(self) -> &'static str {
        TABLE[self.row].name
    }

    /// Has the kernel do a piece of work: the one door to the instructions found at run time.
    #[allow(unsafe_code)]
    pub(crate) fn run(self, task: Task<'_>) {
        let run = (TABLE[self.row].find)().expect("a kernel is one that this processor can run");
        // SAFETY: the function was found because this processor has its instructions.
        unsafe { run(task) }
    }
}

impl fmt::Debug for Kernel {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl fmt::Display for Kernel {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

impl FromStr for Kernel {
    type Err = KernelError;

    /// The kernel of this [name](Self::name).
    fn from_str(name: &str) -> Result<Self, KernelError> {
        match TABLE.iter().position(|row| row.name == name) {
            Some(row) if (TABLE[row].find)().is_some() => Ok(Self { row }),
            Some(row) => Err(KernelError::Absent {
                name: TABLE[row].name,
            }),
            None => Err(KernelError::Unknown { name: name.into() }),
        }
    }
}
