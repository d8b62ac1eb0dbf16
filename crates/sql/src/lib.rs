//! Tolerant reading of Spark SQL as it stands in a model, Jinja and all: tokens, and what names are in scope where.
//!
//! Reading never fails: half a query gives the facts of that half. It knows no dbt; whoever asks says what stands in the place of
//! Jinja.
