//! Facts of CSV seeds, as dbt and dbt-glue read them.
//!
//! [`read`] goes once through a file of any size and keeps a few numbers for each column: the type dbt infers, the
//! type Spark ends up with, and what is wrong with the rows. Records are taken apart here and not by the `csv`
//! crate, because dbt reads them with Python's `csv`, which counts blank lines as rows and limits fields.
//!
//! The behaviour is that of dbt-core 1.12, agate 1.9 and dbt-glue 1.12.

mod decode;
mod facts;
mod moments;
mod records;
mod rows;
mod temporal;
mod texts;
mod types;
mod values;

#[cfg(test)]
mod tests;

pub use facts::{Column, Fault, FaultKind, Options, Seed, read};
pub use rows::{Cell, LongRow, rows};
pub use texts::texts;
pub use types::ColumnType;
