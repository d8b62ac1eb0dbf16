//! `sync-columns-cannot-drop`.

use glueline_base::Fix;
use glueline_catalog::{FileFormat, SchemaChange};

use super::{edit, model};
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "sync-columns-cannot-drop",
    Ineffective,
    Warning,
    "sync_columns_cannot_drop.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let Some(set) = cx.config("on_schema_change").set() else {
        return;
    };
    if set.value.value.as_str() != Some(SchemaChange::SyncAllColumns.name())
        || !model::format(cx).is_some_and(FileFormat::has_catalog_prefix)
        || !model::is_sql_incremental(cx)
        || model::has_contract(cx) != Some(false)
        || model::replaces(cx, &["alter_relation_add_remove_columns"])
    {
        return;
    }
    let wanted = SchemaChange::AppendNewColumns.name();
    let message = format!(
        "`sync_all_columns` cannot drop columns on dbt-glue: the day a column leaves the query the run fails, and its \
         staging table stays behind. `{wanted}` adds columns and never fails by it."
    );
    let fix = Fix::needs_consent(format!("Write `{wanted}`"));
    let fix = fix.replace(set.value_at(), edit::text(cx, set, wanted));
    sink.push(model::at_setting(cx, &RULE.meta, set, set.value_at(), message).fix(fix));
}
