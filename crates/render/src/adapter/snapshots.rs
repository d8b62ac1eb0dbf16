//! The columns that dbt adds to a snapshot (`snapshot_staging_table` and its kin in `dbt/include/global_project/macros/materializations/
//! snapshots/helpers.sql`), for a snapshot that is taken to be there and that no catalog file shows.

use glueline_base::Value as Setting;
use glueline_project::{Node, ResourceType};

use crate::column::Column;

/// In the order in which the first run selects them, with the types that they get there.
const ADDED: [(&str, &str); 4] = [
    ("dbt_scd_id", "string"),
    ("dbt_updated_at", "timestamp"),
    ("dbt_valid_from", "timestamp"),
    ("dbt_valid_to", "timestamp"),
];

/// The columns of a snapshot that the project declares, with those that dbt adds behind them. Where none is declared, none is known.
pub(super) fn with_added(node: &Node, mut declared: Vec<Column>, names: &[&str]) -> Vec<Column> {
    if node.kind != ResourceType::Snapshot || declared.is_empty() {
        return declared;
    }
    let deletes = node.config.get("hard_deletes");
    let marks_deleted = deletes.value().and_then(Setting::as_str) == Some("new_record");
    let marks = marks_deleted.then_some(("dbt_is_deleted", "string"));
    for (column, data_type) in ADDED.into_iter().chain(marks) {
        let chosen = node.config.nested("snapshot_meta_column_names", column);
        let chosen = chosen.and_then(|(_, set)| set.value.as_str());
        let name = chosen.filter(|name| !name.is_empty()).unwrap_or(column);
        if !names.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            declared.push(Column::new(name, data_type));
        }
    }
    declared
}
