//! The tests of the crate from outside, one program: each one more would be linked with all of the crate.

mod recovery;
mod second_opinion;
mod torture;
mod tree;
mod verdicts;
