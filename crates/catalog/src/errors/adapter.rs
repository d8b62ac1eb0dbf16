//! dbt-glue and dbt: what the adapter does to SQL, and what it says itself.

use super::{KnownError, other};

/// In the order in which texts are tried.
pub(super) static ERRORS: &[KnownError] = &[
    other(
        "table-location-not-empty",
        &[
            "cannot create table with location to a non-empty directory",
            "CREATE-TABLE-AS-SELECT cannot create table",
        ],
        [
            "dbt-glue drops an existing table and makes it anew, and Spark refuses to do that where files lie: those of the old table. The \
             old table is gone from the catalog by now; its files are there.",
            "Set `--conf spark.sql.legacy.allowNonEmptyLocationInCTAS=true` in the profile, or use Iceberg, Delta or Hudi.",
        ],
        &["table-rerun-needs-conf"],
    ),
    other(
        "python-literal-broken",
        &[
            "SyntaxError: *string literal",
            "SyntaxError: (unicode error)",
            "SyntaxError: unexpected character after line continuation character",
            "SyntaxError: ",
        ],
        [
            "dbt-glue pastes SQL between three single quotes of a Python program, and this SQL ends or breaks that text: three quotes in \
             a row, or a backslash that Python cannot read.",
            "Write `\\\\` for a backslash that shall arrive, and do not let three quotes come together.",
        ],
        &["triple-quotes", "invalid-python-escape", "quote-at-end"],
    ),
    other(
        "NameError",
        &["NameError: name '*' is not defined"],
        [
            "Python code in the session uses a name that it does not know. In a seed, `null` of a JSON text is such a name.",
            "Look at the Python model, or at the empty values of the seed.",
        ],
        &["seed-column-empty"],
    ),
    other(
        "executable-error",
        &[
            "has no attribute 'ExecutableError'",
            "ExecutableError.__init__() missing",
        ],
        [
            "A call to Glue failed, and dbt-glue fell over its own handling of that. The real reason stands in the line of the log before \
             it: `Error in GlueCursor (session_id=...) execute: ...`.",
            "Explain that line instead.",
        ],
        &[],
    ),
    other(
        "answer-not-json",
        &["Expecting value: line 1 column 1 (char 0)"],
        [
            "The session printed something else than the JSON that dbt-glue expects: a warning, or what a `print` in a hook says.",
            "Keep the statement from printing.",
        ],
        &[],
    ),
    other(
        "result-without-rows",
        &["'NoneType' object is not iterable"],
        [
            "dbt-glue asked for the rows of a statement that has none. Unit tests and statements that only define something end so.",
            "Fetch results of queries only; unit tests do not work with this adapter.",
        ],
        &["unit-tests-fail", "run-query-without-result"],
    ),
    other(
        "statement-cancelled",
        &["Statement * cancelled."],
        [
            "Somebody, or a timeout, cancelled the statement.",
            "Run it again; look whether the session's lifetime (`query_timeout_in_minutes`) was over.",
        ],
        &[],
    ),
    other(
        "incremental-strategy-missing",
        &["Invalid incremental strategy provided: None"],
        [
            "The incremental model has no `incremental_strategy`, and dbt-glue has no default for it.",
            "Choose `append`, `insert_overwrite` or `merge`.",
        ],
        &["missing-incremental-strategy"],
    ),
    other(
        "invalid-incremental-strategy",
        &["Invalid incremental strategy provided"],
        [
            "dbt-glue does not know the strategy, or not for this file format.",
            "Use `append`, `insert_overwrite` or `merge`; `merge` needs Iceberg, Delta or Hudi.",
        ],
        &["unknown-incremental-strategy", "merge-needs-lake-format"],
    ),
    other(
        "wrapped-python-failure",
        &[
            "GlueCreateCsvFailed",
            "GlueHudiMergeTableFailed",
            "GlueDeltaWriteTableFailed",
            "GlueDeltaCreateTableFailed",
            "GlueDeltaUpdateManifestFailed",
            "GlueIcebergExpireSnapshotsFailed",
            "GlueRenameRelationFailed",
            "GlueDuplicateViewFailed",
            "GlueExecutePySparkFailed",
        ],
        [
            "A Python program of dbt-glue failed in the session, and only its name is left in this message.",
            "The line of the log before it has the error itself: `Glue returned `error` for statement ...`.",
        ],
        &[],
    ),
    other(
        "python-model-failed",
        &["Python model failed with error", "Python model execution failed"],
        [
            "The code of the Python model failed in the session.",
            "The trace behind it counts lines in what dbt-glue sends; the last of them that is named `model` is yours.",
        ],
        &[],
    ),
    other(
        "two-materializations",
        &["dbt found two macros named"],
        [
            "Two packages define the same macro, and dbt will not choose.",
            "Remove one of the packages, or update dbt-glue.",
        ],
        &["duplicate-macro"],
    ),
    other(
        "relation-type-unknown",
        &["Field \"type\" of type Optional[RelationType] in SparkRelation has invalid value"],
        [
            "The Data Catalog gives the table a type that dbt-glue does not know.",
            "Set `TableType` of the table to `EXTERNAL_TABLE` or `VIRTUAL_VIEW`.",
        ],
        &[],
    ),
    other(
        "java-error-lost",
        &["Py4JError: An error occurred while calling *.toString"],
        [
            "Spark failed before it could say why. With Lake Formation, the database `default` that the role may not see is the usual reason.",
            "Grant `role_arn` `DESCRIBE` on `default`, and look at the driver's log.",
        ],
        &[],
    ),
];
