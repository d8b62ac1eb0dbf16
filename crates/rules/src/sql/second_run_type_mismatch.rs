//! `second-run-type-mismatch`.

use glueline_catalog::{FileFormat, SchemaChange};
use glueline_spark::types::cast::can_store;

use super::added::{Adding, schema_change};
use crate::context::RenderedCx;
use crate::incremental::session;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "second-run-type-mismatch",
    Sql,
    Error,
    "second_run_type_mismatch.md",
    Check::Rendered(check)
);

fn check(cx: &RenderedCx<'_>, sink: &mut Sink) {
    if !cx.project.is_glue() {
        return;
    }
    for adding in cx.own_nodes().filter_map(|node| Adding::of(cx, node)) {
        let node = &adding.node;
        // Delta casts by rules of its own, and dbt may change the types of the table first.
        if adding.format == FileFormat::Delta
            || matches!(schema_change(node), None | Some(SchemaChange::SyncAllColumns))
            || !session::refuses_unsafe_casts(node)
        {
            continue;
        }
        for column in &*adding.added.query {
            let has = |other: &&glueline_schema::Field| other.name.eq_ignore_ascii_case(&column.name);
            let mut stored = adding.added.table.iter().filter(has);
            let (Some(table), None) = (stored.next(), stored.next()) else {
                continue;
            };
            if can_store(&column.ty, &table.ty) {
                continue;
            }
            let message = format!(
                "{}`{}` of this query is of the type `{}`, and `{}` in {}: Spark does not cast that by itself when it writes, \
                 and refuses the statement that adds the rows.",
                adding.when(),
                column.name,
                column.ty,
                table.ty,
                adding.table()
            );
            let at = adding.place(cx, &column.name);
            sink.push(node.diagnostic(&RULE.meta, at, message).severity(adding.severity));
        }
    }
}
