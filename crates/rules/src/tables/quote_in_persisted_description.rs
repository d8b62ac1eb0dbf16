//! `quote-in-persisted-description`.

use glueline_base::{FileRange, Severity};

use super::node::is_created_as_select;
use crate::context::NodeCx;
use crate::incremental::model;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "quote-in-persisted-description",
    Sql,
    Error,
    "quote_in_persisted_description.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let Some((set, relation)) = model::inner(cx, "persist_docs", "relation") else {
        return;
    };
    if relation.value.truthy() != Some(true) {
        return;
    }
    let Some(patch) = cx.project.patch(cx.node) else {
        return;
    };
    let Some(description) = patch
        .description
        .as_ref()
        .filter(|text| text.value.contains('\''))
    else {
        return;
    };
    // A text with Jinja, `doc()` say, is not known here.
    let is_known = !description.value.contains("{{") && !description.value.contains("{%");
    if !is_known || !is_created_as_select(cx) || model::replaces(cx, &["comment_clause", "create_table_as"]) {
        return;
    }
    let Some(reference) = cx.node.patch else { return };
    let (severity, when) = if cx.is_model("table") {
        (Severity::Error, "each run")
    } else {
        (model::when_creating(cx), "the run that creates the table")
    };
    let message = format!(
        "The description is written into the `comment` of the table, and its apostrophe ends the text there: Spark refuses \
         {when} of `{}`. Write `\u{2019}`, or switch off `persist_docs`.",
        cx.node.name
    );
    let at = FileRange {
        file: reference.file,
        range: description.range,
    };
    let finding = cx.diagnostic(&RULE.meta, at, message).severity(severity);
    sink.push(finding.related(
        set.at(relation.range),
        "the description is written because of this",
    ));
}
