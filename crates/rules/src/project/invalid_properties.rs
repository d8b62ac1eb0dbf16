//! `invalid-properties`.

use glueline_base::{Diagnostic, MapEntry, TextRange, Value};
use glueline_catalog::{Checked, Scope, keys};
use glueline_project::FileKind;

use super::keys::{Place, shown, walk};
use crate::context::FileCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "invalid-properties",
    Fails,
    Error,
    "invalid_properties.md",
    Check::File(check), Parse: "YamlParseDictError"
);

fn check(cx: &FileCx<'_>, sink: &mut Sink) {
    if cx.project.files().info(cx.file).kind != FileKind::Properties {
        return;
    }
    let Some(facts) = cx.facts().yaml().filter(|facts| facts.errors.is_empty()) else {
        return;
    };
    let mut report = |range: TextRange, message: String| {
        let message = format!("{message} dbt refuses the file, and no command runs.");
        sink.push(Diagnostic::new(&RULE.meta, cx.at(range), message));
    };
    match &facts.value.value {
        Value::Map(_) => {}
        Value::Null | Value::Unknown => return,
        other => {
            let start = TextRange::empty(facts.value.range.start());
            report(
                start,
                format!("A properties file is a mapping, and this is {}.", other.kind()),
            );
            return;
        }
    }
    walk(Scope::PropertiesFile, &facts.value, &mut |place| match place {
        Place::Key {
            scope,
            entry,
            spec: Some(spec),
        } => {
            let is_wrong = spec.checked == Checked::AtParse
                && spec.accepts(&entry.value.value) == Some(false)
                && !is_template(&entry.value.value);
            if is_wrong {
                let message = format!(
                    "`{}` takes {}, and here stands {}.",
                    entry.key.value,
                    spec.value.words(),
                    shown(&entry.value.value)
                );
                let empty = entry.value.range.is_empty();
                report(if empty { entry.key.range } else { entry.value.range }, message);
            } else if let Some((at, key)) = key_of_no_text(scope, entry) {
                let message = format!(
                    "The keys of `{}` are texts, and here stands {key}.",
                    entry.key.value
                );
                report(at, message);
            }
        }
        // Among the columns of a version `include` and `exclude` are no column.
        Place::Map {
            scope: Scope::Column,
            node,
        } if is_choice(&node.value) => {}
        Place::Map { scope, node } => {
            let needed = keys(scope).filter(|key| key.required.is_some() && key.checked == Checked::AtParse);
            for key in needed.filter(|key| node.value.get(key.name).is_none()) {
                let first = node.value.as_map().and_then(|entries| entries.first());
                let at = first.map_or(node.range, |entry| entry.key.range);
                report(at, format!("This {} has no `{}`.", scope.name(), key.name));
            }
        }
        Place::NoMap { scope, node } => {
            report(
                node.range,
                format!(
                    "A {} is a mapping, and here stands {}.",
                    scope.name(),
                    shown(&node.value)
                ),
            );
        }
        Place::Key { .. } => {}
    });
}

/// Whether it is a text that dbt renders before it looks at it: one expression alone keeps its type.
fn is_template(value: &Value) -> bool {
    matches!(value, Value::Str(text) if text.contains("{{") || text.contains("{%"))
}

/// The first key that is no text, where dbt takes no other. The `meta` of a node is a config of it, and looked at as one.
fn key_of_no_text(scope: Scope, entry: &MapEntry) -> Option<(TextRange, String)> {
    let is_node = matches!(
        scope,
        Scope::Model | Scope::Seed | Scope::Snapshot | Scope::SingularTest
    );
    match &*entry.key.value {
        "config" => {}
        "meta" if !is_node => {}
        _ => return None,
    }
    let mut entries = entry.value.value.as_map()?.iter();
    entries.find_map(|entry| Some((entry.key.range, shown(entry.typed.as_deref()?))))
}

fn is_choice(value: &Value) -> bool {
    value.get("include").is_some() || value.get("exclude").is_some()
}
