//! The nodes that a place of a file belongs to.

use glueline_base::{FileId, FileRange, TextRange, TextSize};
use glueline_project::facts::properties::{Patch, TestUse};
use glueline_project::{EntryList, Node, NodeId, Project, ResourceType};

use crate::{Analysis, FilePosition};

/// The nodes that a file defines, in the order in which they stand; enabled ones first where they stand at one place.
pub(crate) fn defined_in(project: &Project, file: FileId) -> Vec<&Node> {
    let known = project.nodes_in(file).iter().map(|id| project.node(*id));
    let mut nodes: Vec<&Node> = known.filter(|node| node.file() == file).collect();
    nodes.sort_by_key(|node| (node.at.range.start(), !node.enabled));
    nodes
}

/// The nodes whose entry stands in a properties file, each with the bytes of the entry, in the order in which they stand. A versioned
/// model has an entry for each version. Generic tests have the entry of what they test, and are left out.
pub(crate) fn described_in(project: &Project, file: FileId) -> Vec<(&Node, TextRange)> {
    let of_file = |node: &&Node| node.patch.is_some_and(|patch| patch.file == file);
    let known = project.nodes_in(file).iter().map(|id| project.node(*id));
    let mut nodes: Vec<(&Node, TextRange)> = known
        .filter(of_file)
        .filter(|node| node.generic_test.is_none())
        .filter_map(|node| Some((node, entry_range(project, node)?)))
        .collect();
    nodes.sort_by_key(|(node, range)| (range.start(), node.id));
    nodes
}

/// The entry of a node in a properties file.
pub(crate) fn entry_range(project: &Project, node: &Node) -> Option<TextRange> {
    let reference = node.patch?;
    let properties = &project.facts(reference.file).yaml()?.properties;
    match reference.list {
        EntryList::Patches => {
            let patch = properties.patches.get(reference.index)?;
            let version = reference.inner.and_then(|inner| patch.versions.get(inner));
            Some(version.map_or(patch.range, |version| version.range))
        }
        EntryList::Sources => {
            let source = properties.sources.get(reference.index)?;
            Some(source.tables.get(reference.inner?)?.range)
        }
        EntryList::Exposures => Some(properties.exposures.get(reference.index)?.range),
        EntryList::UnitTests => Some(properties.unit_tests.get(reference.index)?.range),
    }
}

/// The node that a place belongs to: that of the file, of the snapshot block around it, or of the innermost entry of a properties
/// file: a test before the model that it is put on.
pub(crate) fn at(analysis: &Analysis, position: FilePosition) -> Option<NodeId> {
    let project = analysis.project();
    let (file, offset) = (position.file, position.offset);
    if let Some(facts) = project.facts(file).yaml() {
        let tests = facts
            .properties
            .patches
            .iter()
            .filter(|patch| touches(patch.range, offset))
            .flat_map(tests_of_patch)
            .chain(tests_of_sources(facts, offset));
        let test = tests.into_iter().find(|test| touches(test.range, offset));
        if let Some(test) = test {
            let at = FileRange {
                file,
                range: test.test.range,
            };
            let node = project
                .nodes_in(file)
                .iter()
                .find(|id| project.node(**id).at == at);
            if let Some(node) = node {
                return Some(*node);
            }
        }
        let around = described_in(project, file)
            .into_iter()
            .filter(|(_, range)| touches(*range, offset));
        let innermost = around.min_by_key(|(node, range)| (range.len(), !node.enabled));
        return innermost.map(|(node, _)| node.id).or_else(|| {
            // The entry of a model with versions is no version's own.
            let patch = facts
                .properties
                .patches
                .iter()
                .find(|patch| touches(patch.range, offset))?;
            let latest = |node: &&Node| {
                node.name == patch.name.value && node.version.as_ref().is_some_and(|version| version.latest)
            };
            project.nodes().iter().find(latest).map(|node| node.id)
        });
    }
    let nodes = defined_in(project, file);
    let block = project.facts(file).sql().and_then(|facts| {
        let around = |block: &glueline_project::facts::sql::SnapshotBlock| touches(block.range, offset);
        facts.snapshots.iter().position(around)
    });
    let of_block = nodes.iter().find(|node| block.is_some() && node.block == block);
    let first = nodes.iter().find(|node| node.kind != ResourceType::UnitTest);
    of_block.or(first).map(|node| node.id)
}

/// Every generic test that an entry puts on a resource and its columns.
pub(crate) fn tests_of_patch(patch: &Patch) -> impl Iterator<Item = &TestUse> {
    let own = patch.tests.iter();
    let columns = patch.columns.iter().flat_map(|column| &column.tests);
    let versions = patch.versions.iter().flat_map(|version| {
        let own = version.tests.as_deref().unwrap_or_default().iter();
        own.chain(version.columns.iter().flat_map(|column| &column.tests))
    });
    own.chain(columns).chain(versions)
}

fn tests_of_sources(facts: &glueline_project::YamlFacts, offset: TextSize) -> impl Iterator<Item = &TestUse> {
    let around = move |range: TextRange| touches(range, offset);
    let sources = facts.properties.sources.iter();
    let tables = sources
        .filter(move |source| around(source.range))
        .flat_map(|source| &source.tables);
    tables.filter(move |table| around(table.range)).flat_map(|table| {
        let columns = table.columns.iter().flat_map(|column| &column.tests);
        table.tests.iter().chain(columns)
    })
}

/// Whether an offset lies in a range or right behind it.
pub(crate) fn touches(range: TextRange, offset: TextSize) -> bool {
    range.contains_inclusive(offset)
}
