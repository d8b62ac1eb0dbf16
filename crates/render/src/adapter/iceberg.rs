//! Writing an Iceberg table before dbt-glue left that to macros (`iceberg_write` in `dbt/adapters/glue/impl.py` of 1.7.0 to 1.8.6).

use glueline_template::{Args, Cx, Error, Value};

use super::account::{connect, credential};
use super::names::location_of;
use super::python::{items, text, text_attr};
use super::{code, relations};
use crate::host::NodeHost;
use crate::run::{Kind, make, refusal_of_pasted};

/// The Glue release in which the rows are staged in a table of files.
const STAGED_IN_FILES: &str = "4.0";

/// The table that is written.
struct Table {
    /// With the catalog and the schema.
    place: String,
    /// Where the rows are staged.
    staged: String,
    /// ` ORDER BY (a,b)` where the table is partitioned.
    order: String,
    /// `PARTITIONED BY (a,b)`.
    partitioned: String,
    properties: String,
}

/// Writes what a query gives into an Iceberg table: with the strategy into one that is there, else into a new one.
pub(super) fn iceberg_write(cx: &Cx, host: &NodeHost, args: Args) -> Result<Value, Error> {
    let bound = args.bind(
        "GlueAdapter.iceberg_write",
        [
            "target_relation",
            "request",
            "primary_key",
            "partition_key",
            "custom_location",
            "write_mode",
            "table_properties",
        ],
        7,
    )?;
    let Some(run) = host.run() else {
        return Ok(Value::None);
    };
    let [target, request, key, partitions, location, mode, properties] = bound.map(Option::unwrap_or_default);
    connect(host);
    let [schema, name] = [text_attr(cx, &target, "schema")?, text_attr(cx, &target, "name")?];
    let path = location_of(host, &schema, &name, Some(&location), false)?;
    let folder = text(&credential(host, "location", Value::None));
    let exists = relations::find(cx, host, &schema.as_str().into(), &name.as_str().into(), None).is_some();
    let request = text(&request);
    let table = Table::of(&schema, &name, &partitions, &properties)?;
    let written = if exists {
        table.change(&text(&mode), &key)?
    } else {
        table.create(&path)
    };
    let source = source(host, &table, &request, &written, &format!("{folder}/{schema}"));
    if !exists && refusal_of_pasted(&request).is_none() {
        let current = relations::current_schema(&host.shared.project);
        let kind = Kind::Table(Some("iceberg"));
        make(
            &mut run.warehouse(),
            host,
            &[schema, name],
            &current,
            kind,
            Some(&path),
        );
    }
    code::send(cx, host, &source, &[&request], "GlueIcebergWriteTableFailed")
}

impl Table {
    fn of(schema: &str, name: &str, partitions: &Value, properties: &Value) -> Result<Self, Error> {
        let fields = if partitions.is_none() {
            None
        } else {
            let fields: Vec<String> = match partitions.as_str() {
                // A name is joined letter by letter, as Python does it.
                Some(name) => name.chars().map(String::from).collect(),
                None => list(partitions)?,
            };
            Some(format!("({})", fields.join(",")))
        };
        let mut pairs = Vec::new();
        if let Value::Dict(_) = properties {
            for (key, value) in items(properties)? {
                pairs.push(format!("'{}'='{}'", text(&key), text(&value)));
            }
        }
        Ok(Self {
            place: format!("glue_catalog.{schema}.{name}"),
            staged: format!("tmp_{name}"),
            order: fields
                .as_deref()
                .map(|fields| format!(" ORDER BY {fields}"))
                .unwrap_or_default(),
            partitioned: fields
                .map(|fields| format!("PARTITIONED BY {fields}"))
                .unwrap_or_default(),
            properties: if pairs.is_empty() {
                String::new()
            } else {
                format!("TBLPROPERTIES ({})", pairs.join(","))
            },
        })
    }

    fn rows(&self) -> String {
        format!("SELECT * FROM {}{}", self.staged, self.order)
    }

    fn create(&self, path: &str) -> String {
        let Self {
            place,
            partitioned,
            properties,
            ..
        } = self;
        let rows = self.rows();
        format!("CREATE TABLE {place} USING iceberg {partitioned} LOCATION '{path}' {properties} AS {rows}")
    }

    fn change(&self, mode: &str, key: &Value) -> Result<String, Error> {
        let Self {
            place,
            partitioned,
            properties,
            staged,
            ..
        } = self;
        let rows = self.rows();
        match mode {
            "append" => Ok(format!("INSERT INTO {place} {rows}")),
            "insert_overwrite" => {
                let using = if partitioned.is_empty() {
                    "USING iceberg"
                } else {
                    partitioned
                };
                Ok(format!(
                    "CREATE OR REPLACE TABLE {place} {using} {properties} AS {rows}"
                ))
            }
            "merge" => {
                let keys = match key {
                    Value::List(_) => list(key)?,
                    key => vec![text(key)],
                };
                let same: Vec<String> = keys.iter().map(|key| format!("t.{key} = s.{key}")).collect();
                Ok(format!(
                    "MERGE INTO {place} t USING (SELECT * FROM {staged}) s ON {} WHEN MATCHED THEN UPDATE SET * \
                     WHEN NOT MATCHED THEN INSERT *",
                    same.join(" AND ")
                ))
            }
            // Python has no value for the code of any other strategy.
            _ => Err(Error::new(
                glueline_template::ErrorKind::Python("UnboundLocalError"),
                "cannot access local variable 'core_code' where it is not associated with a value",
            )),
        }
    }
}

fn list(value: &Value) -> Result<Vec<String>, Error> {
    match value {
        Value::List(items) => Ok(items.lock().iter().map(text).collect()),
        Value::Tuple(items) => Ok(items.iter().map(text).collect()),
        other => Err(Error::type_error(format!(
            "can only join an iterable, not {}",
            other.type_name()
        ))),
    }
}

/// The code: the session gets the catalog, the rows are staged, and written where there are any.
fn source(host: &NodeHost, table: &Table, request: &str, written: &str, warehouse: &str) -> String {
    let Table { place, staged, .. } = table;
    let release = text(&credential(host, "glue_version", default_glue(host)));
    let locks = if release == "3.0" {
        let lock = text(&credential(
            host,
            "iceberg_glue_commit_lock_table",
            "myGlueLockTable",
        ));
        format!(
            "    \"spark.sql.catalog.glue_catalog.lock-impl\": \"org.apache.iceberg.aws.glue.DynamoLockManager\",\n    \
             \"spark.sql.catalog.glue_catalog.lock.table\": \"{lock}\",\n"
        )
    } else {
        String::new()
    };
    let folder = format!("{warehouse}/{staged}");
    let (staging, cleaning) = if release == STAGED_IN_FILES {
        (
            format!(
                "rows.createOrReplaceTempView(\"tmp_{staged}\")\n\
                 spark.sql(\"CREATE TABLE {staged} LOCATION '{folder}' AS SELECT * FROM tmp_{staged}\")\n"
            ),
            format!(
                "spark.sql(\"DROP TABLE IF EXISTS {staged}\")\nfrom awsglue.context import GlueContext\n\
                 GlueContext(spark.sparkContext).purge_s3_path(\"{folder}\", {{\"retentionPeriod\": 0}})\n"
            ),
        )
    } else {
        (
            format!("rows.createOrReplaceTempView(\"{staged}\")\n"),
            String::new(),
        )
    };
    format!(
        "\nfrom pyspark.sql.functions import current_timestamp\n\
         catalog = {{\n    \"spark.sql.warehouse.dir\": \"{warehouse}\",\n    \
         \"spark.sql.catalog.glue_catalog\": \"org.apache.iceberg.spark.SparkCatalog\",\n    \
         \"spark.sql.catalog.glue_catalog.warehouse\": \"{warehouse}\",\n    \
         \"spark.sql.catalog.glue_catalog.catalog-impl\": \"org.apache.iceberg.aws.glue.GlueCatalog\",\n    \
         \"spark.sql.catalog.glue_catalog.io-impl\": \"org.apache.iceberg.aws.s3.S3FileIO\",\n{locks}    \
         \"spark.sql.extensions\": \"org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions\",\n}}\n\
         builder = type(spark).builder\nfor name, value in catalog.items():\n    builder = builder.config(name, value)\n\
         spark = builder.getOrCreate()\n\
         rows = spark.sql(\"\"\"{request}\"\"\")\n\
         rows = rows.drop(\"dbt_unique_key\").withColumn(\"update_iceberg_ts\", current_timestamp())\n{staging}\
         if rows.count() > 0:\n    spark.sql(\"\"\"{written}\"\"\")\n\
         spark.sql(\"\"\"REFRESH TABLE {place}\"\"\")\n{cleaning}\
         SqlWrapper2.execute(\"\"\"SELECT * FROM {place} LIMIT 1\"\"\")\n"
    )
}

/// The Glue release of a profile that names none.
fn default_glue(host: &NodeHost) -> &'static str {
    glueline_catalog::default_in("glue_version", host.version()).map_or("", |value| value.trim_matches('"'))
}
