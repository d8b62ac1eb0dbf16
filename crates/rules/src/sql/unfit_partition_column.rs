//! `unfit-partition-column`.

use glueline_base::FileRange;
use glueline_catalog::{FileFormat, KeySpec, keys};
use glueline_schema::Field;
use glueline_spark::types::DataType;

use super::columns;
use super::config_names_no_column::named;
use crate::config::setting::scope;
use crate::context::{NodeCx, RenderedCx};
use crate::incremental::model;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "unfit-partition-column",
    Sql,
    Error,
    "unfit_partition_column.md",
    Check::Rendered(check)
);

fn check(cx: &RenderedCx<'_>, sink: &mut Sink) {
    if !cx.project.is_glue() {
        return;
    }
    for node in cx.own_nodes().filter(is_created) {
        let schema = cx.schemas.of(node.node.id);
        let Some(columns) = &schema.columns else { continue };
        for (at, message) in faults(&node, columns) {
            let message = format!("{message}: Spark refuses the statement that creates the table.");
            let diagnostic = node.diagnostic(&RULE.meta, at, message);
            sink.push(diagnostic.severity(model::when_creating(&node)));
        }
    }
}

/// Whether dbt-glue makes a table of it with `create table ... using ... partitioned by ... as`, in one of the formats of Spark's own.
fn is_created(cx: &NodeCx<'_>) -> bool {
    let is_of_spark = matches!(
        model::format(cx),
        Some(FileFormat::Parquet | FileFormat::Orc | FileFormat::Json)
    );
    is_of_spark
        && (model::is_sql_incremental(cx) || model::is_sql_model(cx, "table"))
        && !columns::replaces(cx)
}

/// What is wrong with the columns by which a table is laid out, each with its place.
fn faults(node: &NodeCx<'_>, columns: &[Field]) -> Vec<(FileRange, String)> {
    let partitions = names(node, "partition_by");
    let mut found = twice("partition_by", &partitions);
    if let Some((_, at)) = partitions.first()
        && !columns.is_empty()
        && columns.iter().all(|column| has(&partitions, &column.name))
    {
        let message = format!(
            "`partition_by` names every column of the query of `{}`, which leaves none for the files",
            node.node.name
        );
        found.push((*at, message));
    }
    for (name, at) in &partitions {
        let mut columns = columns
            .iter()
            .filter(|column| column.name.eq_ignore_ascii_case(name));
        let nested =
            |ty: &DataType| matches!(ty, DataType::Array(_) | DataType::Map(_) | DataType::Struct(_));
        if let Some(column) = columns.next().filter(|column| nested(&column.ty)) {
            let message = format!(
                "`partition_by` names `{name}`, which is of the type `{}`: only single values make partitions",
                column.ty
            );
            found.push((*at, message));
        }
    }
    // Without a number of buckets no clause is written.
    if node.config("buckets").set().is_some() {
        let buckets = names(node, "clustered_by");
        found.extend(twice("clustered_by", &buckets));
        for (name, at) in buckets.iter().filter(|(name, _)| has(&partitions, name)) {
            found.push((
                *at,
                format!("`clustered_by` names `{name}`, by which the table is partitioned"),
            ));
        }
    }
    found
}

fn has(names: &[(String, FileRange)], name: &str) -> bool {
    names.iter().any(|(other, _)| other.eq_ignore_ascii_case(name))
}

/// The names that a list has already.
fn twice(key: &str, names: &[(String, FileRange)]) -> Vec<(FileRange, String)> {
    let again = names.iter().enumerate().filter(|(number, (name, _))| {
        let before = names.get(..*number).unwrap_or_default();
        has(before, name)
    });
    again
        .map(|(_, (name, at))| (*at, format!("`{key}` names `{name}` twice")))
        .collect()
}

/// The columns that a setting names. One for a whole folder is not to blame for one node.
fn names(node: &NodeCx<'_>, key: &str) -> Vec<(String, FileRange)> {
    let is_it = |spec: &&KeySpec| spec.name == key;
    let Some((spec, set)) = keys(scope(node.node.kind))
        .find(is_it)
        .zip(node.config(key).set())
    else {
        return Vec::new();
    };
    let place = |at| {
        if model::is_folder_wide(set) {
            node.node.at
        } else {
            at
        }
    };
    let named = named(node, spec, set).into_iter();
    named.map(|(name, at)| (name, place(at))).collect()
}
