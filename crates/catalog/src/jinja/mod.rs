//! Names that Jinja knows in a dbt project.
