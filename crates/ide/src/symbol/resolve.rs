//! From names to symbols.

use std::sync::Arc;

use glueline_base::FileId;
use glueline_catalog::Scope;
use glueline_catalog::jinja::{self, shipped_macro};
use glueline_project::{FileKind, MacroRef, NodeId, PackageId, Project, Resolution, ResourceType};
use glueline_render::{DISPATCH_PREFIXES, search_packages};

use super::{MissingKind, Symbol};

pub(super) fn missing(kind: MissingKind, name: impl Into<Arc<str>>) -> Symbol {
    Symbol::Missing {
        kind,
        name: name.into(),
    }
}

/// The number of a package, by its name.
pub(crate) fn package_named(project: &Project, name: &str) -> Option<PackageId> {
    project
        .packages()
        .iter()
        .position(|package| *package.name == *name)
}

/// What `ref()` names.
pub(crate) fn reference(
    project: &Project,
    from: PackageId,
    package: Option<&str>,
    name: &str,
    version: Option<&str>,
) -> Symbol {
    let package = match package.map(|package| package_named(project, package)) {
        Some(None) => return missing(MissingKind::Ref, name),
        Some(found) => found,
        None => None,
    };
    let find = |version| match project.lookup().find_ref(from, package, name, version) {
        Resolution::Node(node) | Resolution::Disabled(node) => Some(node),
        Resolution::Missing | Resolution::Unknown => None,
    };
    if let Some(node) = find(version) {
        return Symbol::Node(node);
    }
    // A version that is not there is one of a model that may be.
    match find(None).map(|node| project.node(node)) {
        Some(node) if node.version.is_some() => Symbol::VersionedModel {
            package: node.package,
            name: node.name.clone(),
        },
        _ => missing(MissingKind::Ref, name),
    }
}

/// What `source()` names.
pub(crate) fn table(project: &Project, from: PackageId, source: &str, table: &str) -> Symbol {
    match project.lookup().find_source(from, source, table) {
        Resolution::Node(node) | Resolution::Disabled(node) => Symbol::Node(node),
        Resolution::Missing | Resolution::Unknown => missing(MissingKind::Table, format!("{source}.{table}")),
    }
}

/// The source of a name: that of the root project, of the package that asks, or of any.
pub(crate) fn source(project: &Project, from: PackageId, name: &str) -> Symbol {
    let mut packages: Vec<PackageId> = project
        .nodes()
        .of_kind(ResourceType::Source)
        .filter(|node| node.source_name.as_deref() == Some(name))
        .map(|node| node.package)
        .collect();
    packages.sort_by_key(|package| (*package != 0, *package != from, *package));
    match packages.first() {
        Some(package) => Symbol::Source {
            package: *package,
            name: name.into(),
        },
        None => missing(MissingKind::Source, name),
    }
}

/// What a bare name means in a template of a package, where the file does not bind it.
pub(crate) fn global(project: &Project, from: PackageId, name: &str) -> Option<Symbol> {
    if let Some(found) = project.macros().find(name, from) {
        return Some(Symbol::Macro(found));
    }
    if let Some(package) = package_named(project, name).filter(|package| project.macros().has_any(*package)) {
        return Some(Symbol::Package(package));
    }
    shipped(name).or_else(|| context(name))
}

/// What a name with one dot or more means, where the file does not bind its first part.
pub(crate) fn member(project: &Project, from: PackageId, path: &str) -> Option<Symbol> {
    let (head, name) = path.split_once('.')?;
    if head == "builtins" {
        return context(name);
    }
    if project.macros().find(head, from).is_some() {
        return None;
    }
    let package = package_named(project, head).filter(|package| project.macros().has_any(*package));
    match package {
        Some(package) => Some(match project.macros().find_in(name, package) {
            Some(found) => Symbol::Macro(found),
            None => missing(MissingKind::Macro, path),
        }),
        None if head == "dbt" => shipped(name),
        None => context(path),
    }
}

fn context(name: &str) -> Option<Symbol> {
    jinja::name(name).map(|found| Symbol::Context(found.name))
}

/// A macro that dbt or an adapter ships.
pub(crate) fn shipped(name: &str) -> Option<Symbol> {
    shipped_macro(name)
        .first()
        .map(|found| Symbol::ShippedMacro(found.name))
}

/// The generic test that a properties file names: `not_null`, `dbt_utils.at_least_one`.
pub(crate) fn generic_test(project: &Project, from: PackageId, written: &str) -> Symbol {
    let found = match written.split_once('.') {
        Some((package, name)) => {
            let stored = format!("test_{name}");
            let defined = package_named(project, package)
                .and_then(|package| project.macros().find_in(&stored, package))
                .map(Symbol::Macro);
            defined.or_else(|| shipped(&stored).filter(|_| package == "dbt"))
        }
        None => {
            let stored = format!("test_{written}");
            let defined = project.macros().find(&stored, from).map(Symbol::Macro);
            // Whether a test of another package is meant without its name, dbt does not say: it fails.
            defined.or_else(|| shipped(&stored))
        }
    };
    found.unwrap_or_else(|| missing(MissingKind::GenericTest, written))
}

/// The macros that `adapter.dispatch(name, namespace)` looks for and finds, in the order in which it looks: the first is
/// the one it takes. Each is [`Symbol::Macro`] or [`Symbol::ShippedMacro`].
pub fn dispatch(project: &Project, from: PackageId, name: &str, namespace: Option<&str>) -> Vec<Symbol> {
    let mut found = Vec::new();
    for package in search_packages(project, namespace) {
        for prefix in DISPATCH_PREFIXES {
            let full = format!("{prefix}__{name}");
            let candidate = match package.as_deref() {
                None => {
                    let own = project.macros().find(&full, from).map(Symbol::Macro);
                    own.or_else(|| shipped(&full))
                }
                Some("dbt") => shipped(&full),
                Some(package) => package_named(project, package)
                    .and_then(|package| project.macros().find_in(&full, package))
                    .map(Symbol::Macro),
            };
            found.extend(candidate.filter(|candidate| !found.contains(candidate)));
        }
    }
    found
}

/// The materialization that a config names.
pub(crate) fn materialization(project: &Project, name: &str) -> Option<Symbol> {
    if let Some(found) = project.macros().materialization(name) {
        return Some(Symbol::Macro(found));
    }
    DISPATCH_PREFIXES
        .iter()
        .find_map(|adapter| shipped(&format!("materialization_{name}_{adapter}")))
}

/// The docs block that `doc()` names: of the root project, of the package that asks, or of any
/// (`dbt/contracts/graph/manifest.py`, `resolve_doc`).
pub(crate) fn doc(project: &Project, from: PackageId, package: Option<&str>, name: &str) -> Symbol {
    let wanted = package.map(|package| package_named(project, package));
    let mut best: Option<((bool, bool), Symbol)> = None;
    for file in project.files().of_kind(FileKind::Docs) {
        let Some(facts) = project.facts(file).sql() else {
            continue;
        };
        let Some(index) = facts.docs.iter().position(|block| *block.name.value == *name) else {
            continue;
        };
        let owner = project.files().info(file).package;
        if wanted.is_some_and(|wanted| wanted != Some(owner)) {
            continue;
        }
        let rank = (owner != 0, owner != from);
        if best.as_ref().is_none_or(|(found, _)| rank < *found) {
            best = Some((rank, Symbol::Doc { file, index }));
        }
    }
    best.map_or_else(|| missing(MissingKind::Doc, name), |(_, symbol)| symbol)
}

/// Whether some file defines a group of this name.
pub(crate) fn group(project: &Project, name: &str) -> Symbol {
    let is_defined = project
        .files()
        .of_kind(FileKind::Properties)
        .filter_map(|file| project.facts(file).yaml())
        .any(|facts| {
            facts
                .properties
                .groups
                .iter()
                .any(|group| *group.name.value == *name)
        });
    if is_defined {
        Symbol::Group(name.into())
    } else {
        missing(MissingKind::Group, name)
    }
}

/// The number of a macro, test or materialization that a file defines, by where its block stands.
pub(super) fn macro_at(
    project: &Project,
    file: FileId,
    package: PackageId,
    range: glueline_base::TextRange,
) -> Option<MacroRef> {
    let macros = &project.facts(file).sql()?.macros;
    let index = macros.iter().position(|definition| definition.range == range)?;
    Some(MacroRef { file, index, package })
}

/// The node of an id.
pub(crate) fn by_unique_id(project: &Project, unique_id: &str) -> Option<NodeId> {
    project.nodes().by_unique_id(unique_id).map(|node| node.id)
}

/// The nodes that a file of code or rows is: one for most files, none for macros, several for versions that share a file
/// and for snapshot blocks.
pub fn nodes_of_file(project: &Project, file: FileId) -> Vec<NodeId> {
    let is_code = !matches!(project.files().info(file).kind, FileKind::Properties);
    let known = project.nodes_in(file).iter().copied();
    known
        .filter(|id| is_code && project.node(*id).at.file == file)
        .collect()
}

/// The node that the code at an offset of a file belongs to: the file's, or that of the snapshot block around it.
pub fn node_of_file(project: &Project, file: FileId, offset: glueline_base::TextSize) -> Option<NodeId> {
    let nodes = nodes_of_file(project, file);
    let blocks = project.facts(file).sql().map(|facts| facts.snapshots.as_slice());
    let around = |node: &&NodeId| {
        let block = project.node(**node).block;
        block.is_none_or(|block| {
            blocks
                .and_then(|blocks| blocks.get(block))
                .is_some_and(|block| block.range.contains_inclusive(offset))
        })
    };
    nodes.iter().find(around).copied()
}

/// Where the keys of `config()` in a file are looked up.
pub fn config_scope(kind: FileKind) -> Scope {
    match kind {
        FileKind::Snapshot => Scope::SnapshotConfig,
        FileKind::Analysis => Scope::AnalysisConfig,
        FileKind::SingularTest | FileKind::GenericTest => Scope::TestConfig,
        _ => Scope::ModelConfig,
    }
}

/// A parameter of a macro, where the macro has one of that name.
pub(crate) fn parameter(project: &Project, of: MacroRef, name: &str) -> Option<Symbol> {
    let definition = project.facts(of.file).sql()?.macros.get(of.index)?;
    let parameters = &definition.parameters;
    parameters
        .iter()
        .any(|(parameter, _)| *parameter.value == *name)
        .then(|| Symbol::Parameter {
            of,
            name: name.into(),
        })
}
