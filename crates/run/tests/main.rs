//! The tests of the crate from outside, one program: each one more would be linked with all of the crate.

mod diff;
mod pull;
