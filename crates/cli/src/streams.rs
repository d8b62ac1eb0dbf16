//! Where a command prints.

use std::fmt;
use std::io::{self, IsTerminal, Write};

/// Standard output for data, standard error for talk.
pub(crate) struct Streams<'a> {
    /// Data.
    pub out: &'a mut dyn Write,
    /// Talk.
    pub err: &'a mut dyn Write,
    /// Whether a person sees the data.
    pub out_is_terminal: bool,
    /// Whether a person sees the talk.
    pub err_is_terminal: bool,
}

impl fmt::Debug for Streams<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Streams")
            .field("out_is_terminal", &self.out_is_terminal)
            .field("err_is_terminal", &self.err_is_terminal)
            .finish_non_exhaustive()
    }
}

/// Calls back with the streams of the process. Data is written in large pieces.
pub(crate) fn with_standard<T>(run: impl FnOnce(&mut Streams<'_>) -> T) -> T {
    let stdout = io::stdout();
    let (out_is_terminal, err_is_terminal) = (stdout.is_terminal(), io::stderr().is_terminal());
    // Unlocked: a panic elsewhere has to be able to complain.
    let mut out = io::BufWriter::with_capacity(1 << 16, stdout);
    let mut err = io::stderr();
    run(&mut Streams {
        out: &mut out,
        err: &mut err,
        out_is_terminal,
        err_is_terminal,
    })
}
