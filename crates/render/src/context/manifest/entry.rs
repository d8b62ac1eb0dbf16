//! Entries of properties files, as they are written.

use std::sync::Arc;

use glueline_base::{FileId, FileRange, Spanned, TextRange, Value as Written};
use glueline_project::{EntryList, Node, PatchRef};
use glueline_template::Value;

use super::super::from_file;
use super::docs::described;
use crate::renderer::Shared;

/// An entry of a properties file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry<'a> {
    pub(super) file: FileId,
    pub(super) value: &'a Written,
    /// Where the keys stand that `value` does not have: the source of a table, the model of a version.
    pub(super) outer: Option<&'a Written>,
}

/// The entry that describes a node, and for generic tests none.
pub(super) fn of<'a>(shared: &'a Shared, node: &Node) -> Option<Entry<'a>> {
    at(shared, node.patch.filter(|_| node.generic_test.is_none())?)
}

/// The entry at a place.
pub(super) fn at(shared: &Shared, patch: PatchRef) -> Option<Entry<'_>> {
    let facts = shared.project.facts(patch.file).yaml()?;
    let root = &facts.value.value;
    let properties = &facts.properties;
    let found = |range: TextRange| item_at(root, range);
    let (value, outer) = match patch.list {
        EntryList::Patches => {
            let entry = properties.patches.get(patch.index)?;
            let version = patch.inner.and_then(|inner| entry.versions.get(inner));
            match version {
                Some(version) => {
                    let outer = found(entry.range)?;
                    (item_at(outer, version.range)?, Some(outer))
                }
                None => (found(entry.range)?, None),
            }
        }
        EntryList::Sources => {
            let source = properties.sources.get(patch.index)?;
            let table = source.tables.get(patch.inner?)?;
            let outer = found(source.range)?;
            (item_at(outer, table.range)?, Some(outer))
        }
        EntryList::Exposures => (found(properties.exposures.get(patch.index)?.range)?, None),
        EntryList::UnitTests => (found(properties.unit_tests.get(patch.index)?.range)?, None),
    };
    Some(Entry {
        file: patch.file,
        value,
        outer,
    })
}

/// The entry of a properties file that stands at a range.
pub(super) fn of_range(shared: &Shared, file: FileId, range: TextRange) -> Option<Entry<'_>> {
    let facts = shared.project.facts(file).yaml()?;
    Some(Entry {
        file,
        value: item_at(&facts.value.value, range)?,
        outer: None,
    })
}

/// The item of any list below a value that stands at a range.
fn item_at(value: &Written, range: TextRange) -> Option<&Written> {
    match value {
        Written::List(items) => items.iter().find_map(|item| {
            if item.range == range {
                return Some(&item.value);
            }
            item.range
                .contains_range(range)
                .then(|| item_at(&item.value, range))?
        }),
        Written::Map(entries) => entries
            .iter()
            .find_map(|entry| item_at(&entry.value.value, range)),
        _ => None,
    }
}

impl<'a> Entry<'a> {
    /// What stands under a key.
    pub(super) fn get(&self, key: &str) -> Option<&'a Spanned<Written>> {
        self.value.get(key).or_else(|| self.outer?.get(key))
    }

    /// What stands under a key, as templates see it, or under `config:`, which comes first.
    pub(super) fn value(&self, key: &str) -> Value {
        self.get(key).map_or(Value::None, |found| from_file(&found.value))
    }

    /// The docs blocks that the description of a node prints.
    pub(super) fn doc_blocks(&self, shared: &Shared, node: &Node) -> Value {
        let written = self.get("description").map(|found| found.value.display());
        super::docs::blocks(shared, node.package, &written.unwrap_or_default())
    }

    /// A text under a key, its Jinja rendered.
    pub(super) fn text(&self, shared: &Arc<Shared>, node: &Node, key: &str) -> Option<String> {
        let written = self.get(key)?;
        let text = match &written.value {
            Written::Null => return None,
            Written::Str(text) => text.to_string(),
            other => other.display(),
        };
        let place = FileRange {
            file: self.file,
            range: written.range,
        };
        Some(described(shared, node, &text, place))
    }
}
