//! The tests of the crate from outside, one program: each one more would be linked with all of the crate.

mod common;
mod fixes;
mod node_torture;
mod page_torture;
mod profile_torture;
mod setting_torture;
mod stops;
