//! `contract-incomplete`.

use glueline_base::{FileRange, TextRange};
use glueline_catalog::{FileFormat, Materialization};
use glueline_project::{Language, ResourceType};

use super::node::{declares_columns, is_created_as_select};
use crate::context::NodeCx;
use crate::incremental::model;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "contract-incomplete",
    Fails,
    Error,
    "contract_incomplete.md",
    Check::Node(check), Parse: "ParsingError"
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let is_sql_model = cx.node.kind == ResourceType::Model && cx.node.language == Language::Sql;
    if !is_sql_model || model::has_contract(cx) != Some(true) {
        return;
    }
    let (Some(patch), Some(reference)) = (cx.project.patch(cx.node), cx.node.patch) else {
        return;
    };
    let at = |range: TextRange| FileRange {
        file: reference.file,
        range,
    };
    if !declares_columns(cx) {
        let message = format!(
            "`{}` has an enforced contract and no `columns`: dbt stops every command with `Contract enforcement failed`.",
            cx.node.name
        );
        sink.push(cx.diagnostic(&RULE.meta, at(patch.name.range), message));
        return;
    }
    // A version may leave columns out.
    if !patch.versions.is_empty() || !is_compared(cx) {
        return;
    }
    if let Some(column) = patch.columns.iter().find(|column| column.data_type.is_none()) {
        let message = format!(
            "The column `{}` of a model with an enforced contract has no `data_type`: the model fails with `Contracted \
             models require data_type to be defined for each column`.",
            column.name.value
        );
        let severity = if cx.is_incremental() {
            model::when_creating(cx)
        } else {
            RULE.meta.severity
        };
        sink.push(
            cx.diagnostic(&RULE.meta, at(column.name.range), message)
                .stop(None)
                .severity(severity),
        );
    }
}

/// Whether a run of dbt-glue compares the contract with what the query gives.
fn is_compared(cx: &NodeCx<'_>) -> bool {
    if cx.is_model(Materialization::View.name()) {
        return cx.config("file_format").set().is_none() && !cx.config("file_format").is_unknown();
    }
    is_created_as_select(cx)
        && model::format(cx).is_some_and(|format| format != FileFormat::S3tables)
        && !model::replaces(cx, &["create_table_as", "get_assert_columns_equivalent"])
}
