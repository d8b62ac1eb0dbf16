//! The types of Spark SQL.

/// The types that a column can have, as Spark's DDL writes them
/// (<https://spark.apache.org/docs/3.5.4/sql-ref-datatypes.html>), sorted.
pub const SPARK_TYPES: &[&str] = &[
    "array<string>",
    "bigint",
    "binary",
    "boolean",
    "date",
    "decimal(10,0)",
    "double",
    "float",
    "int",
    "interval",
    "map<string,string>",
    "smallint",
    "string",
    "struct<a:string>",
    "timestamp",
    "timestamp_ntz",
    "tinyint",
];
