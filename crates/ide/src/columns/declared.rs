//! Columns that are written down: in properties, in the header of a seed, in the catalog file.

use std::sync::Arc;

use glueline_base::FileRange;
use glueline_project::facts::properties::Column;
use glueline_project::{EntryList, Node, Project};
use glueline_render::columns_of_seed;

use super::{ColumnSource, ColumnType, NodeColumn, NodeColumns, TypeSource};

/// A column of a properties entry.
pub(super) struct Declared {
    pub(super) name: Arc<str>,
    at: FileRange,
    data_type: Option<Arc<str>>,
    description: Option<Arc<str>>,
}

impl Declared {
    pub(super) fn column(&self, source: ColumnSource) -> NodeColumn {
        NodeColumn {
            name: self.name.clone(),
            source,
            at: None,
            declared: Some(self.at),
            data_type: self.data_type(),
            description: self.description.clone(),
            is_conditional: false,
        }
    }

    fn data_type(&self) -> Option<ColumnType> {
        self.data_type.clone().map(|text| ColumnType {
            text,
            source: TypeSource::Properties,
        })
    }
}

/// The columns that the properties entry of a node declares.
pub(super) fn of(project: &Project, node: &Node) -> Vec<Declared> {
    let Some(reference) = node.patch else {
        return Vec::new();
    };
    let declared = |column: &Column| Declared {
        name: column.name.value.clone(),
        at: column.name.in_file(reference.file),
        data_type: column.data_type.as_ref().map(|text| text.value.clone()),
        description: column.description.as_ref().map(|text| text.value.clone()),
    };
    if let Some((source, table)) = project.source_entry(node) {
        let table = source.tables.get(table);
        return table
            .map(|table| table.columns.iter().map(declared).collect())
            .unwrap_or_default();
    }
    if reference.list != EntryList::Patches {
        return Vec::new();
    }
    let Some(patch) = project.patch(node) else {
        return Vec::new();
    };
    let version = reference.inner.and_then(|inner| patch.versions.get(inner));
    patch.columns_of(version).map(declared).collect()
}

/// Adds what properties say to columns that are known, and where not all are known, the columns that they name.
pub(super) fn add(out: &mut NodeColumns, declared: Vec<Declared>) {
    for each in declared {
        match out
            .list
            .iter_mut()
            .find(|column| super::same(&column.name, &each.name))
        {
            Some(column) => {
                column.declared = Some(each.at);
                column.description.clone_from(&each.description);
                // What the catalog says is, what properties say should be.
                let is_known = column
                    .data_type
                    .as_ref()
                    .is_some_and(|known| known.source == TypeSource::Catalog);
                if !is_known && let Some(data_type) = each.data_type() {
                    column.data_type = Some(data_type);
                }
            }
            None if !out.is_complete => out.list.push(each.column(ColumnSource::Properties)),
            None => {}
        }
    }
}

/// Whether dbt enforces the contract of a node.
pub(super) fn has_contract(node: &Node) -> bool {
    let contract = node.config.get("contract");
    let enforced = contract.value().and_then(|contract| contract.get("enforced"));
    enforced.and_then(|enforced| enforced.value.truthy()) == Some(true)
}

/// The columns of a source, as the catalog file has them.
pub(super) fn of_source(project: &Project, node: &Node) -> NodeColumns {
    let list: Vec<NodeColumn> = in_catalog(project, node).collect();
    NodeColumns {
        is_complete: !list.is_empty(),
        list,
    }
}

/// The columns that the catalog file has for a relation that the project makes: those of the last run.
pub(super) fn add_from_catalog(project: &Project, node: &Node, out: &mut NodeColumns) {
    for column in in_catalog(project, node) {
        match out
            .list
            .iter_mut()
            .find(|known| super::same(&known.name, &column.name))
        {
            Some(known) if known.data_type.is_none() => known.data_type = column.data_type,
            Some(_) => {}
            None => out.list.push(column),
        }
    }
}

fn in_catalog<'a>(project: &'a Project, node: &'a Node) -> impl Iterator<Item = NodeColumn> + 'a {
    let names = node.schema.as_deref().zip(node.identifier.as_deref());
    let found = project.state().zip(names);
    let columns = found.map(|(state, (schema, name))| state.columns(schema, name));
    columns.into_iter().flatten().map(|column| NodeColumn {
        name: column.name.as_str().into(),
        source: ColumnSource::Catalog,
        at: None,
        declared: None,
        data_type: column.data_type.as_deref().map(|text| ColumnType {
            text: text.into(),
            source: TypeSource::Catalog,
        }),
        description: None,
        is_conditional: false,
    })
}

/// The columns of a seed: its header, with the types that dbt-glue gives them.
pub(super) fn of_seed(project: &Project, node: &Node) -> NodeColumns {
    let Some(columns) = columns_of_seed(project, node) else {
        return NodeColumns::default();
    };
    let list = columns.map(|column| NodeColumn {
        name: column.name.into(),
        source: ColumnSource::Seed,
        at: Some(FileRange {
            file: node.file(),
            range: column.range,
        }),
        declared: None,
        data_type: column.data_type.map(|text| ColumnType {
            text: text.into(),
            source: if column.is_set {
                TypeSource::Config
            } else {
                TypeSource::Values
            },
        }),
        description: None,
        is_conditional: false,
    });
    NodeColumns {
        list: list.collect(),
        is_complete: true,
    }
}
