//! What speaks with AWS for an editor: runs, rows, sessions, the catalog.
//!
//! None of it is done here. Each command is a process of its own, started by way of [`Host::carry_out`](crate::host::Host): what can be
//! stopped for certain, and takes nothing with it when it falls. It hands over what happens line by line; here that becomes progress,
//! questions, diagnostics and answers of the protocol.

mod at_work;
mod commands;
mod events;
mod rows;
mod run;
mod session;
mod task;
mod told;

pub(crate) use at_work::AtWork;
pub(crate) use commands::{COMMANDS, command, subject};
pub(crate) use rows::{SCHEME as ROWS, Texts};
pub(crate) use told::Told;

/// What a conversation keeps of it.
#[derive(Debug, Default)]
pub(crate) struct Runs {
    /// What is going on.
    pub(crate) at_work: AtWork,
    /// Rows that were shown.
    pub(crate) rows: Texts,
}
