//! `schema-needs-quoting`.

use glueline_base::Diagnostic;

use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "schema-needs-quoting",
    Sql,
    Error,
    "schema_needs_quoting.md",
    Check::Target(check)
);

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    let Some(schema) = cx.target.text("schema") else {
        return;
    };
    let Some(odd) = schema.chars().find(|c| !c.is_ascii_alphanumeric() && *c != '_') else {
        return;
    };
    let message = format!(
        "dbt-glue writes `schema` into SQL without quotes, and Spark stops at the `{odd}` of `{schema}`: already `use \
         {schema}`, with which every statement begins, fails. Use letters, digits and `_` alone."
    );
    cx.report(
        sink,
        Diagnostic::new(&RULE.meta, cx.target.value_at("schema"), message),
    );
}
