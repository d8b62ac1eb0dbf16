//! A plan, carried out on a session of AWS Glue.
//!
//! What the preview shows is what is sent: the same macros and the same adapter send the same statements
//! ([`glueline_render::Live`]), and this crate says how they reach a session and how what comes back is read.

mod answer;
pub mod catalog;
mod channel;
mod hold;
mod runner;
mod verdict;

pub use self::answer::{Column, Table};
pub use self::channel::{Channel, Link};
pub use self::runner::{Doors, Ear, Gate, Heard, Previewed, Runner, Sending};
pub use self::verdict::Verdict;
