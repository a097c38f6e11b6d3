//! How the dot products are computed: one file for each way, and the table of them.
//!
//! All kernels give the same scores, bit for bit. They differ in the instructions that they use,
//! and which of them this processor has is known when the program runs.

mod task;

use std::fmt;
use std::str::FromStr;

use crate::KernelError;
pub(crate) use task::Task;

/// The table of kernels, a row each, from the slowest to the fastest: the name, which is also that of
/// the file. Not part of the interface: it is public for this crate's tests.
#[doc(hidden)]
#[macro_export]
macro_rules! __kernels {
    ($with:ident) => {
        $with! {
            scalar,
            portable,
            #[cfg(target_arch = "x86_64")] avx2,
            #[cfg(target_arch = "x86_64")] avx512_vnni,
        }
    };
}

/// Declares the kernels. The `find` of each returns its function, if this processor can run it.
macro_rules! declare {
    ($($(#[$condition:meta])? $name:ident,)+) => {
        $($(#[$condition])? mod $name;)+

        const TABLE: &[Row] = &[
            $($(#[$condition])? Row { name: stringify!($name), find: $name::find },)+
        ];

        /// Also those of other processors.
        const NAMES: &[&str] = &[$(stringify!($name)),+];
    };
}

__kernels!(declare);

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
        // SAFETY: a function is found only where the processor has the instructions that it is
        // compiled for.
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
        let is_found = |row: &usize| (TABLE[*row].find)().is_some();
        let row = TABLE.iter().position(|row| row.name == name);
        match (
            row.filter(is_found),
            NAMES.iter().find(|&&known| known == name),
        ) {
            (Some(row), _) => Ok(Self { row }),
            (None, Some(name)) => Err(KernelError::Absent { name }),
            (None, None) => Err(KernelError::Unknown { name: name.into() }),
        }
    }
}
