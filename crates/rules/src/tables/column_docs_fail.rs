//! `column-docs-fail`.

use glueline_base::Fix;

use crate::context::NodeCx;
use crate::incremental::{edit, model};
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "column-docs-fail",
    Fails,
    Error,
    "column_docs_fail.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let Some((set, columns)) = model::inner(cx, "persist_docs", "columns") else {
        return;
    };
    if columns.value.truthy() != Some(true) {
        return;
    }
    let Some(format) = model::format(cx).filter(|format| *format != glueline_catalog::FileFormat::S3tables)
    else {
        return;
    };
    let is_made = cx.is_snapshot() || model::is_sql_model(cx, "table");
    let overridden = [
        "persist_docs",
        "alter_column_comment",
        "run_query",
        "validate_doc_columns",
    ];
    if !format.is_transactional()
        || !is_made
        || !super::node::declares_columns(cx)
        || model::replaces(cx, &overridden)
    {
        return;
    }
    let message = format!(
        "`persist_docs` of columns fails on `{format}`: dbt-glue expects rows from the first `alter table ... comment`, \
         which gives none, and each run of `{}` stops with `'NoneType' object is not iterable`. Switch it off.",
        cx.node.name
    );
    let at = set.at(columns.range);
    let fix = Fix::needs_consent("Keep the descriptions of columns to dbt")
        .replace(at, edit::boolean(cx, set, false));
    sink.push(cx.diagnostic(&RULE.meta, at, message).fix(fix));
}
