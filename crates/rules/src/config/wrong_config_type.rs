//! `wrong-config-type`.

use std::borrow::Cow;

use glueline_base::{Fix, Spanned, Value};
use glueline_catalog::{Checked, KeySpec, Merge, Scope, ValueType, lookup};
use glueline_project::{Contribution, ResourceType};

use super::setting;
use crate::context::NodeCx;
use crate::incremental::{edit, model};
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "wrong-config-type",
    Fails,
    Error,
    "wrong_config_type.md",
    Check::Node(check), Parse: "SchemaConfigError"
);

/// A value that dbt does not take, with the key it stands under.
struct Wrong<'a> {
    key: &'a str,
    takes: &'static str,
    value: Cow<'a, Spanned<Value>>,
    spec: Option<&'static KeySpec>,
}

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    // dbt is less strict about the configs of sources and exposures.
    if matches!(
        cx.node.kind,
        ResourceType::Source | ResourceType::Exposure | ResourceType::UnitTest
    ) {
        return;
    }
    let scope = setting::scope(cx.node.kind);
    for set in cx.node.config.entries() {
        let Some(spec) = lookup(scope, &set.key.value) else {
            continue;
        };
        if spec.checked != Checked::AtParse || (spec.merge == Merge::Clobber && !is_last(cx, set)) {
            continue;
        }
        if let Some(wrong) = find(spec, &set.value) {
            report(cx, set, &wrong, sink);
        }
    }
}

/// Whether no other layer replaces the setting.
fn is_last(cx: &NodeCx<'_>, set: &Contribution) -> bool {
    cx.config(&set.key.value)
        .set()
        .is_some_and(|last| std::ptr::eq(last, set))
}

fn find<'a>(spec: &'static KeySpec, value: &'a Spanned<Value>) -> Option<Wrong<'a>> {
    if spec.value == ValueType::Hooks {
        return hooks(spec, value);
    }
    let mut accepted = spec.accepts(&value.value);
    // What layers append to may be written as one text.
    if spec.merge == Merge::Append && value.value.as_str().is_some() {
        accepted = Some(true);
    }
    match (accepted, spec.value.scope()) {
        (Some(false), _) => Some(Wrong {
            key: spec.name,
            takes: spec.value.words(),
            value: Cow::Borrowed(value),
            spec: Some(spec),
        }),
        (Some(true), None) if matches!(spec.value, ValueType::Mapping | ValueType::TextMap) => {
            let mut entries = value.value.as_map()?.iter();
            let entry = entries.find(|entry| entry.typed.is_some())?;
            Some(Wrong {
                key: spec.name,
                takes: "texts as keys",
                value: Cow::Owned(entry.key_value()),
                spec: None,
            })
        }
        (Some(true), Some(inner)) if spec.dead.is_none() => entries(inner, &value.value),
        _ => None,
    }
}

/// The first wrong value of a mapping with keys of its own.
fn entries(scope: Scope, value: &Value) -> Option<Wrong<'_>> {
    value.as_map()?.iter().find_map(|entry| {
        let spec = lookup(scope, &entry.key.value).filter(|spec| spec.checked == Checked::AtParse)?;
        find(spec, &entry.value)
    })
}

/// A hook is SQL or a mapping with `sql`; lists of hooks do not nest.
fn hooks<'a>(spec: &'static KeySpec, value: &'a Spanned<Value>) -> Option<Wrong<'a>> {
    let items = value.value.as_list().unwrap_or(std::slice::from_ref(value));
    items.iter().find_map(|item| match &item.value {
        Value::Str(_) | Value::Unknown => None,
        Value::Map(_) if item.value.get("sql").is_some() => entries(Scope::Hook, &item.value),
        _ => Some(Wrong {
            key: spec.name,
            takes: spec.value.words(),
            value: Cow::Borrowed(item),
            spec: None,
        }),
    })
}

fn report(cx: &NodeCx<'_>, set: &Contribution, wrong: &Wrong<'_>, sink: &mut Sink) {
    let message = format!(
        "`{}` takes {}, and this is {}: dbt refuses to read the project, and no command runs.",
        wrong.key,
        wrong.takes,
        wrong.value.value.kind()
    );
    let mut finding = model::at_setting(cx, &RULE.meta, set, set.at(wrong.value.range), message);
    if let Some(fix) = mend(cx, set, wrong) {
        finding = finding.fix(fix);
    }
    sink.push(finding);
}

/// A number is quoted, a quoted boolean is freed of its quotes; in both cases only where it is written out.
fn mend(cx: &NodeCx<'_>, set: &Contribution, wrong: &Wrong<'_>) -> Option<Fix> {
    let spec = wrong.spec.filter(|spec| spec.allowed.is_empty())?;
    let at = set.at(wrong.value.range);
    let written = edit::written(cx, set, wrong.value.range);
    match (&wrong.value.value, spec.value) {
        (Value::Int(_) | Value::Float(_), ValueType::Text) if wrong.value.value.display() == written => {
            Some(Fix::safe(format!("Quote `{written}`")).replace(at, edit::text(cx, set, written)))
        }
        (Value::Str(text), ValueType::Bool) => {
            let bare = written.trim_matches(['\'', '"']);
            let word = ["true", "false"]
                .into_iter()
                .find(|word| bare == &**text && word.eq_ignore_ascii_case(bare))?;
            let python = cx.node.language == glueline_project::Language::Python && set.file == cx.node.file();
            let word = match (python, word) {
                (true, "true") => "True",
                (true, _) => "False",
                (false, word) => word,
            };
            Some(Fix::safe(format!("Write `{word}`")).replace(at, word))
        }
        _ => None,
    }
}
