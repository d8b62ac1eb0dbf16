//! The symbols of the workspace: nodes, macros, docs blocks, sources, groups.

use std::cmp::Reverse;
use std::sync::Arc;

use glueline_base::{FileId, FileRange, TextRange};
use glueline_project::{FileKind, Node, PackageId, Project, ResourceType};

use super::ItemKind;
use super::fuzzy::score;
use crate::Analysis;

/// A symbol that fits what was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Its name: `orders`, `raw.orders` for a table of a source.
    pub name: String,
    /// The package that it belongs to.
    pub package: Arc<str>,
    /// What it is.
    pub kind: ItemKind,
    /// Where it is defined.
    pub at: FileRange,
}

/// A symbol that may fit.
struct Candidate {
    score: i64,
    kind: ItemKind,
    name: String,
    package: PackageId,
    at: FileRange,
}

/// The symbols of the workspace whose names have the letters of a query in order, the best first, and of equals those of the root
/// project.
pub fn search(analysis: &Analysis, query: &str, limit: usize) -> Vec<Hit> {
    let project = analysis.project();
    let mut found = Vec::new();
    nodes(project, query, &mut found);
    macros(project, query, &mut found);
    files(project, query, &mut found);
    let key = |candidate: &Candidate| (Reverse(candidate.score), candidate.package != 0);
    found.sort_by(|a, b| key(a).cmp(&key(b)).then_with(|| a.name.cmp(&b.name)));
    found.truncate(limit);
    let name = |package: PackageId| {
        project
            .packages()
            .get(package)
            .map(|package| package.name.clone())
    };
    let hits = found.into_iter().map(|candidate| Hit {
        name: candidate.name,
        package: name(candidate.package).unwrap_or_default(),
        kind: candidate.kind,
        at: candidate.at,
    });
    hits.collect()
}

fn nodes(project: &Project, query: &str, found: &mut Vec<Candidate>) {
    for node in project.nodes() {
        // Names of tables alone are shorter, and what is typed may have the source in it, too.
        let fits = match &node.source_name {
            None => score(query, &node.name),
            Some(source) => {
                let whole = score(query, &format!("{source}.{}", node.name));
                whole.max(score(query, &node.name))
            }
        };
        let Some(score) = fits else { continue };
        found.push(Candidate {
            // A model is asked for more often than the tests on it.
            score: score - if node.generic_test.is_some() { 40 } else { 0 },
            kind: kind(node.kind),
            name: name(node),
            package: node.package,
            at: node.at,
        });
    }
}

fn name(node: &Node) -> String {
    match (&node.source_name, &node.version) {
        (Some(source), _) => format!("{source}.{}", node.name),
        (None, Some(version)) => format!("{}.v{}", node.name, version.v),
        (None, None) => node.name.to_string(),
    }
}

const fn kind(kind: ResourceType) -> ItemKind {
    match kind {
        ResourceType::Model => ItemKind::Model,
        ResourceType::Seed => ItemKind::Seed,
        ResourceType::Snapshot => ItemKind::Snapshot,
        ResourceType::Source => ItemKind::Table,
        ResourceType::Test | ResourceType::UnitTest => ItemKind::Test,
        ResourceType::Analysis => ItemKind::Analysis,
        ResourceType::Exposure => ItemKind::Exposure,
    }
}

fn macros(project: &Project, query: &str, found: &mut Vec<Candidate>) {
    let index = project.macros();
    for name in index.names() {
        for reference in index.definitions(name) {
            let definition = project.facts(reference.file).sql();
            let Some(definition) = definition.and_then(|facts| facts.macros.get(reference.index)) else {
                continue;
            };
            let written = &definition.written;
            let Some(score) = score(query, &written.value) else {
                continue;
            };
            found.push(Candidate {
                score,
                kind: ItemKind::Macro,
                name: written.value.to_string(),
                package: reference.package,
                at: written.in_file(reference.file),
            });
        }
    }
}

/// What files say that is no node and no macro.
fn files(project: &Project, query: &str, found: &mut Vec<Candidate>) {
    let mut add = |file: FileId, kind: ItemKind, name: &str, range: TextRange| {
        let Some(score) = score(query, name) else { return };
        found.push(Candidate {
            score,
            kind,
            name: name.to_owned(),
            package: project.files().info(file).package,
            at: FileRange { file, range },
        });
    };
    for file in project.files().ids() {
        match project.files().info(file).kind {
            FileKind::Docs => {
                let blocks = project.facts(file).sql().map_or(&[][..], |facts| &facts.docs);
                for block in blocks {
                    add(file, ItemKind::Docs, &block.name.value, block.name.range);
                }
            }
            FileKind::Properties => {
                let Some(facts) = project.facts(file).yaml() else {
                    continue;
                };
                for source in &facts.properties.sources {
                    add(file, ItemKind::Source, &source.name.value, source.name.range);
                }
                for group in &facts.properties.groups {
                    add(file, ItemKind::Entry, &group.name.value, group.name.range);
                }
            }
            _ => {}
        }
    }
}
