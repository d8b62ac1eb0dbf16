//! A plan, carried out on a session of AWS Glue.
//!
//! What the preview shows is what is sent: the same macros and the same adapter send the same statements
//! ([`glueline_render::Live`]), and this crate says how they reach a session and how what comes back is read.

pub mod catalog;
