//! `python-lake-format`.

use glueline_catalog::FileFormat;

use super::model;
use crate::context::NodeCx;
use crate::incremental::model::beside;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "python-lake-format",
    Fails,
    Warning,
    "python_lake_format.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let Some(format) = model::incremental_format(cx) else {
        return;
    };
    let message = match format {
        FileFormat::Hudi => {
            "An incremental Python model on `hudi` sends Hudi's writer with the word `None` in place of SQL, before its own \
             code runs, and Spark refuses that on every run."
        }
        FileFormat::Delta => {
            "An incremental Python model on `delta` first sends Delta's writer with the word `None` in place of SQL, on \
             the first run and on a full refresh, and Spark refuses that."
        }
        _ => return,
    };
    let message = format!("{message} Use `file_format=\"iceberg\"`, or `python_model`.");
    let at = beside(cx, &["file_format", "incremental_strategy", "materialized"]);
    sink.push(cx.diagnostic(&RULE.meta, at, message));
}
