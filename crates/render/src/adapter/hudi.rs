//! Writing a Hudi table (`hudi_merge_table` in `dbt/adapters/glue/impl.py`).

use glueline_template::{Args, Cx, Error, Key, Value, repr};

use super::account::connect;
use super::names::location_of;
use super::python::{attr, join, spread, text, text_attr};
use super::{code, relations};
use crate::host::NodeHost;
use crate::run::{Kind, make, refusal_of_pasted};

/// Writes what a query gives into a Hudi table: into one that is there row by row, else into a new one. `--full-refresh` makes no
/// difference.
pub(super) fn hudi_merge_table(cx: &Cx, host: &NodeHost, args: Args) -> Result<Value, Error> {
    let bound = args.bind(
        "GlueAdapter.hudi_merge_table",
        [
            "target_relation",
            "request",
            "primary_key",
            "partition_key",
            "custom_location",
            "hudi_config",
            "substitute_variables",
        ],
        7,
    )?;
    if host.run().is_none() {
        return Ok(Value::None);
    }
    let [target, request, key, partitions, location, config, variables] =
        bound.map(Option::unwrap_or_default);
    connect(host);
    let exists = is_there(cx, host, &target);
    let config = if config.is_none() {
        Value::dict::<&str>([])
    } else {
        config
    };
    let name = text_attr(cx, &target, "name")?;
    let schema = text_attr(cx, &target, "schema")?;
    let options = options(
        cx,
        &Table {
            schema: &schema,
            name: &name,
            exists,
        },
        key,
        &partitions,
        &config,
    )?;
    let path = location_of(host, &schema, &name, Some(&location), true)?;
    let request = text(&request);
    let relation = format!("{schema}.{name}");
    let sample = format!("SELECT * FROM {relation} LIMIT 1");
    let written = Written {
        request: &request,
        variables: &repr(&variables),
        options: &repr(&options),
        config: &repr(&config),
        mode: if exists { "Append" } else { "Overwrite" },
        path: &path,
    };
    let source = source(&written, &relation, &sample);
    // A table that is there stays what it is, whatever the session makes of the code. Code that cannot be read does nothing.
    if !exists
        && let Some(run) = host.run()
        && refusal_of_pasted(&request).is_none()
    {
        let current = relations::current_schema(&host.shared.project);
        let parts = [schema.clone(), name.clone()];
        make(
            &mut run.warehouse(),
            host,
            &parts,
            &current,
            Kind::Table(Some("hudi")),
            Some(&path),
        );
    }
    code::send(cx, host, &source, &[&request], "GlueHudiMergeTableFailed")
}

/// Whether a relation is there (`check_relation_exists`); what is no relation is not.
fn is_there(cx: &Cx, host: &NodeHost, target: &Value) -> bool {
    let named = || -> Result<(Value, Value), Error> {
        Ok((attr(cx, target, "schema")?, attr(cx, target, "identifier")?))
    };
    match named() {
        Ok((schema, name)) => relations::find(cx, host, &schema, &name, None).is_some(),
        Err(error) => {
            if let Some(run) = host.run() {
                run.log(error.message());
            }
            false
        }
    }
}

/// The table that is written.
struct Table<'a> {
    schema: &'a str,
    name: &'a str,
    exists: bool,
}

/// The options of the writer: each group over those before it, the user's last.
fn options(
    cx: &Cx,
    table: &Table<'_>,
    key: Value,
    partitions: &Value,
    config: &Value,
) -> Result<Value, Error> {
    let mut entries: Vec<(&str, Value)> = vec![
        ("className", "org.apache.hudi".into()),
        ("hoodie.datasource.hive_sync.use_jdbc", "false".into()),
        (
            "hoodie.datasource.write.precombine.field",
            "update_hudi_ts".into(),
        ),
        ("hoodie.datasource.write.recordkey.field", key),
        ("hoodie.table.name", table.name.into()),
        ("hoodie.datasource.hive_sync.database", table.schema.into()),
        ("hoodie.datasource.hive_sync.table", table.name.into()),
        ("hoodie.datasource.hive_sync.enable", "true".into()),
        ("hoodie.datasource.write.hive_style_partitioning", "true".into()),
    ];
    if partitions.truth() {
        let fields = join(cx, ",", partitions)?;
        entries.extend([
            ("hoodie.datasource.write.partitionpath.field", Value::str(&fields)),
            (
                "hoodie.datasource.hive_sync.partition_extractor_class",
                "org.apache.hudi.hive.MultiPartKeysValueExtractor".into(),
            ),
            (
                "hoodie.datasource.hive_sync.partition_fields",
                Value::from(fields),
            ),
        ]);
    } else {
        entries.extend([
            (
                "hoodie.datasource.hive_sync.partition_extractor_class",
                "org.apache.hudi.hive.NonPartitionedExtractor".into(),
            ),
            (
                "hoodie.datasource.write.keygenerator.class",
                "org.apache.hudi.keygen.NonpartitionedKeyGenerator".into(),
            ),
        ]);
    }
    entries.extend([
        ("hoodie.index.type", Value::str("GLOBAL_BLOOM")),
        ("hoodie.bloom.index.update.partition.path", "true".into()),
    ]);
    if table.exists {
        entries.extend([
            ("hoodie.datasource.write.operation", Value::str("upsert")),
            ("hoodie.cleaner.policy", "KEEP_LATEST_COMMITS".into()),
            ("hoodie.cleaner.commits.retained", Value::Int(10)),
        ]);
    } else {
        entries.push(("hoodie.datasource.write.operation", "bulk_insert".into()));
    }
    let options = Value::dict(entries);
    if let Value::Dict(all) = &options {
        for (name, value) in spread(config)? {
            if let Some(key) = Key::of(&name) {
                all.insert(key, name, value);
            }
        }
    }
    Ok(options)
}

/// What the code says of the table and the model.
struct Written<'a> {
    request: &'a str,
    /// Python's literals.
    variables: &'a str,
    options: &'a str,
    config: &'a str,
    mode: &'a str,
    path: &'a str,
}

/// The code: the query's rows with the time of writing, written where there are any.
fn source(written: &Written<'_>, relation: &str, sample: &str) -> String {
    let Written {
        request,
        variables,
        options,
        config,
        mode,
        path,
    } = written;
    format!(
        r#"
from pyspark.sql import SparkSession
from pyspark.sql.functions import *

builder = SparkSession.builder.config('spark.serializer', 'org.apache.spark.serializer.KryoSerializer')
for flag in (
    'hoodie.metadata.enable',
    'hoodie.enable.data.skipping',
    'hoodie.metadata.index.column.stats.enable',
    'hoodie.metadata.index.bloom.filter.enable',
):
    builder = builder.config(flag, 'true')
spark = builder.getOrCreate()

query = """{request}"""
for number, expression in enumerate({variables}):
    query = query.replace('<SUBSTITUTE_VARIABLE_' + str(number) + '>', str(eval(eval("'" + expression + "'"))))

rows = spark.sql(query).drop('dbt_unique_key').withColumn('update_hudi_ts', current_timestamp())
if rows.count() > 0:
    parallelism = spark.conf.get('spark.default.parallelism')
    options = {options}
    for stage in ('hoodie.upsert.shuffle.parallelism', 'hoodie.bulkinsert.shuffle.parallelism'):
        options[stage] = parallelism
    options.update({config})
    rows.write.format('org.apache.hudi').options(**options).mode('{mode}').save("{path}")

spark.sql("""REFRESH TABLE {relation}""")
SqlWrapper2.execute("""{sample}""")
"#
    )
}
