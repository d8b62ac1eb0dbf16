//! Tolerant reading of dbt Python models.
