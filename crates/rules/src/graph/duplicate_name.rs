//! `duplicate-name`.

use glueline_base::{Diagnostic, FileRange};
use glueline_project::{FileKind, Node, Project, ResourceType, Setting};
use rustc_hash::FxHashMap;

use crate::context::ProjectCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "duplicate-name",
    Fails,
    Error,
    "duplicate_name.md",
    Check::Project(check), Parse: "DuplicateResourceNameError"
);

fn check(cx: &ProjectCx<'_>, sink: &mut Sink) {
    let project = cx.project;
    let nodes = || {
        project
            .nodes()
            .iter()
            .filter(|node| node.package == 0 && is_surely_enabled(node))
    };
    // Sorted by unique id, so that equal ones stand side by side.
    for (first, second) in nodes().zip(nodes().skip(1)) {
        if first.unique_id != second.unique_id {
            continue;
        }
        let kind = match second.kind {
            ResourceType::Test => "data test",
            ResourceType::UnitTest => "unit test",
            other => other.name(),
        };
        let name = match &second.source_name {
            Some(source) => format!("{source}.{}", second.name),
            None => second.name.to_string(),
        };
        sink.push(finding(kind, &name, first.at, second.at).node(&*second.unique_id));
    }
    for (kind, places) in [("docs block", docs(project)), ("group", groups(project))] {
        let mut seen: FxHashMap<&str, FileRange> = FxHashMap::default();
        for (name, at) in places {
            if let Some(first) = seen.get(name) {
                sink.push(finding(kind, name, *first, at));
            } else {
                seen.insert(name, at);
            }
        }
    }
}

/// Whether a node is enabled wherever the project runs; one of two with the same name often is for another adapter.
fn is_surely_enabled(node: &Node) -> bool {
    node.enabled && !matches!(node.config.get("enabled"), Setting::Unknown)
}

fn finding(kind: &str, name: &str, first: FileRange, second: FileRange) -> Diagnostic {
    let message = format!(
        "There are two {kind}s of the name `{name}`: dbt stops when it parses the project, and no command runs. Rename \
         or remove one of them."
    );
    Diagnostic::new(&RULE.meta, second, message).related(first, "the other one")
}

fn docs(project: &Project) -> Vec<(&str, FileRange)> {
    let mut found = Vec::new();
    for file in project
        .files()
        .of_kind(FileKind::Docs)
        .filter(|file| project.files().info(*file).package == 0)
    {
        let blocks = project
            .facts(file)
            .sql()
            .into_iter()
            .flat_map(|facts| &facts.docs);
        found.extend(blocks.map(|block| (&*block.name.value, block.name.in_file(file))));
    }
    found
}

fn groups(project: &Project) -> Vec<(&str, FileRange)> {
    let mut found = Vec::new();
    for file in project
        .files()
        .of_kind(FileKind::Properties)
        .filter(|file| project.files().info(*file).package == 0)
    {
        let groups = project
            .facts(file)
            .yaml()
            .into_iter()
            .flat_map(|facts| &facts.properties.groups);
        found.extend(groups.map(|group| (&*group.name.value, group.name.in_file(file))));
    }
    found
}
