//! `lf-wrong-type`.

use glueline_base::{Spanned, Value};
use glueline_catalog::{KeySpec, Scope, ValueType, keys, lookup};
use glueline_project::Contribution;

use super::acts;
use crate::context::NodeCx;
use crate::incremental::model::at_setting;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "lf-wrong-type",
    Fails,
    Error,
    "lf_wrong_type.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let mut report = |set: &Contribution, key: &str, takes: &str, value: &Spanned<Value>| {
        let message = format!(
            "`{key}` takes {takes}, and this is {}: the node fails, after its data was written.",
            value.value.kind()
        );
        sink.push(at_setting(cx, &RULE.meta, set, set.at(value.range), message));
    };
    for config in acts::CONFIGS {
        let Some(set) = acts::applied(cx, config) else {
            continue;
        };
        if is_not_a_map(&set.value.value) {
            report(set, config, "a mapping", &set.value);
        }
    }
    if let Some(set) = acts::applied(cx, "lf_grants")
        && let Some(filters) = set.value.value.get("data_cell_filters")
        && is_not_a_map(&filters.value)
    {
        report(set, "data_cell_filters", "a mapping", filters);
    }
    if let Some((set, data_cell_filters)) = acts::data_cell_filters(cx) {
        if let Some(filters) = data_cell_filters
            .get("filters")
            .filter(|filters| is_not_a_map(&filters.value))
        {
            report(set, "filters", "a mapping from names to filters", filters);
        }
        for filter in acts::filters(data_cell_filters) {
            if is_not_a_map(&filter.value.value) {
                report(set, &filter.key.value, "a mapping", &filter.value);
            }
            for entry in filter.value.value.as_map().unwrap_or_default() {
                let spec = lookup(Scope::DataCellFilter, &entry.key.value);
                if let Some(spec) = spec.filter(|spec| is_refused(spec, &entry.value.value)) {
                    report(set, spec.name, spec.value.words(), &entry.value);
                }
            }
        }
    }
    if let Some(set) = acts::tags(cx) {
        for spec in keys(Scope::LfTags).filter(|spec| spec.value != ValueType::Bool) {
            let Some(value) = set.value.value.get(spec.name) else {
                continue;
            };
            if value.value.truthy() == Some(true) && is_not_a_map(&value.value) {
                report(set, spec.name, spec.value.words(), value);
            } else if spec.value == ValueType::Mapping
                && let Some((key, takes, value)) = columns(&value.value)
            {
                report(set, key, takes, value);
            }
        }
    }
}

const fn is_not_a_map(value: &Value) -> bool {
    !matches!(value, Value::Map(_) | Value::Unknown)
}

/// A value that boto3 refuses. What is missing, and principals that are one text, have rules of their own.
fn is_refused(spec: &KeySpec, value: &Value) -> bool {
    let elsewhere = spec.required.is_some() && *value == Value::Null;
    let is_one_principal = spec.name == "principals" && value.as_str().is_some();
    !elsewhere && !is_one_principal && spec.accepts(value) == Some(false)
}

/// The first wrong part of `tags_columns`: tag, then value, then a list of columns.
fn columns(tags: &Value) -> Option<(&str, &'static str, &Spanned<Value>)> {
    tags.as_map()?.iter().find_map(|tag| {
        if is_not_a_map(&tag.value.value) {
            return Some((
                &*tag.key.value,
                "a mapping from values to lists of columns",
                &tag.value,
            ));
        }
        let values = tag.value.value.as_map().unwrap_or_default();
        let wrong = values
            .iter()
            .find(|entry| ValueType::Texts.accepts(&entry.value.value) == Some(false))?;
        Some((&*wrong.key.value, "a list of columns", &wrong.value))
    })
}
