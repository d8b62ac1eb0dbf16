//! `lf-drop-existing-without-table-tags`.

use glueline_base::{Severity, Value};

use super::acts;
use crate::context::NodeCx;
use crate::incremental::model::at_setting;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "lf-drop-existing-without-table-tags",
    Fails,
    Warning,
    "lf_drop_existing_without_table_tags.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let Some(set) = acts::tags(cx) else { return };
    let config = &set.value.value;
    let Some(drop) = config
        .entry("drop_existing")
        .filter(|drop| drop.value.value.truthy() == Some(true))
    else {
        return;
    };
    if config
        .get("tags_table")
        .is_some_and(|tags| tags.value != Value::Null)
    {
        return;
    }
    let tagged = match (&cx.node.schema, &cx.node.identifier, cx.project.state()) {
        (Some(schema), Some(name), Some(state)) => state.has_table_tags(schema, name),
        _ => None,
    };
    let severity = match tagged {
        Some(true) => Severity::Error,
        Some(false) => return,
        None => Severity::Warning,
    };
    let message = "`drop_existing` without `tags_table` fails as soon as the table has a Lake Formation tag: `argument of \
                   type 'NoneType' is not iterable`, after the data was written. Write `tags_table: {}` to keep none.";
    sink.push(at_setting(cx, &RULE.meta, set, set.at(drop.key.range), message).severity(severity));
}
