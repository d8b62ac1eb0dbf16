//! What dbt and dbt-glue allow: one typed table of knowledge.
