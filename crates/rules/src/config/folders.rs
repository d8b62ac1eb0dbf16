//! Folders of the config trees of `dbt_project.yml` that no node lies in.

use std::sync::Arc;

use glueline_base::Spanned;
use glueline_catalog::{Scope, ValueType, lookup};
use glueline_project::{ConfigTree, Node, Project, ResourceType, TreeKind};

use super::setting;

/// A folder of a tree that no node lies in.
pub(crate) struct Lost<'a> {
    /// What the tree is about.
    pub(crate) kind: ResourceType,
    /// Its name.
    pub(crate) name: &'a Spanned<Arc<str>>,
    /// What stands in it.
    pub(crate) tree: &'a ConfigTree,
    /// The names that nodes have at this place of their path.
    pub(crate) found: Vec<&'a str>,
}

impl Lost<'_> {
    /// Whether the name is that of a config that takes a mapping.
    pub(crate) fn is_config(&self) -> bool {
        lookup(setting::scope(self.kind), &self.name.value).is_some_and(|spec| {
            matches!(
                spec.value,
                ValueType::Mapping | ValueType::TextMap | ValueType::Object(_) | ValueType::Any
            ) || spec.value.scope().is_some_and(|scope| scope != Scope::Hook)
        })
    }
}

/// Every such folder, the topmost of those that lie in each other.
pub(crate) fn lost(project: &Project) -> Vec<Lost<'_>> {
    let mut lost = Vec::new();
    for (tree_kind, tree) in project.project_file().trees() {
        let kind = kind_of(tree_kind);
        // A disabled node counts, whatever it is (`dbt/config/runtime.py`, `warn_for_unused_resource_config_paths`).
        let nodes: Vec<&Node> = project
            .nodes()
            .iter()
            .filter(|node| node.kind == kind || !node.enabled)
            .collect();
        descend(kind, tree, &nodes, 0, &mut lost);
    }
    if !project.all_packages_present() {
        // Folders of packages that are not installed are not known.
        let own = &project.root().name;
        let packages = project
            .project_file()
            .trees()
            .flat_map(|(_, tree)| tree.folders());
        let unknown: Vec<_> = packages
            .filter(|(name, _)| name.value != *own)
            .map(|(name, _)| name.range)
            .collect();
        lost.retain(|found: &Lost<'_>| !unknown.contains(&found.name.range));
    }
    lost
}

fn descend<'a>(
    kind: ResourceType,
    tree: &'a ConfigTree,
    nodes: &[&'a Node],
    depth: usize,
    lost: &mut Vec<Lost<'a>>,
) {
    for (name, folder) in tree.folders() {
        let inside: Vec<&Node> = nodes
            .iter()
            .copied()
            .filter(|node| node.fqn.get(depth).is_some_and(|part| *part == name.value))
            .collect();
        if inside.is_empty() {
            let mut found: Vec<&str> = nodes
                .iter()
                .filter_map(|node| node.fqn.get(depth))
                .map(|part| &**part)
                .collect();
            found.sort_unstable();
            found.dedup();
            lost.push(Lost {
                kind,
                name,
                tree: folder,
                found,
            });
        } else {
            descend(kind, folder, &inside, depth + 1, lost);
        }
    }
}

const fn kind_of(tree: TreeKind) -> ResourceType {
    match tree {
        TreeKind::Models => ResourceType::Model,
        TreeKind::Seeds => ResourceType::Seed,
        TreeKind::Snapshots => ResourceType::Snapshot,
        TreeKind::Sources => ResourceType::Source,
        TreeKind::DataTests => ResourceType::Test,
        TreeKind::UnitTests => ResourceType::UnitTest,
        TreeKind::Exposures => ResourceType::Exposure,
    }
}
