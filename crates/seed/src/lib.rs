//! Facts of CSV seeds, as dbt and dbt-glue read them.
