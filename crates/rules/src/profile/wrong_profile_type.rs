//! `wrong-profile-type`.

use glueline_base::{Diagnostic, Fix, MapEntry, Value};
use glueline_catalog::{KeySpec, ValueType, profile_key};

use super::scalar::Scalar;
use super::{output, template};
use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "wrong-profile-type",
    Fails,
    Error,
    "wrong_profile_type.md",
    Check::Target(check), Profile: "DbtProfileError"
);

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    for entry in cx.target.value.value.as_map().unwrap_or_default() {
        let Some(spec) = profile_key(&entry.key.value) else {
            continue;
        };
        // The flag `--threads` stands in for the key, and dbt does not look at it then.
        if spec.name == "threads" && cx.project.run_options().threads.is_some() {
            continue;
        }
        if spec.accepts(&entry.value.value) != Some(false)
            || is_for_another_rule(cx, spec, &entry.value.value)
        {
            continue;
        }
        let mut diagnostic = Diagnostic::new(
            &RULE.meta,
            output::at(cx, &entry.value),
            message(spec, &entry.value.value),
        );
        if !spec.secret {
            let why = format!("{} {}", entry.value.value.repr(), complaint(spec));
            diagnostic = diagnostic.words(output::refused(cx, &why));
        }
        if !template::is_template(cx, spec.name)
            && let Some(fix) = fix(cx, spec, entry)
        {
            diagnostic = diagnostic.fix(fix);
        }
        cx.report(sink, diagnostic);
    }
}

/// Whether a template makes a text, or is a constant, which Jinja makes a text of.
fn is_for_another_rule(cx: &TargetCx<'_>, spec: &KeySpec, value: &Value) -> bool {
    let Some(raw) = Scalar::raw(cx, spec.name).filter(|_| template::is_template(cx, spec.name)) else {
        return false;
    };
    value.as_str().is_some()
        || template::only_expression(raw.text).is_none_or(|expr| template::is_constant(&expr))
}

fn message(spec: &KeySpec, value: &Value) -> String {
    let words = spec.value.words();
    let name = spec.name;
    if spec.secret || value.as_list().is_some() || value.as_map().is_some() {
        return format!(
            "`{name}` takes {words}, and this is {}: dbt refuses the profile.",
            value.kind()
        );
    }
    format!(
        "`{name}` takes {words}, and this is {}: dbt stops with `{} {}`.",
        value.kind(),
        value.repr(),
        complaint(spec)
    )
}

/// What `jsonschema` says of a value that is of none of the types that a key takes.
fn complaint(spec: &KeySpec) -> &'static str {
    match (spec.nullable, spec.value) {
        (true, _) => "is not valid under any of the given schemas",
        (false, ValueType::Integer) => "is not of type 'integer'",
        (false, ValueType::Number) => "is not of type 'number'",
        (false, ValueType::Bool) => "is not of type 'boolean'",
        (false, _) => "is not of type 'string'",
    }
}

/// The same value, written so that YAML reads the type that is wanted.
fn fix(cx: &TargetCx<'_>, spec: &KeySpec, entry: &MapEntry) -> Option<Fix> {
    let at = output::at(cx, &entry.value);
    let bare = match (spec.value, &entry.value.value) {
        (ValueType::Text, Value::Int(_) | Value::Float(_) | Value::Bool(_)) => {
            return output::quoted(at, output::written(cx, entry.value.range));
        }
        (ValueType::Integer, Value::Str(text)) => text.trim().parse::<i64>().ok()?.to_string(),
        (ValueType::Number, Value::Str(text)) => {
            let text = text.trim();
            (text.parse::<f64>().ok()?.is_finite() && text.starts_with(|c: char| c.is_ascii_digit()))
                .then_some(text)?
                .to_owned()
        }
        (ValueType::Bool, Value::Str(text)) => match text.trim().to_ascii_lowercase().as_str() {
            found @ ("true" | "false") => found.to_owned(),
            _ => return None,
        },
        (ValueType::Bool, Value::Int(0)) => "false".to_owned(),
        (ValueType::Bool, Value::Int(1)) => "true".to_owned(),
        _ => return None,
    };
    Some(Fix::safe(format!("Write `{}: {bare}`", spec.name)).replace(at, bare))
}
