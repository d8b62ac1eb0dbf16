//! `profile-without-outputs`.

use glueline_base::{Diagnostic, FileRange, Fix, nearest, slice};

use crate::context::ProjectCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "profile-without-outputs",
    Fails,
    Error,
    "profile_without_outputs.md",
    Check::Project(check), Profile: "DbtProfileError"
);

const KEY: &str = "outputs";

fn check(cx: &ProjectCx<'_>, sink: &mut Sink) {
    let Some(profile) = cx
        .project
        .profile()
        .profile()
        .filter(|profile| !profile.has_outputs)
    else {
        return;
    };
    let yaml = cx.project.facts(profile.file).yaml();
    let Some(definition) = yaml.and_then(|facts| facts.value.value.get(&profile.name.value)) else {
        return;
    };
    let entries = definition.value.as_map().unwrap_or_default();
    let misspelt = entries
        .iter()
        .find(|entry| nearest(&entry.key.value, [KEY]).is_some());
    let range = match definition.value.entry(KEY).or(misspelt) {
        Some(entry) => entry.key.range,
        None => profile.name.range,
    };
    let at = FileRange {
        file: profile.file,
        range,
    };
    let mut message = format!(
        "The profile `{}` has no mapping `outputs`: dbt stops with `outputs not specified in profile '{}'`.",
        profile.name.value, profile.name.value
    );
    let mut diagnostic = Diagnostic::new(&RULE.meta, at, "");
    if let Some(entry) = misspelt.filter(|_| definition.value.entry(KEY).is_none()) {
        message = format!("{message} `{}` is not read; call it `outputs`.", entry.key.value);
        if entry.value.value.as_map().is_some()
            && slice(cx.project.files().text(profile.file), range) == &*entry.key.value
        {
            diagnostic = diagnostic.fix(Fix::safe("Call it `outputs`").replace(at, KEY));
        }
    }
    diagnostic.message = message;
    sink.push(diagnostic);
}
