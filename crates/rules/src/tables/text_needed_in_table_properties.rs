//! `text-needed-in-table-properties`.

use glueline_base::{Fix, Severity, Value};
use glueline_project::Contribution;

use super::node::is_created_as_select;
use crate::context::NodeCx;
use crate::incremental::{edit, model};
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "text-needed-in-table-properties",
    Fails,
    Error,
    "text_needed_in_table_properties.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let Some(set) = cx.config("table_properties").set() else {
        return;
    };
    let entries = set.value.value.as_map().unwrap_or_default();
    let is_text = |value: &Value| matches!(value, Value::Str(_) | Value::Unknown);
    if entries.iter().all(|entry| is_text(&entry.value.value))
        || !is_created_as_select(cx)
        || model::replaces(cx, &["set_table_properties", "create_table_as"])
    {
        return;
    }
    // A table is created on each run, the others where nothing exists.
    let (severity, when) = if cx.is_model("table") {
        (Severity::Error, "each run fails, after the old table was dropped")
    } else {
        (model::when_creating(cx), "the run that creates the table fails")
    };
    for entry in entries.iter().filter(|entry| !is_text(&entry.value.value)) {
        let at = set.at(entry.value.range);
        let message = format!(
            "Table properties must be texts, and `{}` is {}: {when}. Put it into quotes.",
            entry.key.value,
            entry.value.value.kind()
        );
        let mut finding = cx.diagnostic(&RULE.meta, at, message).severity(severity);
        if let Some(text) = quoted(cx, set, &entry.value.value) {
            finding = finding.fix(Fix::safe(format!("Write `{text}`")).replace(at, text));
        }
        sink.push(finding);
    }
}

/// The text that Spark reads as that value.
fn quoted(cx: &NodeCx<'_>, set: &Contribution, value: &Value) -> Option<String> {
    let text = match value {
        Value::Bool(value) => value.to_string(),
        Value::Int(_) | Value::Float(_) => value.display(),
        Value::Null | Value::Str(_) | Value::Date(_) | Value::List(_) | Value::Map(_) | Value::Unknown => {
            return None;
        }
    };
    Some(edit::text(cx, set, &text))
}
