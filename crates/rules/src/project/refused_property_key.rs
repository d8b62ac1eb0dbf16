//! `refused-property-key`.

use glueline_base::{Diagnostic, Fix, slice};
use glueline_catalog::{Scope, suggest};
use glueline_project::FileKind;

use super::keys::{Place, walk};
use crate::context::FileCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "refused-property-key",
    Fails,
    Error,
    "refused_property_key.md",
    Check::File(check), Parse: "YamlParseDictError"
);

fn check(cx: &FileCx<'_>, sink: &mut Sink) {
    if cx.project.files().info(cx.file).kind != FileKind::Properties {
        return;
    }
    let Some(facts) = cx.facts().yaml().filter(|facts| facts.errors.is_empty()) else {
        return;
    };
    walk(Scope::PropertiesFile, &facts.value, &mut |place| {
        let Place::Key {
            scope,
            entry,
            spec: None,
        } = place
        else {
            return;
        };
        if !scope.refuses_unknown_keys() {
            return;
        }
        let key = &*entry.key.value;
        let meant = suggest(scope, key);
        let hint = meant
            .map(|meant| format!(" Did you mean `{meant}`?"))
            .unwrap_or_default();
        let message = format!(
            "`{key}` is no key of a {}: dbt refuses the file, and no command runs.{hint}",
            scope.name()
        );
        let at = cx.at(entry.key.range);
        let mut diagnostic = Diagnostic::new(&RULE.meta, at, message);
        if let Some(meant) = meant.filter(|_| slice(cx.text(), entry.key.range) == key) {
            diagnostic = diagnostic.fix(Fix::needs_consent(format!("Call it `{meant}`")).replace(at, meant));
        }
        sink.push(diagnostic);
    });
}
