//! `persist-docs-ignored`.

use glueline_catalog::FileFormat;

use crate::context::NodeCx;
use crate::incremental::model;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "persist-docs-ignored",
    Ineffective,
    Info,
    "persist_docs_ignored.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let Some(set) = model::own_setting(cx, &["persist_docs"]) else {
        return;
    };
    let is_on = |part: &str| {
        set.value
            .value
            .get(part)
            .is_some_and(|node| node.value.truthy() == Some(true))
    };
    let (relation, columns) = (is_on("relation"), is_on("columns"));
    let what = if !relation && !columns {
        return;
    } else if model::is_sql_model(cx, "view") {
        "dbt-glue writes no descriptions for views"
    } else if model::is_sql_incremental(cx) {
        match model::format(cx) {
            Some(FileFormat::Delta | FileFormat::Hudi) => {
                "no descriptions are written for incremental Delta and Hudi models"
            }
            Some(_) if columns && !relation => "incremental models write no descriptions of columns",
            _ => return,
        }
    } else if columns && !relation && model::is_sql_model(cx, "table") {
        match model::format(cx) {
            Some(format) if !format.is_transactional() => {
                "descriptions of columns are not written for plain formats"
            }
            _ => return,
        }
    } else {
        return;
    };
    let message = format!("`persist_docs` does nothing here: {what}. They are in dbt's own documentation.");
    sink.push(cx.diagnostic(&RULE.meta, set.key_at(), message));
}
