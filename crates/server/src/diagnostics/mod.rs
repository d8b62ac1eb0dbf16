//! What is wrong, as the client is told: at once for what is typed, and for everything once the typing pauses.
//!
//! A client is either sent diagnostics ([`keeper`]) or asks for them ([`crate::handlers::diagnostic`]), never both.

mod keeper;
mod report;

pub(crate) use keeper::keep;
pub(crate) use report::{Report, Whole, document_report, nothing};
