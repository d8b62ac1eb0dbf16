//! `materialized-view`.

use glueline_catalog::Materialization;

use crate::context::NodeCx;
use crate::incremental::model;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "materialized-view",
    Fails,
    Error,
    "materialized_view.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    if !model::is_sql_model(cx, Materialization::MaterializedView.name())
        || model::replaces(
            cx,
            &[
                "get_create_materialized_view_as_sql",
                "get_replace_materialized_view_sql",
            ],
        )
    {
        return;
    }
    let Some(set) = cx.config("materialized").set() else {
        return;
    };
    let message = format!(
        "dbt-glue has no materialized views: each run of `{}` fails. Use `table`, or `incremental` if rebuilding it takes \
         too long.",
        cx.node.name
    );
    sink.push(cx.diagnostic(&RULE.meta, set.value_at(), message));
}
