//! Columns by which rows are merged into a table that does not have them.

use glueline_catalog::{ColumnUse, SchemaChange, keys};

use super::added::{Adding, schema_change};
use super::config_names_no_column::{RULE, named};
use crate::config::setting::scope;
use crate::context::{NodeCx, RenderedCx};
use crate::incremental::model;
use crate::rule::Sink;

/// Says which columns of the query are named by a key of a merge, and are none of the table that the catalog has.
pub(super) fn check(cx: &RenderedCx<'_>, node: NodeCx<'_>, sink: &mut Sink) {
    let Some(adding) = adding(cx, node) else { return };
    let node = &adding.node;
    for spec in keys(scope(node.node.kind)).filter(|spec| spec.columns == ColumnUse::Add) {
        let Some(set) = node.config(spec.name).set() else {
            continue;
        };
        for (name, at) in named(node, spec, set) {
            if !adding
                .unknown()
                .any(|column| column.name.eq_ignore_ascii_case(&name))
            {
                continue;
            }
            let at = if model::is_folder_wide(set) {
                node.node.at
            } else {
                at
            };
            let message = format!(
                "`{}` names `{name}`, which is no column of {}: Spark refuses the `merge`.",
                spec.name,
                adding.table()
            );
            sink.push(node.diagnostic(&RULE.meta, at, message).severity(adding.severity));
        }
    }
}

/// Whether it is told here that a column of a query is none of the table.
pub(super) fn names(adding: &Adding<'_>, column: &str) -> bool {
    let node = &adding.node;
    let mut specs = keys(scope(node.node.kind)).filter(|spec| spec.columns == ColumnUse::Add);
    model::merges_with_sql(node)
        && specs.any(|spec| {
            let set = node.config(spec.name).set();
            let mut names = set.into_iter().flat_map(|set| named(node, spec, set));
            names.any(|(name, _)| name.eq_ignore_ascii_case(column))
        })
}

/// A merge into a table that the catalog has, and that stays as it is.
fn adding<'a>(cx: &RenderedCx<'a>, node: NodeCx<'a>) -> Option<Adding<'a>> {
    let adding = Adding::of(cx, node)?;
    let changes = schema_change(&adding.node).is_none_or(SchemaChange::adds_columns);
    (adding.added.is_in_catalog && !changes && model::merges_with_sql(&adding.node)).then_some(adding)
}
