//! `temp-views-on-s3tables`.

use glueline_catalog::{FileFormat, ValueType, model_key};

use super::model;
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "temp-views-on-s3tables",
    Fails,
    Warning,
    "temp_views_on_s3tables.md",
    Check::GlueNode(check)
);

const KEY: &str = "use_iceberg_temp_views";

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    if model::format(cx) != Some(FileFormat::S3tables) {
        return;
    }
    let Some(set) = cx.config(KEY).set() else { return };
    let Some(ValueType::TextBool(reading)) = model_key(KEY).map(|spec| spec.value) else {
        return;
    };
    if reading.effect(&set.value.value) != Some(true) || !model::is_sql_incremental(cx) {
        return;
    }
    let message = "`use_iceberg_temp_views` does not work with `s3tables`: from the second run on dbt-glue makes a table \
                   without a database and then drops it as a view, which Spark refuses. Take it out; only the text \
                   `'False'` switches it off.";
    sink.push(model::at_setting(cx, &RULE.meta, set, set.value_at(), message));
}
