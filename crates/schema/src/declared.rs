//! Columns that are written down: of sources, of seeds, and in which order a table keeps those of its query.

use std::sync::Arc;

use glueline_base::Value;
use glueline_project::{Node, Project, StateColumn};
use glueline_render::casts_seeds;
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
pub(crate) fn of_source(project: &Project, node: &Node) -> Schema {
    let names = node.schema.as_deref().zip(node.identifier.as_deref());
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

/// The columns of a table that the catalog file describes; none where it does not.
pub(crate) fn in_catalog(project: &Project, schema: &str, name: &str) -> Vec<Field> {
    let table = project.state().and_then(|state| state.table(schema, name));
    let Some(table) = table else {
        return Vec::new();
    };
    let field = |column: &StateColumn| Field::new(&*column.name, data_type(column.data_type.as_deref()));
    table
        .columns
        .iter()
        .chain(&table.partition_keys)
        .map(field)
        .collect()
}

/// The columns of a seed: its header, with the types that dbt-glue gives them.
pub(crate) fn of_seed(project: &Project, node: &Node) -> Schema {
    let Some(seed) = project.facts(node.file()).seed() else {
        return Schema::default();
    };
    let casts = casts_seeds(project);
    let columns = seed.columns.iter().map(|column| {
        let set = node.config.nested("column_types", &column.name);
        let set = set.and_then(|(_, set)| set.value.as_str()).filter(|_| casts);
        Field::new(&*column.name, data_type(set.or_else(|| column.spark_type(casts))))
    });
    known(columns.collect())
}

/// The columns of the relation that is made of a query. A table of Spark's own formats keeps what it is partitioned by at its end
/// (`DataSource.resolveRelation`, `PartitioningUtils`); others keep the order of the query. `None` where the config is not known.
pub(crate) fn stored(node: &Node, columns: &Arc<[Field]>) -> Option<Arc<[Field]>> {
    let text = |key: &str, default: &'static str| match node.config.get(key) {
        glueline_project::Setting::Unset => Some(default.to_owned()),
        setting => setting.value().and_then(Value::as_str).map(str::to_lowercase),
    };
    let materialized = text("materialized", "view")?;
    if !matches!(materialized.as_str(), "table" | "incremental") {
        return Some(Arc::clone(columns));
    }
    if matches!(
        text("file_format", "parquet")?.as_str(),
        "iceberg" | "delta" | "hudi" | "s3tables"
    ) {
        return Some(Arc::clone(columns));
    }
    let keys = match node.config.get("partition_by") {
        glueline_project::Setting::Unset => return Some(Arc::clone(columns)),
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

fn partition_keys(value: &Value) -> Option<Vec<String>> {
    if let Some(one) = value.as_str() {
        return Some(vec![one.trim().to_owned()]);
    }
    let names = value.as_list()?.iter().map(|node| node.value.as_str());
    names.map(|name| Some(name?.trim().to_owned())).collect()
}
