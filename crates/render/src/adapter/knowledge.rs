//! What is known of relations: from the catalog file, else from the project and what is assumed of it.

use glueline_catalog::Change;
use std::sync::Arc;

use glueline_base::Value as BaseValue;
use glueline_project::{Assume, Node, NodeId, Project, ResourceType, Table};
use rustc_hash::FxHashMap;

use super::made::columns_as_made;
use super::relations::declared_columns;
use crate::host::{Life, NodeHost};
use crate::relation::RelationType;
use crate::renderer::Shared;
use crate::run::Touched;

/// What is known of a relation that is there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    /// Its type; `None` where dbt-glue cannot tell.
    pub(super) kind: Option<RelationType>,
    pub(super) is_iceberg: bool,
    pub(super) is_delta: bool,
    /// Whether Glue gives a list of parameters at all: dbt-glue stumbles where it does not.
    pub(super) has_parameters: bool,
}

/// Whether a relation is there.
#[derive(Debug, Clone, Copy)]
pub(super) enum Existence {
    There(Known),
    Absent,
    /// Nobody says: no catalog file was given, and it is no relation of the project.
    Unknown,
}

/// The catalog that dbt-glue writes before names of Iceberg tables; `None` where the profile has none
/// (`custom_iceberg_catalog_namespace` in `dbt/adapters/glue/credentials.py`).
pub(crate) fn iceberg_catalog(project: &Project) -> Option<String> {
    if !project.release().version.has(Change::IcebergInMacros) {
        return None;
    }
    match project.target()?.get("custom_iceberg_catalog_namespace") {
        None => Some("glue_catalog".to_owned()),
        Some(BaseValue::Str(catalog)) if !catalog.is_empty() => Some(catalog.to_string()),
        Some(_) => None,
    }
}

/// A schema without the Iceberg catalog before it.
pub(crate) fn strip_catalog<'a>(project: &Project, schema: &'a str) -> &'a str {
    iceberg_catalog(project)
        .and_then(|catalog| schema.strip_prefix(&catalog)?.strip_prefix('.'))
        .unwrap_or(schema)
}

/// Whether a relation is there: the node's own as the rendering supposes, others as the catalog file or the project says.
pub(super) fn look_up(host: &NodeHost, schema: &str, name: &str) -> Existence {
    let changed = host.run().map(|run| run.warehouse().changed(schema, name));
    match changed {
        Some(Touched::Made(table)) => Existence::There(in_file(&table)),
        Some(Touched::Dropped) => Existence::Absent,
        Some(Touched::Untouched) | None => look_up_base(host, schema, name),
    }
}

/// Whether a relation is there before anything is run; `None` where nobody says.
pub(crate) fn is_known_to_be(host: &NodeHost, schema: &str, name: &str) -> Option<bool> {
    match look_up_base(host, schema, name) {
        Existence::There(_) => Some(true),
        Existence::Absent => Some(false),
        Existence::Unknown => None,
    }
}

/// What is assumed of relations where no catalog says.
pub(super) fn assumed(host: &NodeHost) -> Assume {
    let of_run = host.run().and_then(|run| run.assume);
    of_run.unwrap_or_else(|| host.shared.project.assume())
}

/// Whether a relation is there before anything is run.
fn look_up_base(host: &NodeHost, schema: &str, name: &str) -> Existence {
    let shared = &host.shared;
    let project = &shared.project;
    let own = host.node_id().filter(|id| is_named(shared, *id, schema, name));
    let in_catalog = project.state().map(|state| state.table(schema, name));
    match (own, host.scene.life) {
        (Some(_), Life::Absent) => return Existence::Absent,
        (Some(id), Life::Exists) => {
            return Existence::There(match in_catalog {
                Some(Some(table)) => in_file(table),
                _ => as_made(shared, id),
            });
        }
        _ => {}
    }
    let is_told = project.state().is_some_and(|state| state.knows(schema));
    if let Some(found) = in_catalog.filter(|_| is_told) {
        return found.map_or(Existence::Absent, |table| Existence::There(in_file(table)));
    }
    let Some(id) = own.or_else(|| node_named(host, schema, name)) else {
        return Existence::Unknown;
    };
    let is_source = project.node(id).kind == ResourceType::Source;
    let assume = assumed(host);
    if !is_source && assume == Assume::View {
        return Existence::There(Known {
            kind: Some(RelationType::View),
            is_iceberg: false,
            is_delta: false,
            has_parameters: true,
        });
    }
    if is_source || assume == Assume::Exists {
        Existence::There(as_made(shared, id))
    } else {
        Existence::Absent
    }
}

/// Nodes by schema and name, in small letters; the first where several have the same.
pub(crate) type Named = FxHashMap<(String, String), NodeId>;

/// The node that is made, or read, under a name. Names ignore case, as Glue's do.
pub(super) fn node_named(host: &NodeHost, schema: &str, name: &str) -> Option<NodeId> {
    host.captured().looks_around = true;
    named(&host.shared, schema, name)
}

/// The same, asked from outside of a rendering.
pub(crate) fn named(shared: &Arc<Shared>, schema: &str, name: &str) -> Option<NodeId> {
    let known = match shared.named.get() {
        Some(known) => known,
        None => {
            // Not within the cell: names are rendered, by whatever macros the project has.
            let made = all_named(shared);
            shared.named.get_or_init(|| made)
        }
    };
    let key = (schema.to_ascii_lowercase(), name.to_ascii_lowercase());
    known.get(&key).copied()
}

fn all_named(shared: &Arc<Shared>) -> Named {
    let mut named = Named::default();
    for node in shared.project.nodes().iter().filter(|node| node.enabled) {
        if !node.kind.is_refable() && node.kind != ResourceType::Source {
            continue;
        }
        let written = node.schema.clone().zip(node.identifier.clone());
        let (schema, name) = match written {
            Some(written) => written,
            None => {
                let names = Shared::names(shared, node.id);
                let Some(found) = names.schema.clone().zip(names.identifier.clone()) else {
                    continue;
                };
                found
            }
        };
        if is_named(shared, node.id, &schema, &name) {
            let key = (schema.to_ascii_lowercase(), name.to_ascii_lowercase());
            named.entry(key).or_insert(node.id);
        }
    }
    named
}

/// Whether a node is made, or read, under a name, whatever the case of its letters.
pub(super) fn is_named(shared: &Arc<Shared>, id: NodeId, schema: &str, name: &str) -> bool {
    let node = shared.project.node(id);
    let same = |part: &Option<Arc<str>>, wanted: &str| {
        part.as_deref()
            .is_some_and(|part| part.eq_ignore_ascii_case(wanted))
    };
    if node.schema.is_some() && node.identifier.is_some() {
        return same(&node.identifier, name) && same(&node.schema, schema);
    }
    if node.identifier.is_some() && !same(&node.identifier, name) {
        return false;
    }
    let names = Shared::names(shared, id);
    same(&names.identifier, name) && same(&names.schema, schema)
}

/// What a table of the catalog file is to dbt-glue (`get_relation` and `get_table_type` in `dbt/adapters/glue/impl.py`).
fn in_file(table: &Table) -> Known {
    let kind = match table.kind.as_deref() {
        None | Some("EXTERNAL_TABLE" | "MANAGED_TABLE" | "table") => Some(RelationType::Table),
        Some("VIRTUAL_VIEW" | "view") => Some(RelationType::View),
        Some("cte") => Some(RelationType::Cte),
        Some(_) => None,
    };
    Known {
        kind,
        is_iceberg: table.is_iceberg(),
        is_delta: table.is_delta(),
        has_parameters: table.parameters.is_some(),
    }
}

/// What a relation is once the project has made it.
fn as_made(shared: &Arc<Shared>, id: NodeId) -> Known {
    let node = shared.project.node(id);
    let format = file_format(node);
    let is_view = node.kind == ResourceType::Model
        && Shared::names(shared, id).materialized() == "view"
        // dbt-glue makes a table of a view of this format.
        && format != Some("iceberg");
    Known {
        kind: Some(if is_view {
            RelationType::View
        } else {
            RelationType::Table
        }),
        is_iceberg: !is_view && format.is_some_and(|format| format == "iceberg"),
        is_delta: !is_view && format.is_some_and(|format| format == "delta"),
        has_parameters: true,
    }
}

fn file_format(node: &Node) -> Option<&str> {
    node.config.get("file_format").value()?.as_str()
}

/// A relation as it is before anything is run: as the catalog file says, else as the project would have made it.
pub(crate) fn base_table(host: &NodeHost, schema: &str, name: &str) -> Option<Table> {
    if let Some(state) = host.shared.project.state() {
        return state.table(schema, name).cloned();
    }
    let Existence::There(known) = look_up_base(host, schema, name) else {
        return None;
    };
    let parameter = match known {
        Known { is_iceberg: true, .. } => Some(("table_type", "ICEBERG")),
        Known { is_delta: true, .. } => Some(("spark.sql.sources.provider", "delta")),
        _ => None,
    };
    let parameters = parameter.into_iter();
    let is_view = known.kind == Some(RelationType::View);
    Some(Table {
        kind: Some(if is_view { "VIRTUAL_VIEW" } else { "EXTERNAL_TABLE" }.to_owned()),
        parameters: Some(
            parameters
                .map(|(name, value)| (name.to_owned(), Some(value.to_owned())))
                .collect(),
        ),
        columns: if is_view {
            declared_columns(host, schema, name).unwrap_or_default()
        } else {
            columns_as_made(host, schema, name)
        },
        ..Table::default()
    })
}
