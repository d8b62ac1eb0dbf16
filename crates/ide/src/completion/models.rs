//! The models, seeds and snapshots that `ref()` finds: of ten thousand, those that are worth an item.

use std::ops::Range;
use std::sync::Arc;

use glueline_base::Utf8Path;
use glueline_project::{NodeId, PackageId, Project, ResourceType};
use rustc_hash::{FxHashMap, FxHashSet};

use super::cx::Cx;
use super::item::{Fit, Item, ItemKind, List, WORTH_MAKING};
use super::refs::summary;
use super::subject::Subject;

/// So many readers of a node are looked at.
const MOST_READERS: usize = 2_000;

/// What `ref()` can name, sorted by name. It is looked through with every letter that is typed, so it holds all that decides on
/// rank. Good for every project that shares its names and files.
#[derive(Debug)]
pub(crate) struct Refable {
    entries: Vec<Entry>,
    /// The folders that entries lie in, as they are shown.
    folders: Vec<Box<str>>,
}

#[derive(Debug)]
struct Entry {
    name: Arc<str>,
    node: NodeId,
    package: PackageId,
    /// A place among the folders.
    folder: usize,
}

impl Refable {
    /// Enabled nodes, and of a model with versions the latest.
    pub(crate) fn new(project: &Project) -> Self {
        let files = project.files();
        let mut places: FxHashMap<&str, usize> = FxHashMap::default();
        let mut entries = Vec::new();
        let kinds = [ResourceType::Model, ResourceType::Seed, ResourceType::Snapshot];
        for node in kinds.into_iter().flat_map(|kind| project.nodes().of_kind(kind)) {
            let is_latest = node.version.as_ref().is_none_or(|version| version.latest);
            if !node.enabled || !is_latest {
                continue;
            }
            let count = places.len();
            let folder = folder(&files.info(node.file()).shown);
            entries.push(Entry {
                name: Arc::clone(&node.name),
                node: node.id,
                package: node.package,
                folder: *places.entry(folder).or_insert(count),
            });
        }
        entries.sort_by(|a, b| a.name.cmp(&b.name).then(a.node.cmp(&b.node)));
        let mut folders: Vec<(&str, usize)> = places.into_iter().collect();
        folders.sort_unstable_by_key(|(_, place)| *place);
        Self {
            entries,
            folders: folders.into_iter().map(|(folder, _)| folder.into()).collect(),
        }
    }

    /// The places of the entries of a name.
    fn named(&self, name: &str) -> Range<usize> {
        let start = self.entries.partition_point(|entry| *entry.name < *name);
        let rest = self.entries.get(start..).unwrap_or_default();
        start..start + rest.partition_point(|entry| *entry.name <= *name)
    }
}

/// Offers what `ref()` finds, in all packages or in one; first what lies near the caret's own file. `write` makes the text that is
/// put in of a name.
pub(super) fn offer(
    cx: &Cx<'_>,
    list: &mut List<'_>,
    package: Option<PackageId>,
    tier: u16,
    write: impl Fn(&str) -> String,
) {
    let known = cx.analysis.refable();
    let own = cx.node();
    let downstream = own.map(|node| readers(cx, node.id)).unwrap_or_default();
    let here = folder(&cx.info.shown);
    let steps: Vec<u16> = known.folders.iter().map(|there| steps(here, there)).collect();
    let distance = |entry: &Entry| {
        if downstream.contains(&entry.node) {
            60
        } else if entry.package == cx.package() {
            steps.get(entry.folder).copied().unwrap_or(30)
        } else {
            40
        }
    };
    let itself = own.map(|own| known.named(&own.name)).unwrap_or_default();
    let fitting = known.entries.iter().enumerate().filter(|(place, entry)| {
        package.is_none_or(|package| package == entry.package)
            && !(itself.contains(place) && own.is_some_and(|own| own.package == entry.package))
    });
    // Those of one rank stay in the order of their names.
    let mut candidates: Vec<((Fit, u16, usize), &Entry)> = fitting
        .filter_map(|(place, entry)| Some(((list.fit(&entry.name)?, distance(entry), place), entry)))
        .collect();
    if candidates.len() > WORTH_MAKING {
        list.cut();
        candidates.select_nth_unstable_by_key(WORTH_MAKING, |(rank, _)| *rank);
        candidates.truncate(WORTH_MAKING);
    }
    for ((_, distance, _), entry) in candidates {
        let node = cx.project.node(entry.node);
        let item = Item::new(ItemKind::Relation, &*node.name, list.range)
            .detail(summary(cx, node))
            .text(write(&node.name))
            .about(Subject::Node(node.unique_id.to_string()));
        list.push(tier + distance, item);
    }
}

/// The nodes that read a node, and their readers: to name one of them would close a circle.
fn readers(cx: &Cx<'_>, node: NodeId) -> FxHashSet<NodeId> {
    let mut found = FxHashSet::default();
    let mut open = vec![node];
    while let Some(next) = open.pop() {
        for reader in cx.project.graph().children(next) {
            if found.len() < MOST_READERS && found.insert(*reader) {
                open.push(*reader);
            }
        }
    }
    found
}

/// The folder of a path, without a slash at its end.
fn folder(path: &Utf8Path) -> &str {
    path.as_str().rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// How many steps lie between two folders, up and down; no more than 30.
fn steps(here: &str, there: &str) -> u16 {
    if here == there {
        return 0;
    }
    let pairs = here.split('/').zip(there.split('/'));
    let shared = pairs.take_while(|(a, b)| a == b).count();
    let steps = here.split('/').count() + there.split('/').count() - 2 * shared;
    u16::try_from(steps.min(30)).unwrap_or(30)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_between_folders() {
        for (here, there, want) in [
            ("models/a", "models/a", 0),
            ("models/a", "models/b", 2),
            ("models", "models/a/b", 2),
            ("models/a/b", "models", 2),
            ("", "models", 2),
            ("a/b/c", "d/e", 5),
            (&"a/".repeat(40), "b", 30),
        ] {
            assert_eq!(steps(here, there), want, "{here} {there}");
        }
    }
}
