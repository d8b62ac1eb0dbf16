//! `properties-without-node`.

use glueline_base::{Diagnostic, FileId, Fix, nearest, slice};
use glueline_project::facts::properties::{Patch, PatchKind};
use glueline_project::{Project, ResourceType};

use super::did_you_mean;
use super::properties::{Described, entries, kind_of};
use crate::context::ProjectCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "properties-without-node",
    Project,
    Warning,
    "properties_without_node.md",
    Check::Project(check)
);

fn check(cx: &ProjectCx<'_>, sink: &mut Sink) {
    let described = Described::new(cx.project);
    for (file, patch) in entries(cx.project) {
        match kind_of(patch.kind) {
            None if cx.project.macros().find_in(&patch.name.value, 0).is_none() => {
                sink.push(no_macro(cx.project, file, patch));
            }
            None => {}
            Some(_) if patch.relation.is_some() => {}
            Some(kind) if !patch.versions.is_empty() => missing_versions(&described, file, patch, kind, sink),
            Some(kind) if described.find(kind, &patch.name.value).is_empty() => {
                sink.push(no_node(cx.project, &described, file, patch, kind));
            }
            Some(_) => {}
        }
    }
}

const LOST: &str = "dbt warns and passes over the entry, with its configs, its tests and its descriptions.";

fn no_node(
    project: &Project,
    described: &Described<'_>,
    file: FileId,
    patch: &Patch,
    kind: ResourceType,
) -> Diagnostic {
    let name = &*patch.name.value;
    let elsewhere = [
        ResourceType::Model,
        ResourceType::Seed,
        ResourceType::Snapshot,
        ResourceType::Analysis,
    ]
    .into_iter()
    .find(|other| *other != kind && !described.find(*other, name).is_empty());
    if let Some(other) = elsewhere {
        let message = format!(
            "`{name}` is a {other} and described as a {kind}: {LOST} Move it to the list of that kind."
        );
        return Diagnostic::new(&RULE.meta, patch.name.in_file(file), message);
    }
    let meant = nearest(name, described.names(kind));
    with_suggestion(
        project,
        file,
        patch,
        &format!("There is no {} `{name}`", shown(kind)),
        meant,
    )
}

fn no_macro(project: &Project, file: FileId, patch: &Patch) -> Diagnostic {
    let name = &*patch.name.value;
    let meant = nearest(name, project.macros().names());
    with_suggestion(
        project,
        file,
        patch,
        &format!("There is no macro `{name}` in the project"),
        meant,
    )
}

fn with_suggestion(
    project: &Project,
    file: FileId,
    patch: &Patch,
    what: &str,
    meant: Option<&str>,
) -> Diagnostic {
    let at = patch.name.in_file(file);
    let hint = did_you_mean(meant);
    let diagnostic = Diagnostic::new(&RULE.meta, at, format!("{what}: {LOST}{hint}"));
    match meant {
        Some(meant) if slice(project.files().text(file), at.range) == &*patch.name.value => {
            diagnostic.fix(Fix::needs_consent(format!("Name `{meant}`")).replace(at, meant))
        }
        _ => diagnostic,
    }
}

/// Versions whose file is not there.
fn missing_versions(
    described: &Described<'_>,
    file: FileId,
    patch: &Patch,
    kind: ResourceType,
    sink: &mut Sink,
) {
    if patch.kind != PatchKind::Model {
        return;
    }
    let name = &*patch.name.value;
    for version in &patch.versions {
        let nodes = described
            .find(kind, name)
            .iter()
            .filter_map(|node| node.version.as_ref());
        if nodes.into_iter().any(|found| found.v == version.v.value) {
            continue;
        }
        let stem = match &version.defined_in {
            Some(defined_in) => defined_in.value.to_string(),
            None => format!("{name}_v{}", version.v.value),
        };
        let at = version.defined_in.as_ref().unwrap_or(&version.v).in_file(file);
        let message = format!(
            "Version `{}` of `{name}` has no file: dbt looks for `{stem}` and does not find it. It warns and passes over \
             the version; a `ref()` to it fails.",
            version.v.value
        );
        sink.push(Diagnostic::new(&RULE.meta, at, message));
    }
}

const fn shown(kind: ResourceType) -> &'static str {
    match kind {
        ResourceType::Test => "singular test",
        other => other.name(),
    }
}
