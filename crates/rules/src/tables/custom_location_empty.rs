//! `custom-location-empty`.

use super::node::is_created_as_select;
use crate::context::NodeCx;
use crate::incremental::model;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "custom-location-empty",
    Data,
    Error,
    "custom_location_empty.md",
    Check::GlueNode(check)
);

/// The word that stands for "not set" inside the macros.
pub(crate) const EMPTY: &str = "empty";

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let Some(set) = cx.config("custom_location").set() else {
        return;
    };
    let what = match set.value.value.as_str() {
        Some(EMPTY) => "Spark takes it for a path and puts the table into a folder of that name",
        Some("") => "Spark refuses it with `Can not create a Path from an empty string`",
        _ => return,
    };
    let has_clause = model::format(cx).is_none_or(|format| format != glueline_catalog::FileFormat::S3tables);
    if !has_clause || !is_created_as_select(cx) || model::replaces(cx, &["location_clause"]) {
        return;
    }
    let message = format!(
        "This is not the same as no `custom_location`: dbt-glue sends `location '{}'`, and {what}. Take the key out.",
        set.value.value.display()
    );
    sink.push(model::at_setting(cx, &RULE.meta, set, set.value_at(), message));
}
