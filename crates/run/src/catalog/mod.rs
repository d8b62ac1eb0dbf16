//! What there is in the Data Catalog, read from AWS into the state that a plan starts from.
//!
//! [`Wanted`] says what a plan depends on, [`pull`] asks for it. What nobody may see is marked as unknown, so that nothing is concluded
//! from its absence.

mod pull;
mod wanted;

pub use self::pull::{Pulled, pull};
pub use self::wanted::Wanted;
