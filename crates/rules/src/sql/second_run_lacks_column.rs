//! `second-run-lacks-column`.

use glueline_base::FileRange;
use glueline_catalog::SchemaChange;
use glueline_project::Setting;

use super::added::{Adding, schema_change};
use crate::context::RenderedCx;
use crate::incremental::{body, iceberg_timestamp_without_schema_change as timestamp};
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
    for adding in cx.own_nodes().filter_map(|node| Adding::of(cx, node)) {
        let node = &adding.node;
        // Where columns are meant to go, dbt fails in its own words.
        if matches!(schema_change(node), None | Some(SchemaChange::SyncAllColumns)) {
            continue;
        }
        let adds_timestamp = !matches!(node.config("add_iceberg_timestamp"), Setting::Unset);
        let missing: Vec<String> = adding
            .missing()
            .filter(|column| !(adds_timestamp && column.name.eq_ignore_ascii_case(timestamp::COLUMN)))
            .map(|column| format!("`{}`", column.name))
            .collect();
        if missing.is_empty() {
            continue;
        }
        let missing = missing.join(", ");
        let name = &node.node.name;
        let message = if adding.added.is_in_catalog {
            format!(
                "The query of `{name}` does not give {missing}, which {} has: the statement that adds the rows asks for every \
                 column of the table, and Spark refuses it.",
                adding.table()
            )
        } else {
            format!(
                "From the second run on the query of `{name}` does not give {missing}, which its table has from the first: the \
                 statement that adds the rows asks for every column of the table, and Spark refuses it."
            )
        };
        let asks = body::asks_whether_incremental(node).filter(|_| !adding.added.is_in_catalog);
        let at = asks.map_or(node.node.at, |call| FileRange {
            file: node.node.file(),
            range: call.path.range,
        });
        sink.push(node.diagnostic(&RULE.meta, at, message).severity(adding.severity));
    }
}
