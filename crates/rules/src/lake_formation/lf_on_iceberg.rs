//! `lf-on-iceberg`.

use glueline_base::Value;
use glueline_catalog::{FileFormat, profile_key};

use super::acts;
use crate::context::NodeCx;
use crate::incremental::model::at_setting;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "lf-on-iceberg",
    Access,
    Warning,
    "lf_on_iceberg.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let tags = acts::tags(cx);
    let grants = acts::data_cell_filters(cx).map(|(set, _)| set);
    if tags.is_none() && grants.is_none() {
        return;
    }
    let has_prefix = matches!(
        cx.file_format().and_then(FileFormat::parse),
        Some(FileFormat::Iceberg | FileFormat::S3tables)
    ) && (cx.is_model("table") || cx.is_incremental());
    let Some(catalog) = iceberg_catalog(cx).filter(|catalog| has_prefix && !catalog.is_empty()) else {
        return;
    };
    for set in tags.into_iter().chain(grants) {
        let schema = cx.node.schema.as_deref().unwrap_or("SCHEMA");
        let message = format!(
            "On this format dbt-glue asks Lake Formation for the database `{catalog}.{schema}`, which does not exist: \
             the node fails after its data was written. Tag and grant outside of dbt, or use a plain format."
        );
        sink.push(at_setting(cx, &RULE.meta, set, set.key_at(), message));
    }
}

/// What is put in front of the schema; `None` where that is nothing or not known.
fn iceberg_catalog<'a>(cx: &NodeCx<'a>) -> Option<&'a str> {
    const KEY: &str = "custom_iceberg_catalog_namespace";
    match cx.project.target()?.get(KEY) {
        None => profile_key(KEY).map(|key| key.default),
        Some(Value::Null) => None,
        Some(value) => value.as_str(),
    }
}
