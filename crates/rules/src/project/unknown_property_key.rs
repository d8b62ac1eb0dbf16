//! `unknown-property-key`.

use glueline_base::{Diagnostic, Fix, slice};
use glueline_catalog::{Scope, lookup, suggest};
use glueline_project::FileKind;

use super::keys::{Place, walk};
use crate::context::FileCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "unknown-property-key",
    Ineffective,
    Warning,
    "unknown_property_key.md",
    Check::File(check)
);

fn check(cx: &FileCx<'_>, sink: &mut Sink) {
    if cx.project.files().info(cx.file).kind != FileKind::Properties {
        return;
    }
    let Some(facts) = cx.facts().yaml() else { return };
    let mut parent = None;
    walk(Scope::PropertiesFile, &facts.value, &mut |place| match place {
        Place::Map { node, .. } => parent = Some(node),
        Place::Key {
            scope,
            entry,
            spec: None,
        } if !scope.refuses_unknown_keys() && !scope.is_open() => {
            let key = &*entry.key.value;
            let at = cx.at(entry.key.range);
            if config_scope(scope).is_some_and(|configs| lookup(configs, key).is_some()) {
                let message = format!(
                    "`{key}` is a config and has to stand below `config:`. Here, beside it, dbt takes it for a note of \
                     yours, and nothing reads it."
                );
                sink.push(Diagnostic::new(&RULE.meta, at, message));
                return;
            }
            // A key that resembles none may be meant for another tool.
            let Some(meant) = suggest(scope, key) else { return };
            let message = format!(
                "`{key}` is no key of a {}, and nothing reads it. Did you mean `{meant}`?",
                scope.name()
            );
            let mut diagnostic = Diagnostic::new(&RULE.meta, at, message);
            let is_free = parent.is_none_or(|parent: &glueline_base::Node| parent.value.get(meant).is_none());
            if is_free && slice(cx.text(), entry.key.range) == key {
                diagnostic =
                    diagnostic.fix(Fix::needs_consent(format!("Call it `{meant}`")).replace(at, meant));
            }
            sink.push(diagnostic);
        }
        Place::Key { .. } | Place::NoMap { .. } => {}
    });
}

/// The configs that stand below `config:` in such an entry.
const fn config_scope(scope: Scope) -> Option<Scope> {
    match scope {
        Scope::Model => Some(Scope::ModelConfig),
        Scope::Seed => Some(Scope::SeedConfig),
        Scope::Snapshot => Some(Scope::SnapshotConfig),
        _ => None,
    }
}
