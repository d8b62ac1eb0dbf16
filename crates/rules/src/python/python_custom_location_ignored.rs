//! `python-custom-location-ignored`.

use super::model;
use crate::context::NodeCx;
use crate::incremental::model::{at_setting, is_folder_wide};
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "python-custom-location-ignored",
    Ineffective,
    Warning,
    "python_custom_location_ignored.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let runs = model::is_python(cx) && (cx.is_model("python_model") || cx.is_incremental());
    if !runs || cx.file_format() != Some("iceberg") || !model::writes_as_shipped(cx) {
        return;
    }
    let Some(set) = cx.config("custom_location").set() else {
        return;
    };
    if is_folder_wide(set) || set.value.value.truthy() != Some(true) {
        return;
    }
    let message = "A Python model on Iceberg does not read `custom_location`: the table goes where the catalog puts it, \
                   below its warehouse. Take it out, or set the catalog's `warehouse`.";
    sink.push(at_setting(cx, &RULE.meta, set, set.key_at(), message));
}
