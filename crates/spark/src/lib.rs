//! Spark's verdict on a query, and the columns that it gives: what Spark's parser and analyzer would say, without Spark.
//!
//! The crate knows Spark as it runs on Glue, with ANSI mode off. It knows no dbt, no Jinja and no files. Nothing here fails because of
//! what a query says: what Spark refuses is an error with Spark's own class, and what nobody knows is
//! [`DataType::Unknown`](types::DataType::Unknown), from which nothing is concluded.

pub mod analyze;
pub mod functions;
pub mod naming;
pub mod syntax;
pub mod types;
