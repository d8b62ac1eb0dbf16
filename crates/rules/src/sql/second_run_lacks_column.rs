//! `second-run-lacks-column`.

use glueline_catalog::{FileFormat, Strategy};
use glueline_render::Life;
use glueline_schema::Field;

use super::columns;
use crate::context::{NodeCx, RenderedCx};
use crate::incremental::{body, model};
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "second-run-lacks-column",
    Sql,
    Error,
    "second_run_lacks_column.md",
    Check::Rendered(check)
);

fn check(cx: &RenderedCx<'_>, sink: &mut Sink) {
    if !cx.project.is_glue() {
        return;
    }
    for node in cx.own_nodes() {
        let node = NodeCx {
            project: cx.project,
            node,
        };
        // What another setting does with columns that come and go is dbt's to mend while it runs.
        let is_kept = matches!(node.text("on_schema_change"), None | Some("ignore"));
        if !model::is_sql_incremental(&node) || !is_kept || !writes_by_name(&node) || columns::replaces(&node)
        {
            continue;
        }
        let Some(entry) = cx.schemas.entry(node.node.id) else {
            continue;
        };
        let (Some(table), Some(later)) = (&entry.schema.relation, entry.columns_in(Life::Exists)) else {
            continue;
        };
        let has = |column: &&Field| {
            later
                .iter()
                .any(|other| other.name.eq_ignore_ascii_case(&column.name))
        };
        let missing: Vec<String> = table
            .iter()
            .filter(|column| !has(column))
            .map(|column| format!("`{}`", column.name))
            .collect();
        let Some(severity) = model::when_adding(&node).filter(|_| !missing.is_empty()) else {
            continue;
        };
        let at =
            body::asks_whether_incremental(&node).map_or(node.node.at, |call| glueline_base::FileRange {
                file: node.node.file(),
                range: call.path.range,
            });
        let message = format!(
            "From the second run on the query of `{}` does not give {}, which its table has from the first: the statement that adds \
             the rows asks for every column of the table, and Spark refuses it.",
            node.node.name,
            missing.join(", ")
        );
        sink.push(node.diagnostic(&RULE.meta, at, message).severity(severity));
    }
}

/// Whether the statement that adds rows names every column of the table (`get_insert_into_sql`, `get_insert_overwrite_sql`), or takes
/// each for granted (`insert *` of `merge`); Hudi has a writer of its own.
fn writes_by_name(cx: &NodeCx<'_>) -> bool {
    let strategy = model::strategy(cx);
    match model::format(cx) {
        None | Some(FileFormat::Hudi) => false,
        Some(_) => {
            matches!(strategy, Some(Strategy::Append | Strategy::InsertOverwrite))
                || model::merges_with_sql(cx)
        }
    }
}
