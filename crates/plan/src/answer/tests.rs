//! What is read out of texts.

use super::{Position, read};

/// What is read of an error: class, SQLSTATE, message, line and column, the node's name or id.
type Read<'a> = (
    Option<&'a str>,
    Option<&'a str>,
    &'a str,
    Option<(u32, Option<u32>)>,
    Option<&'a str>,
);

fn check(text: &str, expected: &[Read<'_>]) {
    let found = read(text);
    let found: Vec<Read<'_>> = found
        .iter()
        .map(|error| {
            let subject = error
                .subject
                .unique_id
                .as_deref()
                .or(error.subject.name.as_deref());
            let at = error.at.map(|Position { line, column }| (line, column));
            (
                error.class.as_deref(),
                error.sql_state.as_deref(),
                &*error.message,
                at,
                subject,
            )
        })
        .collect();
    assert_eq!(found, expected, "{text}");
}

const COLUMN: Option<&str> = Some("UNRESOLVED_COLUMN.WITH_SUGGESTION");

#[test]
fn a_class_a_place_and_what_is_said() {
    let said = "A column or function parameter with name `a` cannot be resolved. Did you mean one of the following? [`b`].";
    for text in [
        format!(
            "[UNRESOLVED_COLUMN.WITH_SUGGESTION] {said}; line 3 pos 7;\n'Project ['a]\n+- OneRowRelation\n"
        ),
        format!(
            "AnalysisException: [UNRESOLVED_COLUMN.WITH_SUGGESTION] {said}; line 3 pos 7;\n'Project ['a]"
        ),
        format!(
            "Traceback (most recent call last):\n  File \"<stdin>\", line 1, in <module>\n\
             pyspark.errors.exceptions.captured.AnalysisException: [UNRESOLVED_COLUMN.WITH_SUGGESTION] {said} \
             SQLSTATE: 42703; line 3 pos 7;\n'Project ['a]"
        ),
        format!(
            "\u{1b}[31m[UNRESOLVED_COLUMN.WITH_SUGGESTION] {said}\u{1b}[0m; line 3 pos 7;\r\n'Project ['a]\r\n"
        ),
        format!(
            "An error occurred while calling o91.sql.\n: org.apache.spark.sql.catalyst.ExtendedAnalysisException: \
             [UNRESOLVED_COLUMN.WITH_SUGGESTION] {said}; line 3 pos 7;\n'Project ['a]\n\tat org.apache.spark.Fail(x.scala:1)\n"
        ),
    ] {
        check(&text, &[(COLUMN, Some("42703"), said, Some((3, Some(7))), None)]);
    }
}

#[test]
fn older_sparks_are_told_by_their_words() {
    check(
        "AnalysisException: Table or view not found: raw.order; line 18 pos 5;\n'Project [*]",
        &[(
            Some("TABLE_OR_VIEW_NOT_FOUND"),
            Some("42P01"),
            "Table or view not found: raw.order",
            Some((18, Some(5))),
            None,
        )],
    );
    check(
        "ParseException: \nmismatched input '-' expecting <EOF>(line 1, pos 9)\n\n== SQL ==\nselect a -\n---------^^^\n",
        &[(
            Some("PARSE_SYNTAX_ERROR"),
            Some("42601"),
            "mismatched input '-' expecting <EOF>",
            Some((1, Some(9))),
            None,
        )],
    );
}

#[test]
fn the_statement_is_kept_without_the_mark_under_it() {
    let text = "ParseException: \n[PARSE_SYNTAX_ERROR] Syntax error at or near 'c'.(line 2, pos 4)\n\n== SQL ==\nselect a\n    c d\n----^^^\nfrom t\n";
    let found = read(text);
    let query = found.first().and_then(|error| error.query.as_deref());
    assert_eq!(query, Some("select a\n    c d\nfrom t"));
}

#[test]
fn services_say_their_code_and_what_they_refuse() {
    check(
        "10:00:00  Glue adapter: Error in GlueCursor (session_id=x) execute: An error occurred (ThrottlingException) when calling \
         the GetStatement operation (reached max retries: 4): Rate exceeded",
        &[(
            Some("ThrottlingException"),
            None,
            "An error occurred (ThrottlingException) when calling the GetStatement operation (reached max retries: 4): Rate exceeded",
            None,
            None,
        )],
    );
    check(
        "10:00:00    Database Error in model a (models/a.sql)\n  An error occurred (AccessDeniedException) when calling the GetTable \
         operation: Insufficient Lake Formation permission(s) on a",
        &[(
            Some("AccessDeniedException"),
            None,
            "An error occurred (AccessDeniedException) when calling the GetTable operation: Insufficient Lake Formation \
             permission(s) on a",
            None,
            Some("a"),
        )],
    );
}

#[test]
fn texts_that_are_pasted_one_below_the_other_are_told_apart() {
    let denied = "An error occurred (AccessDeniedException) when calling the CreateSession operation: User: x is not authorized";
    let waiter = "Waiter SessionReady failed: we matched expected path: \"FAILED\"";
    check(
        &format!("botocore.errorfactory.AccessDeniedException: {denied}\n\n{waiter}\n"),
        &[
            (Some("AccessDeniedException"), None, denied, None, None),
            (Some("session-failed"), None, waiter, None, None),
        ],
    );
}

#[test]
fn errors_of_python_models_have_lines_of_the_program() {
    check(
        "10:00:00    Runtime Error in model a (models/a.py)\n  Python model execution failed: Runtime Error\n    Python model failed with \
         error: NameError\n    name 'x' is not defined\n    ['Traceback (most recent call last):\\n', '  File \"<stdin>\", line 99, in \
         <module>\\n', '  File \"<stdin>\", line 5, in model\\n', \"NameError: name 'x' is not defined\\n\"]",
        &[(
            Some("NameError"),
            None,
            "name 'x' is not defined",
            Some((5, None)),
            Some("a"),
        )],
    );
}

#[test]
fn what_dbt_says_itself_has_lines_of_the_file() {
    check(
        "10:00:00  Encountered an error:\nCompilation Error in model a (models/a.sql)\n  expected token ',', got 'b'\n    line 5\n      x",
        &[(
            None,
            None,
            "expected token ',', got 'b'",
            Some((5, None)),
            Some("a"),
        )],
    );
}

#[test]
fn schedulers_levels_and_what_is_no_error_are_passed_over() {
    let airflow = |line: &str| format!("[2026-11-22, 14:42:44 UTC] {{subprocess.py:93}} INFO - {line}");
    let lines = [
        "14:42:44  Running with dbt=1.12.6",
        "14:42:46    Database Error in model a (models/a.sql)",
        "  Glue cursor returned `error` for statement None for code SqlWrapper2.execute('''/* {\"node_id\": \"model.x.a\"} */",
        "  select b from c",
        "  ''', use_arrow=False, location='s3://x'), AnalysisException: Undefined function: b; line 2 pos 7",
        "  compiled code at target/run/x/models/a.sql",
    ];
    let text: Vec<String> = lines.iter().map(|line| airflow(line)).collect();
    let expected = [(
        Some("UNRESOLVED_ROUTINE"),
        Some("42883"),
        "Undefined function: b",
        Some((2, Some(7))),
        Some("model.x.a"),
    )];
    check(&text.join("\n"), &expected);
    check(&lines.join("\r\n"), &expected);
    let found = read(&lines.join("\n"));
    let code = found.first().and_then(|error| error.code.as_deref());
    assert_eq!(
        code,
        Some(
            "SqlWrapper2.execute('''/* {\"node_id\": \"model.x.a\"} */\nselect b from c\n''', use_arrow=False, location='s3://x')"
        )
    );
    for nothing in [
        "",
        "10:00:00  Done. PASS=3 WARN=0 ERROR=0 SKIP=0 TOTAL=3",
        "10:00:00  [ERROR]: in model a (models/a.sql)",
        "10:00:00.000001 [debug] [Thread-1 (]: Glue adapter: An error occurred (EntityNotFoundException) when calling the \
         GetTable operation: Entity Not Found",
        "{\"info\": {\"level\": \"debug\", \"msg\": \"AnalysisException: x; line 1 pos 1\"}, \"data\": {}}",
        "select 1",
    ] {
        check(nothing, &[]);
    }
}

#[test]
fn what_aws_answers_is_read_as_it_is_printed() {
    let text = r#"{"Statement": {"Id": 3, "Code": "SqlWrapper2.execute('''select b''', use_arrow=False, location='x')",
        "State": "AVAILABLE", "Output": {"Status": "error", "ErrorName": "AnalysisException",
        "ErrorValue": "Undefined function: b; line 1 pos 7"}}}"#;
    check(
        text,
        &[(
            Some("UNRESOLVED_ROUTINE"),
            Some("42883"),
            "Undefined function: b",
            Some((1, Some(7))),
            None,
        )],
    );
}

/// No prefix of a log, and nothing in its stead, makes it fall over.
#[test]
fn no_text_is_too_torn() {
    let text = "10:00:00.1 [error] [T]: Glue adapter: Glue returned `error` for statement None for code \
                SqlWrapper2.execute('''é世''', use_arrow=x), ParseException: \n[PARSE_SYNTAX_ERROR] x.(line 2, pos 99)\n\n== SQL ==\n\
                a\n--^^^\n{\"info\": {\"msg\": \"Database Error in model a (b)\\n  [A_B] c; line 99999999999 pos 1\", \"level\": \"error\"}}";
    for (end, _) in text.char_indices() {
        read(text.get(..end).unwrap_or_default());
        read(text.get(end..).unwrap_or_default());
    }
    read(&"Database Error in model\n".repeat(2000));
    read(&"[A_B] x; line 1 pos ".repeat(2000));
    read(&"'`\"\u{1b}[".repeat(2000));
}
