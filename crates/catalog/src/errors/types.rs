//! Types and values: Spark's error classes.

use super::{KnownError, other, spark};

/// In the order in which texts are tried.
pub(super) static ERRORS: &[KnownError] = &[
    spark(
        "DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN",
        "42K09",
        &["filter expression '*' of type * is not a boolean"],
        [
            "What stands in `where`, `having` or `on` is no condition.",
            "Compare it with something.",
        ],
        &[],
    ),
    spark(
        "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION",
        "42K09",
        &["cannot resolve '*' due to data type mismatch: cannot cast"],
        [
            "Spark knows no way from the one type to the other.",
            "Go by way of a third one, a string mostly, or take the part of the value that is meant.",
        ],
        &[],
    ),
    spark(
        "DATATYPE_MISMATCH.DATA_DIFF_TYPES",
        "42K09",
        &[
            "input to function * should all be the same type",
            "THEN and ELSE expressions should all be same type",
        ],
        [
            "The branches or arguments have types with nothing in common.",
            "Cast them to one type.",
        ],
        &[],
    ),
    spark(
        "DATATYPE_MISMATCH.IN_SUBQUERY_LENGTH_MISMATCH",
        "42K09",
        &["The number of columns in the left hand side of an IN subquery does not match"],
        [
            "The subquery behind `in` returns another number of columns than stand before it.",
            "Select as many columns as are compared.",
        ],
        &[],
    ),
    spark(
        "DATATYPE_MISMATCH",
        "42K09",
        &["due to data type mismatch"],
        [
            "An operator or function is given a type that it does not take.",
            "The message names what it takes and what it was given; cast the one into the other.",
        ],
        &[],
    ),
    spark(
        "INVALID_PARAMETER_VALUE.DATETIME_UNIT",
        "22023",
        &[],
        [
            "The unit of a date function stands in quotes, and Spark takes a bare word: `dateadd(day, 1, d)`.",
            "Write the unit without quotes; with two arguments, `datediff(end, start)` counts days.",
        ],
        &[],
    ),
    spark(
        "INVALID_PARAMETER_VALUE",
        "22023",
        &[],
        [
            "An argument of the function has a value that it does not take.",
            "The message names the argument and what is expected.",
        ],
        &[],
    ),
    spark(
        "INVALID_TYPED_LITERAL",
        "42604",
        &["Cannot parse the DATE value", "Cannot parse the TIMESTAMP value"],
        [
            "The text behind `date` or `timestamp` is no such value.",
            "Write `date '2024-01-31'` or `timestamp '2024-01-31 10:00:00'`.",
        ],
        &[],
    ),
    spark(
        "UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE",
        "",
        &[
            "data source does not support * data type",
            "datasource doesn't support * data type",
        ],
        [
            "A column has a type that the file format cannot store. `void` is the type of a bare `null`.",
            "Cast it: `cast(null as string) as name`.",
        ],
        &[],
    ),
    spark(
        "INCOMPATIBLE_DATA_FOR_TABLE.CANNOT_SAFELY_CAST",
        "KD000",
        &["Cannot safely cast '*'"],
        [
            "A column of the query has another type than that of the table, and Spark does not cast so when it writes.",
            "Cast it in the query, or rebuild the table once with `--full-refresh`.",
        ],
        &["second-run-type-mismatch"],
    ),
    spark(
        "INCOMPATIBLE_DATA_FOR_TABLE",
        "KD000",
        &[
            "Cannot write incompatible data to table",
            "Cannot write incompatible data for the table",
        ],
        [
            "The columns of the query do not fit those of the table that exists.",
            "Cast or rename them in the query, or rebuild the table once with `--full-refresh`.",
        ],
        &[],
    ),
    spark(
        "CAST_INVALID_INPUT",
        "22018",
        &[],
        [
            "A value in the rows is malformed for the type that it is cast to. This strikes only with ANSI mode on.",
            "Use `try_cast`, which gives null, or clean the value first.",
        ],
        &[],
    ),
    spark(
        "DIVIDE_BY_ZERO",
        "22012",
        &["divide by zero", "Division by zero"],
        [
            "A divisor is zero in some row. This strikes only with ANSI mode on.",
            "Divide by `nullif(x, 0)`, or use `try_divide`.",
        ],
        &[],
    ),
    spark(
        "ARITHMETIC_OVERFLOW",
        "22003",
        &[],
        [
            "A result is too large for its type. This strikes only with ANSI mode on.",
            "Cast to a wider type before computing.",
        ],
        &[],
    ),
    spark(
        "NUMERIC_VALUE_OUT_OF_RANGE",
        "22003",
        &["cannot be represented as Decimal("],
        [
            "A value does not fit the digits of its decimal type.",
            "Cast to a wider `decimal(p, s)` before computing.",
        ],
        &[],
    ),
    spark(
        "INVALID_ARRAY_INDEX",
        "22003",
        &[],
        [
            "The array is shorter than the index. This strikes only with ANSI mode on.",
            "Use `get(array, index)`, which gives null.",
        ],
        &[],
    ),
    spark(
        "CANNOT_PARSE_TIMESTAMP",
        "22007",
        &["could not be parsed at index"],
        [
            "A text in the rows is not written as the pattern says. This strikes only with ANSI mode on.",
            "Use `try_to_timestamp`, or mend the pattern.",
        ],
        &[],
    ),
    spark(
        "INCONSISTENT_BEHAVIOR_CROSS_VERSION",
        "42K0B",
        &["You may get a different result due to the upgrading of Spark"],
        [
            "A pattern or a date means something else since Spark 3, and Spark stops rather than guess. A pattern with `YYYY` or `u` is \
             the usual reason: the year is `yyyy`.",
            "Write the pattern as Spark 3 reads it; `spark.sql.legacy.timeParserPolicy` in `conf` brings the old reading back.",
        ],
        &[],
    ),
    other(
        "unknown-pattern-letter",
        &[
            "Unknown pattern letter",
            "Illegal pattern character",
            "Too many pattern letters",
        ],
        [
            "The pattern of a date has a letter that Spark does not know.",
            "Use Spark's letters: `yyyy-MM-dd HH:mm:ss`.",
        ],
        &[],
    ),
];
