//! A file that is being typed in keeps what it last declared, so that one torn file does not light up every other.

use std::sync::Arc;

use glueline_base::{Spanned, TextRange, range};

use crate::facts::properties::Properties;
use crate::facts::sql::SqlFacts;
use crate::facts::{FileFacts, YamlFacts};

/// Where what is kept is said to stand: its old place means nothing in the new text.
fn nowhere() -> TextRange {
    range(0, 0)
}

impl FileFacts {
    /// These facts, and where the file has faults, also the definitions that only its last good facts have.
    pub(crate) fn keeping(self, last: &Self) -> Self {
        match (self, last) {
            (Self::Sql(now), Self::Sql(last)) if !now.errors.is_empty() => {
                Self::Sql(Arc::new(keep_sql(&now, last)))
            }
            (Self::Yaml(now), Self::Yaml(last)) if !now.errors.is_empty() => {
                Self::Yaml(Arc::new(keep_yaml(&now, last)))
            }
            (now, _) => now,
        }
    }
}

fn keep_sql(now: &SqlFacts, last: &SqlFacts) -> SqlFacts {
    let mut kept = now.clone();
    for definition in &last.macros {
        if !now
            .macros
            .iter()
            .any(|found| found.name.value == definition.name.value)
        {
            let mut definition = definition.clone();
            definition.name.range = nowhere();
            definition.written.range = nowhere();
            definition.range = nowhere();
            kept.macros.push(definition);
        }
    }
    for snapshot in &last.snapshots {
        if !now
            .snapshots
            .iter()
            .any(|found| found.name.value == snapshot.name.value)
        {
            let mut snapshot = snapshot.clone();
            snapshot.name.range = nowhere();
            snapshot.range = nowhere();
            kept.snapshots.push(snapshot);
        }
    }
    for docs in &last.docs {
        if !now.docs.iter().any(|found| found.name.value == docs.name.value) {
            let mut docs = docs.clone();
            docs.name.range = nowhere();
            docs.range = nowhere();
            kept.docs.push(docs);
        }
    }
    kept
}

fn keep_yaml(now: &YamlFacts, last: &YamlFacts) -> YamlFacts {
    let mut kept = now.clone();
    let Properties {
        patches,
        sources,
        exposures: _,
        groups,
        unit_tests: _,
    } = &last.properties;
    for patch in patches {
        let is_there = |found: &crate::facts::properties::Patch| {
            found.kind == patch.kind && found.name.value == patch.name.value
        };
        if !now.properties.patches.iter().any(is_there) {
            let mut patch = patch.clone();
            patch.name = Spanned::new(patch.name.value, nowhere());
            patch.range = nowhere();
            kept.properties.patches.push(patch);
        }
    }
    for source in sources {
        let found = kept
            .properties
            .sources
            .iter_mut()
            .find(|found| found.name.value == source.name.value);
        match found {
            None => {
                let mut source = source.clone();
                source.name.range = nowhere();
                source.range = nowhere();
                kept.properties.sources.push(source);
            }
            Some(found) => {
                for table in &source.tables {
                    if !found
                        .tables
                        .iter()
                        .any(|other| other.name.value == table.name.value)
                    {
                        let mut table = table.clone();
                        table.name.range = nowhere();
                        table.range = nowhere();
                        found.tables.push(table);
                    }
                }
            }
        }
    }
    for group in groups {
        if !now
            .properties
            .groups
            .iter()
            .any(|found| found.name.value == group.name.value)
        {
            let mut group = group.clone();
            group.name.range = nowhere();
            group.range = nowhere();
            kept.properties.groups.push(group);
        }
    }
    kept
}
