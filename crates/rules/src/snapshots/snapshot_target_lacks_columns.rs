//! `snapshot-target-lacks-columns`.

use super::place;
use crate::context::NodeCx;
use crate::incremental::model;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "snapshot-target-lacks-columns",
    Fails,
    Error,
    "snapshot_target_lacks_columns.md",
    Check::GlueNode(check)
);

/// The columns that dbt looks for before it adds to a snapshot.
const LOOKED_FOR: [&str; 3] = ["dbt_scd_id", "dbt_valid_from", "dbt_valid_to"];

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    if !cx.is_snapshot() || model::replaces(cx, &["get_snapshot_table_column_names"]) {
        return;
    }
    // Any other table is refused before its columns are looked at.
    let Some(table) = cx
        .in_catalog()
        .filter(|table| table.is_visible() && (table.is_iceberg() || table.is_delta()))
    else {
        return;
    };
    let is_unset = cx.config("snapshot_table_column_names").set().is_none();
    // The catalog is not told the columns of a Delta table that Spark makes.
    let Some(there) = table
        .known_columns()
        .filter(|_| is_unset && !cx.config(NAMES).is_unknown())
    else {
        return;
    };
    let there: Vec<&str> = there.map(|column| &*column.name).collect();
    let Some(wanted) = LOOKED_FOR
        .iter()
        .map(|column| name(cx, column))
        .collect::<Option<Vec<_>>>()
    else {
        return;
    };
    let missing: Vec<String> = wanted
        .iter()
        .filter(|name| !there.iter().any(|column| column.eq_ignore_ascii_case(name)))
        .map(|name| format!("`{name}`"))
        .collect();
    if missing.is_empty() {
        return;
    }
    let message = format!(
        "The table `{}` exists and has no column {}: dbt does not take it for this snapshot, and each run stops with \
         `Snapshot target is missing configured columns`.",
        cx.node.relation().unwrap_or_default(),
        missing.join(", ")
    );
    let at = match cx.config(NAMES).set() {
        Some(set) if !model::is_folder_wide(set) => set.value_at(),
        _ => place::config_call(cx),
    };
    sink.push(cx.diagnostic(&RULE.meta, at, message));
}

const NAMES: &str = "snapshot_meta_column_names";

/// What a column is called here; `None` where that is not known.
fn name<'a>(cx: &NodeCx<'a>, column: &'static str) -> Option<&'a str> {
    match model::inner(cx, NAMES, column) {
        None => Some(column),
        Some((_, chosen)) => match chosen.value.truthy() {
            Some(true) => chosen.value.as_str(),
            Some(false) => Some(column),
            None => None,
        },
    }
}
