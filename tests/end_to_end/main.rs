//! The built binary, as its users call it.

mod bad_input;
#[cfg(feature = "run")]
mod catalog;
mod cli;
mod common;
mod compile;
mod explain_error;
mod iam_policy;
mod lsp;
mod pages;
mod preview;
#[cfg(feature = "run")]
mod run;
#[cfg(feature = "run")]
mod session;
mod stopped;
