//! What dbt leaves behind of a command, for the tools that read it: `run_results.json` and `manifest.json`.
//!
//! Both are of the schemas that dbt-core 1.12 writes (`run-results` v6 and `manifest` v12; `dbt/artifacts/schemas/`). What nobody knows
//! is `null` where dbt's own schema has room for that, and is never made up. This crate makes texts; who calls it writes them.

mod invocation;
mod json;
mod manifest;
mod results;
mod selectors;
mod times;

pub use invocation::Invocation;
pub use manifest::{Code, manifest};
pub use results::{Ran, Timing, run_results};
