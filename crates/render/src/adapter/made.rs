//! The columns of relations that are taken to be there as the project makes them.

use glueline_project::{Node, ResourceType, StateColumn};

use super::knowledge::node_named;
use super::relations::declared_columns;
use crate::host::NodeHost;
use crate::run::every_column;

/// The columns that dbt adds to a snapshot, with their types, in the order in which it selects them
/// (`build_snapshot_table` in `macros/materializations/snapshots/helpers.sql` of dbt-adapters).
const OF_SNAPSHOTS: [(&str, &str); 5] = [
    ("dbt_scd_id", "string"),
    ("dbt_updated_at", "timestamp"),
    ("dbt_valid_from", "timestamp"),
    ("dbt_valid_to", "timestamp"),
    ("dbt_is_deleted", "string"),
];

/// The columns of a relation as the project makes it: those it declares, and for a snapshot those of dbt, without which no run of
/// it would go on. None where nothing is known of them.
pub(super) fn columns_as_made(host: &NodeHost, schema: &str, name: &str) -> Vec<StateColumn> {
    let mut columns = declared_columns(host, schema, name).unwrap_or_default();
    let project = &host.shared.project;
    let made_by = node_named(host, schema, name).map(|id| project.node(id));
    let Some(snapshot) = made_by.filter(|node| node.kind == ResourceType::Snapshot) else {
        return columns;
    };
    if columns.is_empty() {
        columns.push(every_column(schema, name));
    }
    for added in columns_of_snapshot(snapshot) {
        if columns
            .iter()
            .all(|known| !known.name.eq_ignore_ascii_case(&added.name))
        {
            columns.push(StateColumn {
                name: added.name,
                data_type: Some(added.data_type.to_owned()),
            });
        }
    }
    columns
}

/// A column that dbt adds to a snapshot.
#[derive(Debug, Clone)]
pub struct SnapshotColumn {
    /// The name that dbt knows it by.
    pub key: &'static str,
    /// The name that it has in the table.
    pub name: String,
    /// Its type, where `updated_at` is a timestamp.
    pub data_type: &'static str,
}

/// The columns that dbt adds to a snapshot, under the names that its config gives them.
pub fn columns_of_snapshot(snapshot: &Node) -> Vec<SnapshotColumn> {
    let is_kept = |column: &str| column != "dbt_is_deleted" || keeps_deleted_rows(snapshot);
    let added = OF_SNAPSHOTS.iter().filter(|(column, _)| is_kept(column));
    let named = added.map(|(key, data_type)| {
        let chosen = snapshot.config.nested("snapshot_meta_column_names", key);
        let chosen = chosen.and_then(|(_, chosen)| chosen.value.as_str());
        let name = chosen.filter(|chosen| !chosen.is_empty()).unwrap_or(key);
        SnapshotColumn {
            key,
            name: name.to_owned(),
            data_type,
        }
    });
    named.collect()
}

fn keeps_deleted_rows(snapshot: &Node) -> bool {
    let deletes = snapshot.config.get("hard_deletes");
    deletes.value().and_then(|value| value.as_str()) == Some("new_record")
}
