//! `env-var-gives-text`.

use glueline_base::{Diagnostic, Fix, Value};
use glueline_catalog::{KeySpec, ValueType, profile_key};

use super::scalar::Scalar;
use super::{output, template};
use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "env-var-gives-text",
    Fails,
    Error,
    "env_var_gives_text.md",
    Check::Target(check), Profile: "DbtProfileError"
);

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    for entry in cx.target.value.value.as_map().unwrap_or_default() {
        let Some(spec) = profile_key(&entry.key.value) else {
            continue;
        };
        let Some(filter) = filter(spec) else { continue };
        if !template::is_template(cx, spec.name) {
            continue;
        }
        let Some(raw) = Scalar::raw(cx, spec.name) else {
            continue;
        };
        if !gives_text(raw.text, &entry.value.value) {
            continue;
        }
        let message = format!(
            "`{}` takes {}, and this template makes a text: dbt refuses the profile. Add a filter: \
             `{{{{ env_var('NAME') | {filter} }}}}`.",
            spec.name,
            spec.value.words()
        );
        let mut diagnostic = Diagnostic::new(&RULE.meta, output::at(cx, &entry.value), message);
        if let Some(fix) = add_filter(&raw, filter) {
            diagnostic = diagnostic.fix(fix);
        }
        cx.report(sink, diagnostic);
    }
}

/// The filter that makes what a key takes out of a text.
fn filter(spec: &KeySpec) -> Option<&'static str> {
    match spec.value {
        ValueType::Integer | ValueType::Number => Some("as_number"),
        ValueType::Bool => Some("as_bool"),
        _ => None,
    }
}

fn gives_text(raw: &str, rendered: &Value) -> bool {
    // A variable that is not set here is a text where it is.
    let surely = || {
        let only = template::only_expression(raw);
        only.is_some_and(|expr| template::is_env_var(&expr) || template::is_constant(&expr))
    };
    rendered.as_str().is_some() || template::is_mixed(raw) || surely()
}

fn add_filter(raw: &Scalar<'_>, filter: &str) -> Option<Fix> {
    let expr = template::only_expression(raw.text).filter(template::is_env_var)?;
    // A default that the filter cannot convert would only fail otherwise.
    let default = template::by_default(&expr);
    let readable = match (&default, filter) {
        (Value::Str(text), "as_bool") => matches!(&**text, "True" | "False"),
        (Value::Str(text), _) => text.parse::<i64>().is_ok(),
        _ => true,
    };
    let at = raw.exact(usize::from(expr.range.start())..usize::from(expr.range.end()))?;
    readable.then(|| Fix::safe(format!("Add `| {filter}`")).insert_after(at, format!(" | {filter}")))
}
