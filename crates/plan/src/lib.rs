//! What a run of dbt would send to AWS Glue, in order, before a session exists.
//!
//! [`Plan::new`] plays a command of dbt through: the nodes that it takes up, in the order in which one thread takes them up, each
//! with its statements and calls ([`glueline_render::Run`]). It sends nothing; what is previewed is what would be run, and
//! [`Plan::carry_out`] runs it.

pub mod answer;
mod carry;
mod command;
pub mod fault;
mod order;
mod plan;
pub mod policy;
mod secrets;
pub mod show;
pub mod step;

pub use carry::{Begun, Carrying, Observer};
pub use command::Command;
pub use plan::{Plan, PlannedNode, Request, Status};
pub use secrets::{Secrets, secrets};
pub use step::{Ask, Danger, Effect, Harm, Step, Strikes};
