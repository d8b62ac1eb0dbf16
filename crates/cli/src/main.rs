//! The command line of Glueline: arguments, settings, reports and fixes around one analysis.

mod args;
mod exit;
mod progress;
mod report;

fn main() {}
