//! `dbt_project.yml`, `vars.yml` and `profiles.yml`.

use glueline_base::{TextRange, TextSize};
use glueline_catalog::Scope;
use glueline_project::{FileKind, ResourceType, TreeKind};
use glueline_yaml::NodeRef;

use super::super::scan::Scan;
use super::super::{Role, Symbol, resolve};
use super::entries::Entry;
use super::{MAX_DEPTH, Reader, inner, text};

impl Reader<'_, '_> {
    /// The keys of a project file that hold names of the user's choice. `false` for all others.
    pub(super) fn project_key(&mut self, key: &str, node: NodeRef<'_>, depth: usize) -> bool {
        let tree = TreeKind::ALL.iter().find(|(_, keys)| keys.contains(&key));
        if let Some((tree, _)) = tree {
            self.tree(*tree, node, &mut Vec::new(), depth);
            return true;
        }
        if key == "vars" {
            self.vars(node, true);
            return true;
        }
        false
    }

    /// A level of a tree of configs: keys with a `+` and values that are no mappings are configs, the rest folders.
    fn tree(&mut self, kind: TreeKind, node: NodeRef<'_>, folders: &mut Vec<String>, depth: usize) {
        if depth > MAX_DEPTH || !self.spend() {
            return;
        }
        let scope = config_scope(kind);
        for entry in node.raw_entries() {
            let name = entry.name();
            let value = entry.value();
            if entry.is_merge() {
                for merged in super::each(value) {
                    self.tree(kind, merged, folders, depth + 1);
                }
            } else if let Some(bare) = name.strip_prefix('+') {
                let whole = inner(entry.key());
                // The key without its plus.
                let start = (whole.start() + TextSize::new(1)).min(whole.end());
                self.scan
                    .note(TextRange::new(start, whole.end()), Role::Reference, |_| {
                        Some(Symbol::Key {
                            scope,
                            name: bare.trim().into(),
                        })
                    });
                self.value(scope, bare.trim(), value, Entry::None, depth + 1);
            } else if value.is_mapping() {
                folders.push(name.into_owned());
                self.note(entry.key(), Role::Reference, |scan| folder(scan, kind, folders));
                self.tree(kind, value, folders, depth + 1);
                folders.pop();
            } else if value.is_null() {
                // Nothing yet: it may become either.
                folders.push(name.into_owned());
                self.note(entry.key(), Role::Reference, |scan| folder(scan, kind, folders));
                folders.pop();
            } else {
                self.key(scope, entry.key(), &name);
                self.value(scope, &name, value, Entry::None, depth + 1);
            }
        }
    }

    /// Variables, and those of packages below their names.
    fn vars(&mut self, node: NodeRef<'_>, may_scope: bool) {
        for entry in node.raw_entries() {
            if !self.spend() {
                return;
            }
            let name = entry.name();
            let value = entry.value();
            let package = resolve::package_named(self.scan.project, &name);
            match package.filter(|_| may_scope && value.is_mapping()) {
                Some(package) => {
                    self.note(entry.key(), Role::Reference, |_| Some(Symbol::Package(package)));
                    self.vars(value, false);
                }
                None => {
                    self.note(entry.key(), Role::Definition, |_| {
                        Some(Symbol::Var((*name).into()))
                    });
                    self.loose(value, 0);
                }
            }
        }
    }

    /// `vars.yml`.
    pub(super) fn vars_file(&mut self, root: NodeRef<'_>) {
        if let Some(vars) = super::get(root, "vars") {
            self.vars(vars, true);
        }
    }

    /// `profiles.yml`: profiles, each with its targets.
    pub(super) fn profiles(&mut self, root: NodeRef<'_>) {
        for profile in root.raw_entries() {
            let profile_name = profile.name();
            if profile_name == "config" {
                continue;
            }
            self.note(profile.key(), Role::Definition, |_| {
                Some(Symbol::Profile((*profile_name).into()))
            });
            let target = |name: &str| Symbol::Target {
                profile: (*profile_name).into(),
                name: name.into(),
            };
            for entry in profile.value().raw_entries() {
                let key = entry.name();
                self.key(Scope::Profile, entry.key(), &key);
                match &*key {
                    "target" if entry.value().has_jinja() => self.jinja(entry.value(), false),
                    "target" => {
                        if let Some(name) = text(entry.value()) {
                            self.note(entry.value(), Role::Reference, |_| Some(target(&name)));
                        }
                    }
                    "outputs" => {
                        for output in entry.value().raw_entries() {
                            let name = output.name();
                            self.note(output.key(), Role::Definition, |_| Some(target(&name)));
                            self.output(output.value());
                        }
                    }
                    _ => self.loose(entry.value(), 0),
                }
            }
        }
    }

    fn output(&mut self, node: NodeRef<'_>) {
        let adapter = super::get(node, "type").and_then(text);
        if adapter.is_none_or(|adapter| adapter == "glue") {
            self.map(Scope::ProfileOutput, node, Entry::None, 0);
        } else {
            self.loose(node, 0);
        }
    }
}

const fn config_scope(tree: TreeKind) -> Scope {
    match tree {
        TreeKind::Models => Scope::ModelConfig,
        TreeKind::Seeds => Scope::SeedConfig,
        TreeKind::Snapshots => Scope::SnapshotConfig,
        TreeKind::Sources => Scope::SourceConfig,
        TreeKind::DataTests => Scope::TestConfig,
        TreeKind::UnitTests => Scope::UnitTestConfig,
        TreeKind::Exposures => Scope::ExposureConfig,
    }
}

/// What a name in a tree of configs stands for: a package, a folder with files, or the last part of it, a node.
fn folder(scan: &Scan<'_>, tree: TreeKind, names: &[String]) -> Option<Symbol> {
    let project = scan.project;
    let (package_name, below) = names.split_first()?;
    let package = resolve::package_named(project, package_name)?;
    if below.is_empty() {
        return Some(Symbol::Package(package));
    }
    let is_meant = |kind: FileKind| match tree {
        TreeKind::Models => matches!(kind, FileKind::Model | FileKind::PythonModel | FileKind::Analysis),
        TreeKind::Seeds => kind == FileKind::Seed,
        TreeKind::Snapshots => kind == FileKind::Snapshot,
        TreeKind::DataTests => matches!(kind, FileKind::SingularTest | FileKind::Properties),
        TreeKind::Sources | TreeKind::Exposures | TreeKind::UnitTests => kind == FileKind::Properties,
    };
    let inside = project.files().ids().find_map(|file| {
        let info = project.files().info(file);
        if info.package != package || !is_meant(info.kind) {
            return None;
        }
        let parts = info.below.components().count();
        let starts = info
            .below
            .components()
            .zip(below)
            .all(|(part, name)| part.as_str() == name);
        // The searched directory is what the path has before `below`.
        let up = parts.checked_sub(below.len()).filter(|up| starts && *up > 0)?;
        info.absolute.ancestors().nth(up).map(ToOwned::to_owned)
    });
    if let Some(directory) = inside {
        return Some(Symbol::Path(directory));
    }
    let kind = match tree {
        TreeKind::Models => ResourceType::Model,
        TreeKind::Seeds => ResourceType::Seed,
        TreeKind::Snapshots => ResourceType::Snapshot,
        TreeKind::Sources => ResourceType::Source,
        TreeKind::DataTests => ResourceType::Test,
        TreeKind::UnitTests => ResourceType::UnitTest,
        TreeKind::Exposures => ResourceType::Exposure,
    };
    let is_it = |fqn: &[std::sync::Arc<str>]| {
        fqn.len() == names.len() && fqn.iter().zip(names).all(|(part, name)| **part == **name)
    };
    let node = project
        .nodes()
        .iter()
        .find(|node| node.kind == kind && is_it(&node.fqn));
    node.map(|node| Symbol::Node(node.id))
}
