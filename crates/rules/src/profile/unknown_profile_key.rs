//! `unknown-profile-key`.

use glueline_base::{Diagnostic, Fix, MapEntry};
use glueline_catalog::{Scope, profile_key, suggest, wrong_name};

use super::output;
use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "unknown-profile-key",
    Ineffective,
    Warning,
    "unknown_profile_key.md",
    Check::Target(check)
);

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    for entry in cx.target.value.value.as_map().unwrap_or_default() {
        let key = &*entry.key.value;
        if profile_key(key).is_some() {
            continue;
        }
        let mut message =
            format!("`{key}` is no key of dbt-glue's profile: it is accepted and nothing reads it.");
        let suggestion = suggest(Scope::ProfileOutput, key);
        if let Some(wrong) = wrong_name(Scope::ProfileOutput, key) {
            message = format!("{message} {}", wrong.advice);
        } else if let Some(suggestion) = suggestion {
            message = format!("{message} Did you mean `{suggestion}`?");
        }
        let mut diagnostic = Diagnostic::new(&RULE.meta, output::key_at(cx, entry), message);
        if let Some(fix) = suggestion.and_then(|suggestion| rename(cx, entry, suggestion)) {
            diagnostic = diagnostic.fix(fix);
        }
        cx.report(sink, diagnostic);
    }
}

/// The right name, where the output does not have it yet and it takes the value.
fn rename(cx: &TargetCx<'_>, entry: &MapEntry, name: &str) -> Option<Fix> {
    let fits = profile_key(name)?.accepts(&entry.value.value) == Some(true);
    let certain =
        fits && cx.target.entry(name).is_none() && output::written(cx, entry.key.range) == &*entry.key.value;
    certain.then(|| Fix::safe(format!("Call it `{name}`")).replace(output::key_at(cx, entry), name))
}
