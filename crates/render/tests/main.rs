//! The tests of the crate from outside, one program: each one more would be linked with all of the crate.

mod adapter;
mod builtin;
mod context;
mod failures;
mod live;
mod materializations;
mod methods;
mod names;
mod operation;
mod parsing;
mod renew;
mod source_map;
