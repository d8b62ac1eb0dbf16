//! `schema-change-ignored`.

use glueline_catalog::SchemaChange;

use super::model;
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "schema-change-ignored",
    Ineffective,
    Warning,
    "schema_change_ignored.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let Some(set) = cx.config("on_schema_change").set() else {
        return;
    };
    let Some(change) = set.value.value.as_str().and_then(SchemaChange::parse) else {
        return;
    };
    let Some(format) = model::format(cx) else { return };
    // A contract asks for such a value, whether or not it does anything.
    if !change.adds_columns()
        || format.has_catalog_prefix()
        || !model::is_sql_incremental(cx)
        || model::has_contract(cx) != Some(false)
    {
        return;
    }
    let message = format!(
        "`on_schema_change: {change}` does nothing on `{format}`: dbt-glue changes the columns of `iceberg` and `s3tables` \
         alone. Columns that are new in a query are left out; rebuild the table with `--full-refresh` to get them."
    );
    sink.push(model::at_setting(cx, &RULE.meta, set, set.value_at(), message));
}
