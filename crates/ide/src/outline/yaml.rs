//! The symbols of YAML: what a properties file declares, the keys of any other.

use glueline_base::{Spanned, Value};
use glueline_project::facts::properties::{Column, Patch, PatchKind, SourceFacts, TestUse, Version};
use glueline_project::{FileKind, YamlFacts};

use super::{Item, ItemKind};

/// How deeply keys are shown.
const DEPTH: usize = 8;

/// The top keys of a properties file that are read as what they are.
const READ: [&str; 11] = [
    "models",
    "seeds",
    "snapshots",
    "analyses",
    "macros",
    "data_tests",
    "tests",
    "sources",
    "exposures",
    "groups",
    "unit_tests",
];

/// What a properties file declares: models with columns with tests, sources with tables, and so on.
pub(super) fn properties(facts: &YamlFacts) -> Vec<Item> {
    let found = &facts.properties;
    let mut items: Vec<Item> = found.patches.iter().map(patch).collect();
    items.extend(found.sources.iter().map(source));
    items.extend(found.exposures.iter().map(|exposure| {
        let name = &exposure.name;
        Item::new(ItemKind::Exposure, &*name.value, exposure.range, name.range).with("exposure", Vec::new())
    }));
    items.extend(found.groups.iter().map(|group| {
        let name = &group.name;
        Item::new(ItemKind::Entry, &*name.value, group.range, name.range).with("group", Vec::new())
    }));
    items.extend(found.unit_tests.iter().map(|test| {
        let name = &test.name;
        let of = test.model.as_ref().map_or("", |model| &*model.value);
        Item::new(ItemKind::Test, &*name.value, test.range, name.range)
            .with(format!("unit test of {of}").trim_end_matches(" of "), Vec::new())
    }));
    let others = facts.value.value.as_map().unwrap_or_default().iter();
    let others = others.filter(|entry| !READ.contains(&&*entry.key.value));
    for entry in others {
        // Metrics, semantic models and their kin.
        let list = entry.value.value.as_list().unwrap_or_default();
        items.extend(list.iter().filter_map(|item| {
            let name = item.value.get("name")?;
            let named = name.value.as_str()?;
            let kind = entry.key.value.trim_end_matches('s').replace('_', " ");
            Some(Item::new(ItemKind::Entry, named, item.range, name.range).with(kind, Vec::new()))
        }));
    }
    items
}

fn patch(patch: &Patch) -> Item {
    let kind = match patch.kind {
        PatchKind::Model => ItemKind::Model,
        PatchKind::Seed => ItemKind::Seed,
        PatchKind::Snapshot => ItemKind::Snapshot,
        PatchKind::Analysis => ItemKind::Analysis,
        PatchKind::Macro => ItemKind::Macro,
        PatchKind::SingularTest => ItemKind::Test,
    };
    let mut children = columns(&patch.columns);
    children.extend(patch.tests.iter().map(test));
    children.extend(patch.versions.iter().map(version));
    let name = &patch.name;
    Item::new(kind, &*name.value, patch.range, name.range).with("", children)
}

fn version(version: &Version) -> Item {
    let mut children = columns(&version.columns);
    children.extend(version.tests.iter().flatten().map(test));
    let name = format!("v{}", version.v.value);
    Item::new(ItemKind::Version, name, version.range, version.v.range).with("", children)
}

fn source(source: &SourceFacts) -> Item {
    let tables = source.tables.iter().map(|table| {
        let mut children = columns(&table.columns);
        children.extend(table.tests.iter().map(test));
        let name = &table.name;
        Item::new(ItemKind::Table, &*name.value, table.range, name.range).with("", children)
    });
    let name = &source.name;
    let schema = source.schema.as_ref().map_or("", |schema| &*schema.value);
    Item::new(ItemKind::Source, &*name.value, source.range, name.range).with(schema, tables.collect())
}

fn columns(columns: &[Column]) -> Vec<Item> {
    let each = columns.iter().map(|column| {
        let name = &column.name;
        let kind = column.data_type.as_ref().map_or("", |kind| &*kind.value);
        let tests = column.tests.iter().map(test).collect();
        Item::new(ItemKind::Column, &*name.value, name.range, name.range).with(kind, tests)
    });
    each.collect()
}

fn test(test: &TestUse) -> Item {
    let name = test.name.as_ref().unwrap_or(&test.test);
    Item::new(ItemKind::Test, &*name.value, test.range, test.test.range)
}

/// The keys of a mapping, and those of the mappings in it. Values of profiles are left out: some are nobody's business.
pub(super) fn keys(value: &Value, file: FileKind) -> Vec<Item> {
    nested(value, file != FileKind::Profiles, DEPTH)
}

fn nested(value: &Value, with_values: bool, depth: usize) -> Vec<Item> {
    let Some(depth) = depth.checked_sub(1) else {
        return Vec::new();
    };
    match value {
        Value::Map(entries) => entries
            .iter()
            .map(|entry| {
                let (key, value) = (&entry.key, &entry.value);
                let range = key.range.cover(value.range);
                let is_scalar = !matches!(value.value, Value::Map(_) | Value::List(_));
                let kind = if is_scalar {
                    ItemKind::Key
                } else {
                    ItemKind::Section
                };
                let detail = if is_scalar && with_values {
                    scalar(&value.value)
                } else {
                    String::new()
                };
                Item::new(kind, &*key.value, range, key.range)
                    .with(detail, nested(&value.value, with_values, depth))
            })
            .collect(),
        Value::List(items) => items
            .iter()
            .filter_map(|item| entry(item, with_values, depth))
            .collect(),
        _ => Vec::new(),
    }
}

/// An item of a list, by what names it.
fn entry(item: &Spanned<Value>, with_values: bool, depth: usize) -> Option<Item> {
    let naming = ["name", "package", "git", "local", "tarball", "macro_namespace"];
    let name = naming.into_iter().find_map(|key| item.value.get(key))?;
    let named = name.value.as_str()?;
    Some(
        Item::new(ItemKind::Entry, named, item.range, name.range)
            .with("", nested(&item.value, with_values, depth)),
    )
}

fn scalar(value: &Value) -> String {
    match value {
        Value::Null | Value::Unknown => String::new(),
        other => other.display().lines().next().unwrap_or_default().to_owned(),
    }
}
