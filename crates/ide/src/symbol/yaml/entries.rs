//! What the entries of YAML files are about, and what the names in them stand for.

use std::sync::Arc;

use glueline_base::{FileRange, TextRange, Utf8PathBuf};
use glueline_catalog::Scope;
use glueline_project::{FileKind, NodeId, ResourceType};
use glueline_yaml::NodeRef;

use super::super::scan::Scan;
use super::super::template::{expression_target, names_columns};
use super::super::{MissingKind, Role, Symbol, define, resolve};
use super::{Reader, each, get, is_call, text};

/// The entry around a place.
#[derive(Clone, Copy)]
pub(super) enum Entry<'y> {
    /// Nothing that has a name.
    None,
    /// An entry for a model, seed, ..., of this scope.
    Described(Scope, NodeRef<'y>),
    /// A version of the model of an entry.
    Version {
        /// The entry of the model.
        model: NodeRef<'y>,
        /// That of the version.
        version: NodeRef<'y>,
    },
    /// A source.
    Source(NodeRef<'y>),
    /// A table of a source.
    Table {
        /// The source.
        source: NodeRef<'y>,
        /// The table.
        table: NodeRef<'y>,
    },
    /// An input of a unit test.
    Input {
        /// The unit test.
        test: NodeRef<'y>,
        /// The input.
        input: NodeRef<'y>,
    },
}

impl<'y> Entry<'y> {
    /// The entry that a mapping of a scope is, or the one around it.
    pub(super) fn inside(self, scope: Scope, node: NodeRef<'y>) -> Self {
        match (scope, self) {
            (
                Scope::Model
                | Scope::Seed
                | Scope::Snapshot
                | Scope::Analysis
                | Scope::SingularTest
                | Scope::Macro
                | Scope::UnitTest
                | Scope::Exposure,
                _,
            ) => Self::Described(scope, node),
            (Scope::Source, _) => Self::Source(node),
            (Scope::SourceTable, Self::Source(source)) => Self::Table { source, table: node },
            (Scope::ModelVersion, Self::Described(_, model)) => Self::Version { model, version: node },
            (Scope::UnitTestInput, Self::Described(_, test)) => Self::Input { test, input: node },
            (_, around) => around,
        }
    }

    /// The node that the entry is about: the newest version, where it is about a model with versions.
    pub(super) fn node(self, scan: &Scan<'_>) -> Option<NodeId> {
        match self {
            Self::None | Self::Source(_) => None,
            Self::Described(Scope::UnitTest, test) => {
                let model = get(test, "model").and_then(text)?;
                model_named(scan, &model)
            }
            Self::Described(scope, entry) => {
                let name = get(entry, "name").and_then(text)?;
                match described(scan, scope, &name)? {
                    Symbol::Node(node) => Some(node),
                    Symbol::VersionedModel { .. } => model_named(scan, &name),
                    _ => None,
                }
            }
            Self::Version { model, version } => {
                let name = get(model, "name").and_then(text)?;
                let v = get(version, "v").and_then(text)?;
                version_named(scan, &name, &v)
            }
            Self::Table { source, table } => {
                let name = get(table, "name")?;
                let written = text(name)?;
                let source = get(source, "name").and_then(text)?;
                let id = format!("source.{}.{source}.{written}", package_name(scan)?);
                let is_plain = !source.contains('{') && !written.contains('{');
                let found = is_plain
                    .then(|| resolve::by_unique_id(scan.project, &id))
                    .flatten();
                // A name that Jinja makes is known by its place.
                found.or_else(|| node_at(scan, ResourceType::Source, name.range()))
            }
            Self::Input { test, input } => {
                let asked = get(input, "input").and_then(text)?;
                if asked.trim() == "this" {
                    return Self::Described(Scope::UnitTest, test).node(scan);
                }
                match expression_target(scan, &asked)? {
                    Symbol::Node(node) => Some(node),
                    _ => None,
                }
            }
        }
    }
}

/// The node of a kind that stands at a place of the file.
pub(super) fn node_at(scan: &Scan<'_>, kind: ResourceType, range: TextRange) -> Option<NodeId> {
    let at = FileRange {
        file: scan.file,
        range,
    };
    let mut here = scan.project.nodes_in(scan.file).iter().copied();
    here.find(|id| {
        let node = scan.project.node(*id);
        node.kind == kind && node.at == at
    })
}

/// The model of a name in the file's package, the newest of its versions.
fn model_named(scan: &Scan<'_>, name: &str) -> Option<NodeId> {
    match resolve::reference(scan.project, scan.package, None, name, None) {
        Symbol::Node(node) => Some(node),
        _ => None,
    }
}

fn package_name<'p>(scan: &Scan<'p>) -> Option<&'p Arc<str>> {
    Some(&scan.project.packages().get(scan.package)?.name)
}

fn version_named(scan: &Scan<'_>, name: &str, v: &str) -> Option<NodeId> {
    let id = format!("model.{}.{name}.v{v}", package_name(scan)?);
    resolve::by_unique_id(scan.project, &id)
}

/// What an entry of a scope describes.
fn described(scan: &Scan<'_>, scope: Scope, name: &str) -> Option<Symbol> {
    let kind = match scope {
        Scope::Model => ResourceType::Model,
        Scope::Seed => ResourceType::Seed,
        Scope::Snapshot => ResourceType::Snapshot,
        Scope::Analysis => ResourceType::Analysis,
        Scope::SingularTest => ResourceType::Test,
        Scope::Exposure => ResourceType::Exposure,
        Scope::Macro => {
            let found = scan.project.macros().find_in(name, scan.package);
            return Some(found.map_or_else(|| missing(name), Symbol::Macro));
        }
        _ => return None,
    };
    let package = package_name(scan)?;
    if let Some(node) = resolve::by_unique_id(scan.project, &format!("{kind}.{package}.{name}")) {
        return Some(Symbol::Node(node));
    }
    let mut versions = define::versions(scan.project, scan.package, name);
    if kind == ResourceType::Model && versions.next().is_some() {
        return Some(Symbol::VersionedModel {
            package: scan.package,
            name: name.into(),
        });
    }
    Some(missing(name))
}

fn missing(name: &str) -> Symbol {
    resolve::missing(MissingKind::Described, name)
}

/// How the value of a key stands there.
pub(super) fn role(scope: Scope, key: &str) -> Role {
    match (scope, key) {
        (
            Scope::Source
            | Scope::SourceTable
            | Scope::Exposure
            | Scope::UnitTest
            | Scope::Group
            | Scope::Selector
            | Scope::ProjectFile,
            "name",
        ) => Role::Definition,
        (_, "name") | (Scope::ModelVersion, "v") => Role::Declaration,
        _ => Role::Reference,
    }
}

/// What a single value of a key names.
pub(super) fn named(
    scan: &Scan<'_>,
    scope: Scope,
    key: &str,
    value: &str,
    at: TextRange,
    entry: Entry<'_>,
) -> Option<Symbol> {
    let project = scan.project;
    match (scope, key) {
        (Scope::UnitTest, "name") => unit_test(scan, value, at, entry).map(Symbol::Node),
        (Scope::Source, "name") => Some(Symbol::Source {
            package: scan.package,
            name: value.into(),
        }),
        (Scope::SourceTable, "name") => entry.node(scan).map(Symbol::Node),
        (Scope::Group, "name") => Some(Symbol::Group(value.into())),
        (Scope::Selector, "name") => Some(Symbol::Selector(value.into())),
        (Scope::Column, "name") => entry.node(scan).map(|of| Symbol::Column {
            of,
            name: value.into(),
        }),
        (Scope::MacroArgument, "name") => {
            let Entry::Described(_, node) = entry else {
                return None;
            };
            let name = get(node, "name").and_then(text)?;
            let of = project.macros().find_in(&name, scan.package)?;
            resolve::parameter(project, of, value)
        }
        (_, "name") if scope != Scope::ProjectFile => described(scan, scope, value),
        (Scope::ModelVersion, "v") | (Scope::Model, "latest_version") => {
            let (Entry::Version { model, .. } | Entry::Described(_, model)) = entry else {
                return None;
            };
            let name = get(model, "name").and_then(text)?;
            version_named(scan, &name, value).map(Symbol::Node)
        }
        (Scope::ModelVersion, "defined_in") => {
            let node = project.node(entry.node(scan)?);
            Some(Symbol::Path(project.files().info(node.file()).absolute.clone()))
        }
        (Scope::UnitTest, "model") => {
            let node = project.node(model_named(scan, value)?);
            Some(match &node.version {
                Some(_) => Symbol::VersionedModel {
                    package: node.package,
                    name: node.name.clone(),
                },
                None => Symbol::Node(node.id),
            })
        }
        (Scope::UnitTestInput, "input") if value.trim() == "this" => entry.node(scan).map(Symbol::Node),
        (Scope::UnitTestInput | Scope::UnitTestOutput, "fixture") => fixture(scan, value),
        (Scope::Source, "overrides") | (Scope::Dispatch, "macro_namespace" | "search_order") => {
            let found = resolve::package_named(project, value).map(Symbol::Package);
            found.or_else(|| (value != "dbt").then(|| resolve::missing(MissingKind::Package, value)))
        }
        (Scope::ProjectFile, "name") => Some(Symbol::Package(scan.package)),
        (Scope::ProjectFile, "profile") => Some(Symbol::Profile(value.into())),
        (Scope::ProjectFile, key) if is_path(key) => Some(Symbol::Path(below_package(scan, value)?)),
        (Scope::Package, "local") => Some(Symbol::Path(below_package(scan, value)?)),
        (Scope::Package, "package") => {
            let name = value.rsplit('/').next().unwrap_or(value);
            let installed = resolve::package_named(project, name).map(Symbol::Package);
            // The package hub has a page for each of its packages.
            installed.or_else(|| Some(Symbol::Link(format!("https://hub.getdbt.com/{value}/").into())))
        }
        (Scope::Package, "git" | "tarball") => (value.starts_with("https://")
            || value.starts_with("http://"))
        .then(|| Symbol::Link(value.into())),
        (Scope::Constraint, "columns") => column(scan, entry, value),
        (_, key) if names_columns(key, value) => column(scan, entry, value),
        (Scope::Column, "include" | "exclude") => (!matches!(value, "all" | "*"))
            .then(|| column(scan, entry, value))
            .flatten(),
        _ => None,
    }
}

/// Whether a key of a project file holds folders or files.
pub(super) fn is_path(key: &str) -> bool {
    key.ends_with("-paths") || key.ends_with("-path") || key == "clean-targets"
}

/// A path that is given from the directory of the file's package.
pub(super) fn below_package(scan: &Scan<'_>, path: &str) -> Option<Utf8PathBuf> {
    if path.is_empty() {
        return None;
    }
    let root = &scan.project.packages().get(scan.package)?.root;
    let mut full = root.clone();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                full.pop();
            }
            part => full.push(part),
        }
    }
    Some(if path.starts_with('/') { path.into() } else { full })
}

/// The unit test of an entry; the first, where it is made for several versions.
fn unit_test(scan: &Scan<'_>, name: &str, at: TextRange, entry: Entry<'_>) -> Option<NodeId> {
    let Entry::Described(_, node) = entry else {
        return None;
    };
    let model = get(node, "model").and_then(text).unwrap_or_default();
    let id = format!("unit_test.{}.{model}.{name}", package_name(scan)?);
    resolve::by_unique_id(scan.project, &id).or_else(|| {
        let with_quotes = glueline_base::range(
            usize::from(at.start()).saturating_sub(1),
            usize::from(at.end()) + 1,
        );
        node_at(scan, ResourceType::UnitTest, at)
            .or_else(|| node_at(scan, ResourceType::UnitTest, with_quotes))
    })
}

fn fixture(scan: &Scan<'_>, name: &str) -> Option<Symbol> {
    let mut fixtures = scan.project.files().of_kind(FileKind::Fixture);
    let found = fixtures.find(|file| {
        let info = scan.project.files().info(*file);
        info.package == scan.package && info.absolute.file_stem() == Some(name)
    })?;
    Some(Symbol::Path(scan.project.files().info(found).absolute.clone()))
}

/// A column of what the entry is about.
pub(super) fn column(scan: &Scan<'_>, entry: Entry<'_>, name: &str) -> Option<Symbol> {
    entry.node(scan).map(|of| Symbol::Column {
        of,
        name: name.into(),
    })
}

impl Reader<'_, '_> {
    /// Values that are not what their type says. `false` where they are.
    pub(super) fn special<'y>(
        &mut self,
        scope: Scope,
        key: &str,
        node: NodeRef<'y>,
        entry: Entry<'y>,
        depth: usize,
    ) -> bool {
        match (scope, key) {
            (Scope::UnitTestInput | Scope::UnitTestOutput, "rows") if node.is_sequence() => {
                for row in node.items() {
                    for cell in row.raw_entries() {
                        let name = cell.name();
                        self.note(cell.key(), Role::Reference, |scan| column(scan, entry, &name));
                        self.loose(cell.value(), depth + 1);
                    }
                }
                true
            }
            (Scope::Exposure, "depends_on")
            | (Scope::UnitTestInput, "input")
            | (Scope::Snapshot, "relation")
            | (Scope::SemanticModel, "model") => {
                for item in each(node) {
                    match text(item) {
                        Some(text) if item.has_jinja() || is_call(&text) => self.jinja(item, true),
                        _ => self.scalar(scope, key, item, entry),
                    }
                }
                true
            }
            (Scope::SeedConfig, "column_types") if node.is_mapping() => {
                for each in node.raw_entries() {
                    let name = each.name();
                    self.note(each.key(), Role::Reference, |scan| column(scan, entry, &name));
                    self.loose(each.value(), depth + 1);
                }
                true
            }
            (Scope::UnitTestOverrides, "macros") => {
                for entry in node.raw_entries() {
                    let name = entry.name();
                    self.note(entry.key(), Role::Reference, |scan| {
                        if name.contains('.') {
                            resolve::member(scan.project, scan.package, &name)
                        } else {
                            resolve::global(scan.project, scan.package, &name)
                        }
                    });
                }
                true
            }
            (Scope::UnitTestOverrides, "vars") => {
                for entry in node.raw_entries() {
                    let name = entry.name();
                    self.note(entry.key(), Role::Reference, |_| {
                        Some(Symbol::Var((*name).into()))
                    });
                }
                true
            }
            (Scope::UnitTestOverrides, "env_vars") => {
                for entry in node.raw_entries() {
                    let name = entry.name();
                    self.note(entry.key(), Role::Reference, |_| {
                        Some(Symbol::EnvVar((*name).into()))
                    });
                }
                true
            }
            (_, "config") => match scope.configs_below() {
                Some(configs) => {
                    self.map(configs, node, entry, depth + 1);
                    true
                }
                None => false,
            },
            (Scope::ProjectFile, _) => self.project_key(key, node, depth),
            (Scope::Selector, "definition") => {
                self.selection(node, depth + 1);
                true
            }
            _ => false,
        }
    }
}
