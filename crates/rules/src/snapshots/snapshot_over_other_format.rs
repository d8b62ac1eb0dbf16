//! `snapshot-over-other-format`.

use glueline_catalog::{Scope, lookup};

use super::place;
use crate::context::NodeCx;
use crate::incremental::model;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "snapshot-over-other-format",
    Fails,
    Error,
    "snapshot_over_other_format.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    if !cx.is_snapshot() {
        return;
    }
    let Some(table) = cx.in_catalog() else { return };
    // Where a table has no list of parameters at all, dbt-glue stumbles over that and takes it for absent.
    if table.parameters.is_none() || !table.is_visible() || table.is_iceberg() || table.is_delta() {
        return;
    }
    // A format that is refused anyway has a rule of its own.
    let (Some(set), Some(key)) = (
        cx.config("file_format").set(),
        lookup(Scope::SnapshotConfig, "file_format"),
    ) else {
        return;
    };
    if !set.value.value.as_str().is_some_and(|format| key.allows(format)) {
        return;
    }
    let what = if table.is_view() {
        "a view"
    } else {
        "a table that is neither Iceberg nor Delta"
    };
    let message = format!(
        "What exists as `{}` is {what}, and dbt-glue refuses to snapshot into it: each run fails. Drop it, or give the \
         snapshot another name.",
        cx.node.relation().unwrap_or_default()
    );
    let at = if model::is_folder_wide(set) {
        place::config_call(cx)
    } else {
        set.value_at()
    };
    sink.push(cx.diagnostic(&RULE.meta, at, message));
}
