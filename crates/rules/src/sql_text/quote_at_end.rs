//! `quote-at-end`.

use glueline_base::{FileRange, Severity, range, slice};

use super::texts::{is_always_rendered, of_node};
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "quote-at-end",
    Fails,
    Error,
    "quote_at_end.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    if !cx.is_incremental() || cx.file_format() != Some("hudi") {
        return;
    }
    let file = cx.node.file();
    let Some(facts) = cx.project.facts(file).sql() else {
        return;
    };
    let text = cx.project.files().text(file);
    let Some(part) = of_node(cx.node, facts).last() else {
        return;
    };
    let written = slice(text, part).trim_end();
    let reaches_end = text.trim_end().len() == usize::from(part.start()) + written.len();
    if !written.ends_with('"') || !reaches_end {
        return;
    }
    let end = usize::from(part.start()) + written.len();
    let at = FileRange {
        file,
        range: range(end - 1, end),
    };
    let severity = if is_always_rendered(text, at.range.start()) {
        Severity::Error
    } else {
        Severity::Warning
    };
    let message = "dbt-glue writes the SQL of a Hudi model between `\"\"\"`, right behind this quote: four quotes in a row \
                   are no Python, and the run fails with `GlueHudiMergeTableFailed`. Put another word, or a comment, \
                   behind it.";
    sink.push(cx.diagnostic(&RULE.meta, at, message).severity(severity));
}
