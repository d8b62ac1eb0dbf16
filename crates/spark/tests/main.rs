//! The tests of the crate from outside, one program: each one more would be linked with all of the crate.

mod analyze;
mod common;
mod facts;
mod queries;
mod second_reader;
mod suspect;
mod syntax;
mod verdicts;
