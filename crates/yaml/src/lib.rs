//! Tolerant YAML with byte spans, read as dbt reads it.
