//! Node selection as dbt does it.
