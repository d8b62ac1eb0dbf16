//! Sessions of AWS Glue: made, waited for, found again, stopped. The one crate that knows the AWS SDK.
//!
//! [`Api`] has the calls, each made once, in plain types; [`Aws`] makes them. [`Caller`] makes them again where that does no harm.
//! [`Sessions`] keeps one session for each target, and [`Store`] what is written down of it: a record stands before its session is
//! asked for, so that whatever a killed command leaves behind is found by the next one. [`Statements`] sends code to a session.

mod api;
mod aws;
mod catalog;
mod clock;
mod error;
mod price;
mod record;
mod retry;
mod sessions;
mod statements;

pub use self::api::{
    Answer, Api, Identity, NewSession, Page, Refusal, Session, SessionState, Statement, StatementError,
    StatementState,
};
pub use self::aws::{Aws, Settings};
pub use self::catalog::{CatalogColumn, CatalogTable, CellsFilter, LakeTags, Tagged};
pub use self::clock::{Clock, SystemClock};
pub use self::error::{Denied, Error, Kind};
pub use self::price::{DOLLARS_PER_DPU_HOUR, Usage, idle_left, usage};
pub use self::record::{Lock, Owner, Phase, Process, Record, Store};
pub use self::retry::{Backoff, Caller};
pub use self::sessions::{Choice, How, Listed, Sessions, Started, Wanted, digest};
pub use self::statements::{Ran, Statements};
