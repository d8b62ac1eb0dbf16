//! What the entries of properties files describe.

use std::sync::Arc;

use glueline_base::FileId;
use glueline_project::facts::properties::{Patch, PatchKind};
use glueline_project::{FileKind, Node, Project, ResourceType};
use rustc_hash::FxHashMap;

/// The nodes of the root project by kind and name, disabled ones too.
#[derive(Debug)]
pub(crate) struct Described<'a> {
    by_kind: FxHashMap<ResourceType, FxHashMap<&'a str, Vec<&'a Node>>>,
}

impl<'a> Described<'a> {
    pub(crate) fn new(project: &'a Project) -> Self {
        let mut by_kind: FxHashMap<ResourceType, FxHashMap<&'a str, Vec<&'a Node>>> = FxHashMap::default();
        let own = project.nodes().iter().filter(|node| node.package == 0);
        for node in own.filter(|node| node.generic_test.is_none()) {
            by_kind
                .entry(node.kind)
                .or_default()
                .entry(&node.name)
                .or_default()
                .push(node);
        }
        Self { by_kind }
    }

    /// The nodes of a kind and a name.
    pub(crate) fn find(&self, kind: ResourceType, name: &str) -> &[&'a Node] {
        let names = self.by_kind.get(&kind);
        names.and_then(|names| names.get(name)).map_or(&[], Vec::as_slice)
    }

    /// The names of a kind, sorted.
    pub(crate) fn names(&self, kind: ResourceType) -> Vec<&'a str> {
        let mut names: Vec<&'a str> = self
            .by_kind
            .get(&kind)
            .into_iter()
            .flat_map(FxHashMap::keys)
            .copied()
            .collect();
        names.sort_unstable();
        names
    }
}

/// The entries of the root project's properties files that describe something defined elsewhere, in order.
pub(crate) fn entries(project: &Project) -> impl Iterator<Item = (FileId, &Patch)> {
    let own = |file: &FileId| project.files().info(*file).package == 0;
    project
        .files()
        .of_kind(FileKind::Properties)
        .filter(own)
        .flat_map(|file| {
            let facts = project.facts(file).yaml();
            facts
                .into_iter()
                .flat_map(|facts| &facts.properties.patches)
                .map(move |patch| (file, patch))
        })
}

/// The kind of node that an entry describes; `None` for macros.
pub(crate) const fn kind_of(patch: PatchKind) -> Option<ResourceType> {
    match patch {
        PatchKind::Model => Some(ResourceType::Model),
        PatchKind::Seed => Some(ResourceType::Seed),
        PatchKind::Snapshot => Some(ResourceType::Snapshot),
        PatchKind::Analysis => Some(ResourceType::Analysis),
        PatchKind::SingularTest => Some(ResourceType::Test),
        PatchKind::Macro => None,
    }
}

/// Every name of the groups that the project and its packages define.
pub(crate) fn group_names(project: &Project) -> Vec<Arc<str>> {
    let files = project.files().of_kind(FileKind::Properties);
    files
        .filter_map(|file| project.facts(file).yaml())
        .flat_map(|facts| &facts.properties.groups)
        .map(|group| group.name.value.clone())
        .collect()
}
