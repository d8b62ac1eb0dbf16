//! `hudi-without-unique-key`.

use glueline_catalog::FileFormat;

use super::model;
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "hudi-without-unique-key",
    Fails,
    Error,
    "hudi_without_unique_key.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    if cx.file_format() != Some(FileFormat::Hudi.name())
        || !cx.config("unique_key").is_unset()
        || !cx.is_incremental()
    {
        return;
    }
    let message = format!(
        "The Hudi model `{}` has no `unique_key`: each run fails, whatever the strategy. Name the column that tells rows \
         apart.",
        cx.node.name
    );
    let at = model::beside(cx, &["file_format", "incremental_strategy", "materialized"]);
    sink.push(cx.diagnostic(&RULE.meta, at, message));
}
