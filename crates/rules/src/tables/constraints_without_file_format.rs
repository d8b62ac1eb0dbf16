//! `constraints-without-file-format`.

use glueline_base::{FileRange, Fix, TextRange};
use glueline_catalog::FileFormat;
use glueline_project::Setting;
use glueline_project::facts::properties::Patch;

use crate::context::NodeCx;
use crate::incremental::{edit, model};
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "constraints-without-file-format",
    Sql,
    Error,
    "constraints_without_file_format.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    if cx.config("file_format") != Setting::Unset || !model::is_sql_model(cx, "table") {
        return;
    }
    let (Some(patch), Some(reference)) = (cx.project.patch(cx.node), cx.node.patch) else {
        return;
    };
    let Some(constraint) = constraint(patch) else {
        return;
    };
    let overridden = [
        "persist_constraints",
        "alter_table_add_constraints",
        "alter_column_set_constraints",
    ];
    if model::has_contract(cx) != Some(true) || model::replaces(cx, &overridden) {
        return;
    }
    let message = format!(
        "Without a `file_format` dbt-glue makes `{}` in parquet and then adds its constraints as if it were Delta: Spark \
         refuses them, after the table is made. Set `file_format` to `parquet`, or to `delta` to have them.",
        cx.node.name
    );
    let at = FileRange {
        file: reference.file,
        range: constraint,
    };
    let mut finding = cx.diagnostic(&RULE.meta, at, message);
    let beside = model::own_setting(cx, &["materialized"]);
    if let Some((at, text)) =
        beside.and_then(|set| edit::another(cx, set, "file_format", FileFormat::Parquet.name()))
    {
        finding = finding.fix(Fix::needs_consent("Set `file_format` to `parquet`").insert_after(at, text));
    }
    sink.push(finding);
}

/// The first constraint that a statement is sent for.
fn constraint(patch: &Patch) -> Option<TextRange> {
    let of_table = patch
        .constraints
        .iter()
        .find(|constraint| &*constraint.kind.value == "check");
    let mut of_columns = patch.columns.iter().flat_map(|column| &column.constraints);
    of_table
        .or_else(|| of_columns.find(|constraint| &*constraint.kind.value == "not_null"))
        .map(|constraint| constraint.range)
}
