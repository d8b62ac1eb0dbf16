//! `python-strategy-rebuilds`.

use glueline_catalog::{FileFormat, Strategy};

use super::model;
use crate::context::NodeCx;
use crate::incremental::model::{beside, is_falsy};
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "python-strategy-rebuilds",
    Data,
    Error,
    "python_strategy_rebuilds.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    if model::incremental_format(cx) != Some(FileFormat::Iceberg) {
        return;
    }
    let (what, advice) = match cx.strategy().and_then(Strategy::parse) {
        Some(Strategy::InsertOverwrite) => (
            "`insert_overwrite`",
            "Use `append`, or `merge` with a `unique_key`.",
        ),
        Some(Strategy::Merge) if is_falsy(cx, "unique_key") => {
            ("`merge` without a `unique_key`", "Name the key.")
        }
        _ => return,
    };
    let message = format!(
        "{what} replaces the whole table of a Python model on each run: dbt-glue sends `create or replace table`, and rows \
         that the model does not return are gone. {advice}"
    );
    let at = beside(cx, &["incremental_strategy", "file_format", "materialized"]);
    sink.push(
        cx.diagnostic(&RULE.meta, at, message)
            .severity(cx.later_severity()),
    );
}
