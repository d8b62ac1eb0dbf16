//! `target-not-found`.

use glueline_base::{Diagnostic, FileRange, Fix, nearest, slice};
use glueline_project::Profile;

use crate::context::ProjectCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "target-not-found",
    Fails,
    Error,
    "target_not_found.md",
    Check::Project(check), Profile: "DbtProfileError"
);

fn check(cx: &ProjectCx<'_>, sink: &mut Sink) {
    let (Some(profile), Some(wanted)) = (cx.project.profile().profile(), cx.project.wanted_target()) else {
        return;
    };
    if !profile.has_outputs || has_output(cx, profile, wanted) {
        return;
    }
    let named = profile
        .default_target
        .as_ref()
        .filter(|target| target.value.as_str() == Some(wanted));
    let range = named.map_or(profile.name.range, |target| target.range);
    let at = FileRange {
        file: profile.file,
        range,
    };
    let names = || profile.targets.iter().map(|target| &*target.name.value);
    let has = if names().next().is_none() {
        "none".to_owned()
    } else {
        super::list(names())
    };
    let why = if profile.default_target.is_none() && wanted == "default" {
        " Without `target` dbt looks for an output of that name."
    } else {
        ""
    };
    let message = format!(
        "The profile `{}` has no output `{wanted}`, only {has}.{why} dbt stops with `The profile '{}' does not have a \
         target named '{wanted}'`.",
        profile.name.value, profile.name.value
    );
    let mut diagnostic = Diagnostic::new(&RULE.meta, at, message);
    if named.is_some()
        && slice(cx.project.files().text(profile.file), range) == wanted
        && let Some(near) = nearest(wanted, names())
    {
        diagnostic = diagnostic.fix(Fix::safe(format!("Write `{near}`")).replace(at, near));
    }
    let mut words = format!(
        "Runtime Error\n  The profile '{}' does not have a target named '{wanted}'. The valid target names for this profile are:",
        profile.name.value
    );
    for name in names() {
        words.push_str("\n   - ");
        words.push_str(name);
    }
    sink.push(diagnostic.words(words));
}

/// Whether an output has the name, mapping or not.
fn has_output(cx: &ProjectCx<'_>, profile: &Profile, wanted: &str) -> bool {
    let yaml = cx.project.facts(profile.file).yaml();
    let outputs = yaml.and_then(|facts| facts.value.value.get(&profile.name.value)?.value.get("outputs"));
    outputs.is_some_and(|outputs| outputs.value.get(wanted).is_some())
}
