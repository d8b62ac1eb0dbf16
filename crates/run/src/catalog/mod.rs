//! What there is in the Data Catalog, read from AWS into the state that a plan starts from.
//!
//! [`Diff`] says what a run would change of it. [`Wanted`] says what a plan depends on, [`pull`] asks for it. What nobody may see is marked as unknown, so that nothing is concluded
//! from its absence.

mod diff;
mod pull;
mod shown;
mod wanted;

pub use self::diff::{Change, ColumnChange, Diff, Difference, Facet};
pub use self::pull::{Pulled, pull};
pub use self::wanted::Wanted;
