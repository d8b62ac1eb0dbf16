//! `temp-tables-left-behind`.

use glueline_base::Fix;
use glueline_catalog::{FileFormat, ValueType, model_key};
use glueline_project::Setting;

use super::{edit, model};
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "temp-tables-left-behind",
    Cost,
    Info,
    "temp_tables_left_behind.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    if model::format(cx) != Some(FileFormat::Iceberg)
        || is_on(cx, "use_iceberg_temp_views") != Some(false)
        || is_on(cx, "purge_dropped_iceberg_data") != Some(false)
        || !model::is_sql_incremental(cx)
    {
        return;
    }
    let Some(format) = cx.config("file_format").set() else {
        return;
    };
    let message = "Each run of an incremental Iceberg model stages its rows in a table whose files stay on S3 when it is \
                   dropped. Set `purge_dropped_iceberg_data` to `'True'`, or `use_iceberg_temp_views` to `'True'` to \
                   stage them in a view.";
    let mut finding = model::at_setting(cx, &RULE.meta, format, format.value_at(), message);
    if let (Some((at, text)), Setting::Unset) = (
        edit::another(cx, format, "use_iceberg_temp_views", "True"),
        cx.config("use_iceberg_temp_views"),
    ) {
        finding = finding.fix(Fix::needs_consent("Stage rows in a view").insert_after(at, text));
    }
    sink.push(finding);
}

/// What one of the flags that are compared with a text does; unset, they are off.
fn is_on(cx: &NodeCx<'_>, key: &str) -> Option<bool> {
    let ValueType::TextBool(reading) = model_key(key)?.value else {
        return None;
    };
    match cx.config(key) {
        Setting::Unset => Some(false),
        Setting::Unknown => None,
        Setting::Set(set) => reading.effect(&set.value.value),
    }
}
