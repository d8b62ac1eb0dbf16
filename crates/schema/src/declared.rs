//! Columns that are written down: of sources, of seeds, and in which order a table keeps those of its query.

use std::sync::Arc;

use glueline_base::Value;
use glueline_catalog::{FileFormat, Materialization};
use glueline_project::{Node, Project, Setting, StateColumn};
use glueline_render::{Names, columns_of_seed, columns_of_snapshot};
use glueline_spark::types::{DataType, Field, parse};

use crate::Schema;

fn known(columns: Vec<Field>) -> Schema {
    let columns: Arc<[Field]> = columns.into();
    Schema {
        columns: Some(Arc::clone(&columns)),
        relation: Some(columns),
    }
}

/// A type in somebody's words; what Spark cannot read is unknown.
fn data_type(text: Option<&str>) -> DataType {
    text.and_then(|text| parse(text).ok())
        .unwrap_or(DataType::Unknown)
}

/// The columns of a source: those of the catalog file, else those that its properties declare, where each has a `data_type`: who only
/// describes or tests some columns does not say which there are.
pub(crate) fn of_source(project: &Project, node: &Node, names: &Names) -> Schema {
    let names = names.schema.as_deref().zip(names.identifier.as_deref());
    let catalog = names.map_or_else(Vec::new, |(schema, name)| in_catalog(project, schema, name));
    if !catalog.is_empty() {
        return known(catalog);
    }
    let table = project
        .source_entry(node)
        .and_then(|(source, table)| source.tables.get(table));
    let declared = table.map_or(&[][..], |table| &table.columns);
    if declared.is_empty() || declared.iter().any(|column| column.data_type.is_none()) {
        return Schema::default();
    }
    let field = |column: &glueline_project::facts::properties::Column| {
        let ty = data_type(column.data_type.as_ref().map(|text| &*text.value));
        Field::new(&*column.name.value, ty)
    };
    known(declared.iter().map(field).collect())
}

/// The columns of a relation that the catalog file describes; none where it does not.
pub(crate) fn in_catalog(project: &Project, schema: &str, name: &str) -> Vec<Field> {
    let columns = project.state().map(|state| state.columns(schema, name));
    let field = |column: &StateColumn| Field::new(&*column.name, data_type(column.data_type.as_deref()));
    columns.into_iter().flatten().map(field).collect()
}

/// The columns of a seed: its header, with the types that dbt-glue gives them.
pub(crate) fn of_seed(project: &Project, node: &Node) -> Schema {
    let Some(columns) = columns_of_seed(project, node) else {
        return Schema::default();
    };
    known(
        columns
            .map(|column| Field::new(column.name, data_type(column.data_type)))
            .collect(),
    )
}

/// The columns of the relation that is made of a query. A table of Spark's own formats keeps what it is partitioned by at its end
/// (`DataSource.resolveRelation`, `PartitioningUtils`); others keep the order of the query. `None` where the config is not known.
pub(crate) fn stored(node: &Node, columns: &Arc<[Field]>) -> Option<Arc<[Field]>> {
    let materialized = text(node, "materialized", Materialization::View.name())?;
    if !matches!(
        Materialization::parse(materialized),
        Some(Materialization::Table | Materialization::Incremental)
    ) {
        return Some(Arc::clone(columns));
    }
    let format = FileFormat::parse_any_case(text(node, "file_format", FileFormat::DEFAULT.name())?);
    if let Some(format) = format.filter(|format| format.is_transactional()) {
        return with_own(node, format, columns);
    }
    let keys = match node.config.get("partition_by") {
        Setting::Unset => return Some(Arc::clone(columns)),
        setting => partition_keys(setting.value()?)?,
    };
    let is_key = |field: &&Field| keys.iter().any(|key| key.eq_ignore_ascii_case(&field.name));
    let key = |key: &String| {
        columns
            .iter()
            .find(|field| field.name.eq_ignore_ascii_case(key))
            .cloned()
    };
    let before = columns.iter().filter(|field| !is_key(field)).cloned();
    Some(before.chain(keys.iter().filter_map(key)).collect())
}

/// The columns of the table that a snapshot keeps: those of its query, and those that dbt adds. `None` where the config is not known.
pub(crate) fn kept(node: &Node, columns: &Arc<[Field]>) -> Option<Arc<[Field]>> {
    let has = |name: &str| columns.iter().any(|field| field.name.eq_ignore_ascii_case(name));
    let added = columns_of_snapshot(node)
        .into_iter()
        .filter(|added| !has(&added.name));
    let added = added.map(|added| {
        let ty = match data_type(Some(added.data_type)) {
            DataType::Timestamp => time_of(node, added.key, columns),
            other => other,
        };
        Field::new(&*added.name, ty)
    });
    let all: Arc<[Field]> = columns.iter().cloned().chain(added).collect();
    let format = FileFormat::parse_any_case(text(node, "file_format", FileFormat::DEFAULT.name())?)?;
    with_own(node, format, &all)
}

/// The type of a time that dbt adds: that of `updated_at`, else of Spark's clock (`snapshot_check_strategy` of dbt-adapters).
fn time_of(node: &Node, key: &str, columns: &[Field]) -> DataType {
    if key == "dbt_valid_to" && !matches!(node.config.get("dbt_valid_to_current"), Setting::Unset) {
        return DataType::Unknown;
    }
    let updated_at = match node.config.get("updated_at") {
        Setting::Unset => return DataType::Timestamp,
        setting => setting.value().and_then(Value::as_str),
    };
    let named = |field: &&Field| updated_at.is_some_and(|name| field.name.eq_ignore_ascii_case(name));
    let found = columns.iter().find(named);
    found.map_or(DataType::Unknown, |field| field.ty.clone())
}

/// Columns behind those that a format has for itself; `None` where its options may leave them out.
fn with_own(node: &Node, format: FileFormat, columns: &Arc<[Field]>) -> Option<Arc<[Field]>> {
    let own = format.own_columns();
    if own.is_empty() {
        return Some(Arc::clone(columns));
    }
    let options = node.config.get("hudi_options");
    if matches!(options, Setting::Unknown)
        || node
            .config
            .nested("hudi_options", "hoodie.populate.meta.fields")
            .is_some()
    {
        return None;
    }
    let own = own.iter().map(|name| Field::new(*name, DataType::String));
    Some(own.chain(columns.iter().cloned()).collect())
}

/// A config as a text, or dbt's default where it is not set.
fn text<'a>(node: &'a Node, key: &str, default: &'a str) -> Option<&'a str> {
    match node.config.get(key) {
        Setting::Unset => Some(default),
        setting => match setting.value()? {
            Value::Null => Some(default),
            value => value.as_str(),
        },
    }
}

fn partition_keys(value: &Value) -> Option<Vec<String>> {
    // `none` takes a partitioning back that a folder sets
    if *value == Value::Null {
        return Some(Vec::new());
    }
    if let Some(one) = value.as_str() {
        return Some(vec![one.trim().to_owned()]);
    }
    let names = value.as_list()?.iter().map(|node| node.value.as_str());
    names.map(|name| Some(name?.trim().to_owned())).collect()
}
