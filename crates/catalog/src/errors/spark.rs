//! Names, grammar and tables: Spark's error classes.

use super::{KnownError, spark};

/// In the order in which texts are tried: the special before the general.
pub(super) static ERRORS: &[KnownError] = &[
    spark(
        "UNRESOLVED_COLUMN",
        "42703",
        &[
            "Column '*' does not exist",
            "cannot resolve '*' given input columns",
            "A column or function parameter with name *cannot be resolved",
        ],
        [
            "No table or subquery in reach of this place has a column of that name. A column of a CTE or subquery that is not selected \
             there is out of reach, and so is an alias of the select list in `where`, `group by` expressions and `having` of the same \
             query.",
            "Compare the name with the columns of the model or source that is read; Spark lists those that look most like it.",
        ],
        &[],
    ),
    spark(
        "UNRESOLVED_FIELD",
        "42703",
        &[],
        [
            "The struct has no field of that name.",
            "Compare it with the type of the column that the struct comes from.",
        ],
        &[],
    ),
    spark(
        "FIELD_NOT_FOUND",
        "42704",
        &["No such struct field "],
        [
            "The struct has no field of that name.",
            "The message lists the fields there are.",
        ],
        &[],
    ),
    spark(
        "UNRESOLVED_USING_COLUMN_FOR_JOIN",
        "42703",
        &["USING column `*` cannot be resolved on the"],
        [
            "A join with `using` needs the column on both sides, and one side does not have it.",
            "Write `on` with the two names, or select the column on that side.",
        ],
        &[],
    ),
    spark(
        "UNRESOLVED_MAP_KEY",
        "42703",
        &[],
        [
            "What stands between the brackets of a map is read as a column, and there is none of that name.",
            "Put a key that is a text into single quotes.",
        ],
        &[],
    ),
    spark(
        "AMBIGUOUS_REFERENCE",
        "42704",
        &[
            "Reference '*' is ambiguous, could be",
            "Reference `*` is ambiguous, could be",
        ],
        [
            "More than one of the joined tables has a column of that name, and Spark will not choose.",
            "Put the table's alias before the column, or join with `using` so that the two become one.",
        ],
        &[],
    ),
    spark(
        "TABLE_OR_VIEW_NOT_FOUND",
        "42P01",
        &[
            "Table or view not found",
            "Table or view '*' not found",
            "The table or view *cannot be found",
        ],
        [
            "The session finds no table, view or CTE of that name. In dbt-glue that is most often a table that was written out instead \
             of taken with `ref` or `source`, a model that was not run yet, a name without the Iceberg catalog in front of it, or a \
             temporary view of another session.",
            "Use `ref` or `source`; build what is read first (`-s +model`); where the table is Iceberg, see that `glue_catalog` is set up \
             in `conf`. A table that Lake Formation hides from the role looks as if it were not there.",
        ],
        &[],
    ),
    spark(
        "SCHEMA_NOT_FOUND",
        "42704",
        &["Database '*' not found", "NoSuchDatabaseException"],
        [
            "There is no Glue database of that name, or the role may not see it. dbt-glue tries to create missing databases and goes on \
             where it may not.",
            "Create the database, or allow `glue:CreateDatabase`; compare the name with what `glueline preview` shows.",
        ],
        &[],
    ),
    spark(
        "REQUIRES_SINGLE_PART_NAMESPACE",
        "42K05",
        &["requires a single-part namespace"],
        [
            "Spark knows no catalog of the name that stands first and takes it for a database. So the Iceberg catalog is not set up in \
             this session.",
            "Set `spark.sql.catalog.glue_catalog` and what belongs to it in `conf`, and `datalake_formats: iceberg`, then start a new \
             session: a running one keeps its configuration.",
        ],
        &["iceberg-catalog-incomplete"],
    ),
    spark(
        "TABLE_OR_VIEW_ALREADY_EXISTS",
        "42P07",
        &["Table * already exists", "TableAlreadyExistsException"],
        [
            "Something of that name is in the catalog already. dbt-glue drops what it knows of first, so this is what another process \
             made meanwhile, or what the role may not look at.",
            "Find out who makes it; let only one run write a schema at a time.",
        ],
        &["two-nodes-one-relation"],
    ),
    spark(
        "UNRESOLVED_ROUTINE",
        "42883",
        &[
            "Undefined function: ",
            "Undefined function '",
            "Cannot resolve function `",
        ],
        [
            "Spark has no function of that name, and no temporary function of this session has it either. Functions of other databases \
             (`getdate`, `iff`, `listagg`, `string_agg`, `safe_cast`) are the usual reason, and functions newer than the Spark of the \
             Glue version.",
            "Use Spark's own: `current_timestamp`, `if`, `array_join(collect_list(x), ',')`, `try_cast`.",
        ],
        &[],
    ),
    spark(
        "WRONG_NUM_ARGS",
        "42605",
        &["Invalid number of arguments for function"],
        [
            "The function takes another number of arguments than it is given.",
            "Spark's `date_add` and `date_sub` take a date and days, `datediff` an end and a start; the message says how many are needed.",
        ],
        &[],
    ),
    spark(
        "MISSING_GROUP_BY",
        "42803",
        &["grouping expressions sequence is empty, and"],
        [
            "The select list has an aggregate beside a column that is none, and there is no `group by`.",
            "Group by the columns that are not aggregated, or make the aggregate a window function with `over ()`.",
        ],
        &[],
    ),
    spark(
        "MISSING_AGGREGATION",
        "42803",
        &["is neither present in the group by, nor is it an aggregate function"],
        [
            "A column of the select list is neither aggregated nor in `group by`.",
            "Add it to `group by`, aggregate it, or take `any_value` of it where every row of a group has the same.",
        ],
        &[],
    ),
    spark(
        "GROUP_BY_POS_OUT_OF_RANGE",
        "42805",
        &["GROUP BY position * is not in select list"],
        [
            "`group by` names a position that the select list does not have.",
            "Count the select list again, or name the columns.",
        ],
        &[],
    ),
    spark(
        "GROUP_BY_AGGREGATE",
        "42903",
        &["aggregate functions are not allowed in GROUP BY"],
        [
            "`group by` names a column of the select list that is an aggregate, perhaps by its position or its alias.",
            "Group by what is not aggregated.",
        ],
        &[],
    ),
    spark(
        "NESTED_AGGREGATE_FUNCTION",
        "42607",
        &["It is not allowed to use an aggregate function in the argument of another aggregate function"],
        [
            "An aggregate stands within an aggregate.",
            "Compute the inner one in a subquery or a CTE.",
        ],
        &[],
    ),
    spark(
        "INVALID_WHERE_CONDITION",
        "42903",
        &["Aggregate/Window/Generate expressions are not valid in where clause of the query"],
        [
            "`where` is decided row by row, before anything is grouped, so that no aggregate, window function or generator can stand in it.",
            "Use `having` for aggregates, and a subquery around the window function.",
        ],
        &[],
    ),
    spark(
        "WINDOW_FUNCTION_WITHOUT_OVER_CLAUSE",
        "",
        &["requires an OVER clause"],
        [
            "The function is a window function and needs `over (...)`.",
            "Add `over (partition by ... order by ...)`.",
        ],
        &[],
    ),
    spark(
        "UNSUPPORTED_EXPR_FOR_WINDOW",
        "42P20",
        &["not supported within a window function"],
        [
            "What stands before `over` is neither an aggregate nor a window function.",
            "Put `over` behind an aggregate or a window function.",
        ],
        &[],
    ),
    spark(
        "UNSUPPORTED_GENERATOR",
        "0A000",
        &[
            "Generators are not supported when it's nested in expressions",
            "Only one generator allowed per",
        ],
        [
            "A generator such as `explode` stands where Spark takes none: within an expression, beside another one, or outside of the \
             select list.",
            "Use `lateral view explode(...)`, one for each.",
        ],
        &[],
    ),
    spark(
        "UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY",
        "0A000",
        &[
            "Correlated scalar subqueries must be aggregated",
            "Correlated column is not allowed",
        ],
        [
            "A subquery that reads columns of the query around it is written in a way that Spark cannot turn into a join.",
            "Aggregate what a scalar subquery returns, so that it is one row, or write the join yourself.",
        ],
        &[],
    ),
    spark(
        "NUM_COLUMNS_MISMATCH",
        "42826",
        &["can only be performed on tables with the same number of columns"],
        [
            "The queries on the two sides of `union`, `intersect` or `except` have different numbers of columns.",
            "Select the same columns on both sides, in the same order; `union` goes by position.",
        ],
        &[],
    ),
    spark(
        "INCOMPATIBLE_COLUMN_TYPE",
        "42825",
        &[
            "can only be performed on tables with compatible column types",
            "with the compatible column types",
        ],
        [
            "At the same position of the two sides of a set operation stand types that have nothing in common. Most often the columns are \
             in another order: `union` goes by position, not by name.",
            "Put the columns into the same order, or cast one of them.",
        ],
        &[],
    ),
    spark(
        "PARSE_SYNTAX_ERROR",
        "42601",
        &[
            "Syntax error at or near",
            "mismatched input '",
            "extraneous input '",
            "no viable alternative at input",
        ],
        [
            "Spark's parser cannot go on at this token. The fault is there or right before it: a comma that is missing or too many, a \
             parenthesis or quote that is not closed, a word of another database (`qualify`, `::`, `top`, `select * except`), Jinja that \
             was not rendered, or a second statement.",
            "Look at the token and the line before it; where a comma comes last in the select list, Spark takes `from` for a column and \
             stops only behind it.",
        ],
        &["sql-left-open", "jinja-left-in-sql", "several-statements"],
    ),
    spark(
        "UNCLOSED_BRACKETED_COMMENT",
        "42601",
        &[
            "Unclosed bracketed comment",
            "Found an unclosed bracketed comment",
        ],
        [
            "A comment that begins with `/*` has no end.",
            "Close it with `*/`; such comments nest in Spark.",
        ],
        &["sql-left-open"],
    ),
    spark(
        "INVALID_IDENTIFIER",
        "42602",
        &["Possibly unquoted identifier", "The identifier * is invalid"],
        [
            "A name has a character that it can have only in backquotes: a hyphen, mostly.",
            "Put it into backquotes, or use an underscore. dbt-glue does not quote names of schemas and relations.",
        ],
        &["schema-needs-quoting", "name-needs-quoting"],
    ),
    spark(
        "duplicate-cte",
        "",
        &["CTE definition can't have duplicate names"],
        [
            "Two CTEs of one `with` have the same name.",
            "Rename one of them.",
        ],
        &[],
    ),
    spark(
        "COLUMN_ALREADY_EXISTS",
        "42711",
        &["Found duplicate column(s)"],
        [
            "The query returns two columns of one name, and a table cannot hold both. Case makes no difference.",
            "Name one of them otherwise, or select the columns of a join one by one instead of `*`.",
        ],
        &[],
    ),
    spark(
        "COLUMN_NOT_DEFINED_IN_TABLE",
        "",
        &["partition column * is not defined in table"],
        [
            "A column that the config names for partitions or buckets is none that the query returns.",
            "Select it, or mend `partition_by` or `clustered_by`.",
        ],
        &[],
    ),
    spark(
        "ALL_PARTITION_COLUMNS_NOT_ALLOWED",
        "",
        &["Cannot use all columns for partition columns"],
        [
            "Every column of the query is a partition column, so that nothing would stand in the files.",
            "Take one out of `partition_by`.",
        ],
        &["unfit-partition-column"],
    ),
    spark(
        "other-partitions",
        "",
        &[
            "Requested partitioning does not match the table",
            "is not a valid partition column in table",
        ],
        [
            "The table that exists is partitioned otherwise than `partition_by` says, and `insert overwrite` names the partitions.",
            "Mend `partition_by`, or rebuild the table once with `--full-refresh`.",
        ],
        &["partitions-differ-from-table"],
    ),
    spark(
        "INSERT_COLUMN_ARITY_MISMATCH",
        "21S01",
        &[
            "requires that the data to be inserted have the same number of columns as the target table",
            "Cannot write to '*', too many data columns",
            "Cannot write to '*', not enough data columns",
        ],
        [
            "The table that exists and the query have different numbers of columns: the query changed since the table was made.",
            "Set `on_schema_change: append_new_columns` or `sync_all_columns`, or rebuild the table once with `--full-refresh`.",
        ],
        &["schema-change-ignored"],
    ),
    spark(
        "CREATE_VIEW_COLUMN_ARITY_MISMATCH",
        "21S01",
        &["The number of columns produced by the SELECT clause"],
        [
            "The view lists another number of columns than its query returns.",
            "Make the two agree.",
        ],
        &[],
    ),
    spark(
        "INVALID_TEMP_OBJ_REFERENCE",
        "",
        &["Not allowed to create a permanent view * by referencing a temporary"],
        [
            "A view that stays cannot read a temporary view or function: the next session does not have it.",
            "Make what is read a model, or this one a table.",
        ],
        &[],
    ),
    spark(
        "RECURSIVE_VIEW",
        "",
        &["Recursive view * detected"],
        [
            "The view reads itself, by way of others perhaps.",
            "Read something else; a view that refers to its own relation with `this` can only be a table.",
        ],
        &["reads-itself"],
    ),
    spark(
        "UNSUPPORTED_OVERWRITE",
        "",
        &[
            "Cannot overwrite a * that is also being read from",
            "Cannot overwrite table * that is also being read from",
        ],
        [
            "The statement overwrites the table that its query reads.",
            "Use an Iceberg, Delta or Hudi table, or stage the rows in another model first.",
        ],
        &["insert-overwrite-reads-itself"],
    ),
    spark(
        "UNSUPPORTED_FEATURE.TABLE_OPERATION",
        "0A000",
        &[
            "does not support * as table",
            "MERGE INTO TABLE is not supported temporarily",
            "UPDATE TABLE is not supported temporarily",
        ],
        [
            "This kind of table cannot do that: `merge`, `update` and `delete` need Iceberg, Delta or Hudi, and the session has to be set \
             up for that format.",
            "Set `file_format` to one of them and `conf` to what it needs, or use another strategy.",
        ],
        &["merge-needs-lake-format", "lake-format-not-loaded"],
    ),
    spark(
        "UNSUPPORTED_FEATURE",
        "0A000",
        &[],
        [
            "Spark reads the statement and has no way to run it.",
            "The message names the feature; write it otherwise.",
        ],
        &[],
    ),
    spark(
        "DATA_SOURCE_NOT_FOUND",
        "42K02",
        &[
            "Failed to find data source",
            "Failed to find the data source",
            "is not a valid Spark SQL Data Source",
        ],
        [
            "The session does not have the library of that format.",
            "Set `datalake_formats` in the profile to `iceberg`, `delta` or `hudi`, with what `conf` needs for it, and start a new session.",
        ],
        &["lake-format-not-loaded"],
    ),
    spark(
        "NOT_A_PARTITIONED_TABLE",
        "",
        &["MSCK REPAIR TABLE only works on partitioned tables"],
        [
            "The statement is about partitions, and the table has none.",
            "Set `partition_by`, or leave the statement out.",
        ],
        &[],
    ),
    spark(
        "MERGE_CARDINALITY_VIOLATION",
        "23K01",
        &["matched a single row from the target table with multiple rows of the source table"],
        [
            "Several rows of the query have the same `unique_key`, and a merge can update a row only once.",
            "Keep one row for each key: `row_number() over (partition by key order by ...) = 1`.",
        ],
        &[],
    ),
    spark(
        "INTERNAL_ERROR",
        "XX000",
        &[],
        [
            "Spark fell over itself: a fault of Spark, or of a library in the session.",
            "Take the query apart until it goes through; the driver's log has the whole trace.",
        ],
        &[],
    ),
];
