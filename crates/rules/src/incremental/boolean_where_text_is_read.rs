//! `boolean-where-text-is-read`.

use std::sync::LazyLock;

use glueline_base::{Fix, Value};
use glueline_catalog::{FileFormat, KeySpec, Language, Materialization, Scope, Situation, ValueType, keys};
use glueline_project::ResourceType;

use super::{edit, model};
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "boolean-where-text-is-read",
    Ineffective,
    Error,
    "boolean_where_text_is_read.md",
    Check::GlueNode(check)
);

/// The flags that are compared with a text.
static FLAGS: LazyLock<Vec<&'static KeySpec>> = LazyLock::new(|| {
    keys(Scope::ModelConfig)
        .filter(|key| matches!(key.value, ValueType::TextBool(_)))
        .collect()
});

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    if !matches!(cx.node.kind, ResourceType::Model | ResourceType::Snapshot) {
        return;
    }
    for flag in FLAGS.iter() {
        let (Some(set), ValueType::TextBool(reading)) = (cx.config(flag.name).set(), flag.value) else {
            continue;
        };
        let (Some(meant), Some(effect)) = (meant(&set.value.value), reading.effect(&set.value.value)) else {
            continue;
        };
        if meant == effect || !is_read(cx, flag) {
            continue;
        }
        let right = if meant { "True" } else { "False" };
        let message = format!(
            "`{}` is compared with texts, and `{}` is none of them: it does the opposite, the flag counts as {}. Write \
             `'{right}'`, in quotes.",
            flag.name,
            edit::written(cx, set, set.value.range),
            if effect { "on" } else { "off" },
        );
        let fix = Fix::safe(format!("Write `'{right}'`")).replace(set.value_at(), edit::text(cx, set, right));
        sink.push(model::at_setting(cx, &RULE.meta, set, set.value_at(), message).fix(fix));
    }
}

/// What a person means by it.
fn meant(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(value) => Some(*value),
        Value::Str(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::Str(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

fn is_read(cx: &NodeCx<'_>, flag: &KeySpec) -> bool {
    let (Some(name), Some(format)) = (cx.materialized(), cx.file_format()) else {
        return false;
    };
    let (Some(materialization), Some(format)) = (Materialization::parse(name), FileFormat::parse(format))
    else {
        return false;
    };
    let language = match cx.node.language {
        glueline_project::Language::Python => Language::Python,
        glueline_project::Language::Sql | glueline_project::Language::None => Language::Sql,
    };
    let situation = Situation {
        materialization: Some(materialization),
        format: Some(format),
        language: Some(language),
        ..Situation::default()
    };
    flag.is_read(&situation) && cx.project.macros().materialization(name).is_none()
}
