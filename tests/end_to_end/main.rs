//! The built binary, as its users call it.

mod bad_input;
mod cli;
mod common;
mod compile;
mod explain_error;
mod iam_policy;
mod lsp;
mod pages;
mod preview;
#[cfg(feature = "run")]
mod session;
mod stopped;
