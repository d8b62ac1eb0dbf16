//! `full-refresh-ignored-on-hudi`.

use glueline_catalog::FileFormat;
use glueline_project::Setting;

use super::model;
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "full-refresh-ignored-on-hudi",
    Ineffective,
    Warning,
    "full_refresh_ignored_on_hudi.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    if model::format(cx) != Some(FileFormat::Hudi) || !model::is_sql_incremental(cx) {
        return;
    }
    let asked = model::truthy(cx, "full_refresh");
    let by_flag = cx.project.run_options().full_refresh && cx.config("full_refresh") == Setting::Unset;
    let (at, what) = match asked {
        Some(set) => (set.value_at(), "`full_refresh`"),
        None if by_flag => (
            model::beside(cx, &["file_format", "materialized"]),
            "`--full-refresh`",
        ),
        None => return,
    };
    let message = format!(
        "{what} does nothing to the Hudi table of `{}`: dbt-glue updates it by key as on any run, and rows that left the \
         source live on. Drop the table and its files to rebuild it.",
        cx.node.name
    );
    sink.push(cx.diagnostic(&RULE.meta, at, message));
}
