//! `profile-database-differs`.

use glueline_base::{Diagnostic, Fix, Value};

use super::output;
use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "profile-database-differs",
    Fails,
    Error,
    "profile_database_differs.md",
    Check::Target(check), Profile: "DbtProfileError"
);

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    let Some(database) = cx.target.text("database") else {
        return;
    };
    let schema = match cx.target.get("schema") {
        Some(Value::Unknown) => return,
        schema => schema.and_then(Value::as_str),
    };
    if schema == Some(database) {
        return;
    }
    let message = format!(
        "`database` is `{database}` and `schema` is {}: dbt stops with `On Spark, database must be omitted or have the \
         same value as schema`. Take `database` out: Glue knows only `schema`.",
        schema.map_or_else(|| "not set".to_owned(), |schema| format!("`{schema}`")),
    );
    let mut diagnostic = Diagnostic::new(&RULE.meta, cx.target.value_at("database"), message);
    if let Some(entry) = cx.target.entry("database")
        && let Some(fix) = output::delete_entry(cx, entry, Fix::needs_consent("Take `database` out"))
    {
        diagnostic = diagnostic.fix(fix);
    }
    let words = format!(
        "Runtime Error\n        schema: {} \n        database: {database} \n    On Spark, database must be omitted or have \
         the same value as schema.",
        schema.unwrap_or("None")
    );
    let diagnostic = diagnostic.words(output::refused(cx, &words));
    cx.report(
        sink,
        diagnostic.related(cx.target.value_at("schema"), "the schema"),
    );
}
