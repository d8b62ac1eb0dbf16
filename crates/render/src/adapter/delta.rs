//! Writing a Delta table and what Athena reads it through (`delta_create_table`, `delta_update_manifest` in
//! `dbt/adapters/glue/impl.py`).

use std::fmt::Write as _;

use glueline_template::{Args, Cx, Error, Value, to_str};
use serde_json::{Value as Json, json};

use super::account::{connect, credential};
use super::knowledge::Existence;
use super::names::location_of;
use super::python::{items, text, text_attr};
use super::{code, relations};
use crate::host::NodeHost;
use crate::run::{Kind, make, send};

/// A Delta table, and how its companion for Athena is called.
struct Target {
    schema: String,
    name: String,
    location: String,
    /// What stands before the companion's name; no text where the profile has none.
    prefix: Value,
}

impl Target {
    fn of(cx: &Cx, host: &NodeHost, relation: &Value, location: &Value) -> Result<Self, Error> {
        let schema = text_attr(cx, relation, "schema")?;
        let name = text_attr(cx, relation, "name")?;
        Ok(Self {
            location: location_of(host, &schema, &name, Some(location), false)?,
            prefix: credential(host, "delta_athena_prefix", Value::None),
            schema,
            name,
        })
    }

    /// The name of the companion.
    fn companion(&self) -> String {
        format!("{}_{}", to_str(&self.prefix).plain(), self.name)
    }
}

/// What every code ends with.
const PING: &str = "select 1";

/// Makes a Delta table of a query: its files first, then its entry in the catalog, then the companion.
pub(super) fn delta_create_table(cx: &Cx, host: &NodeHost, args: Args) -> Result<Value, Error> {
    let bound = args.bind(
        "GlueAdapter.delta_create_table",
        [
            "target_relation",
            "request",
            "primary_key",
            "partition_key",
            "custom_location",
            "delta_create_table_write_options",
        ],
        5,
    )?;
    if host.run().is_none() {
        return Ok(Value::None);
    }
    let [relation, request, _, partitions, location, options] = bound.map(Option::unwrap_or_default);
    connect(host);
    let target = Target::of(cx, host, &relation, &location)?;
    let mut writer = String::new();
    if options.truth() {
        for (key, value) in items(&options)? {
            let _ = write!(writer, ".option(\"{}\", \"{}\")", text(&key), text(&value));
        }
    }
    let partitions = fields(cx, &partitions)?;
    if let Some(fields) = &partitions {
        let _ = write!(writer, ".partitionBy({fields})");
    }
    let Target {
        schema,
        name,
        location,
        ..
    } = &target;
    let pasted = format!("\n{}\n", text(&request));
    let files = format!(
        "\nrows = spark.sql(\"\"\"{pasted}\"\"\")\nrows.write.format(\"delta\").mode(\"overwrite\"){writer}.save(\"{location}\")\n\
         SqlWrapper2.execute(\"\"\"{PING}\"\"\")\n"
    );
    code::send(cx, host, &files, &[&pasted], "GlueDeltaWriteTableFailed")?;
    let entry = format!("\nCREATE TABLE {schema}.{name}\nUSING delta\nLOCATION '{location}'\n        ");
    send(cx, host, &entry).map_err(|error| code::failed(error, "GlueDeltaWriteTableFailed"))?;
    if let Some(companion) = companion_of(host, &target) {
        let current = relations::current_schema(&host.shared.project);
        let source = companion_source(&target, &companion, partitions.as_deref());
        if let Some(run) = host.run() {
            let parts = [schema.clone(), companion];
            make(
                &mut run.warehouse(),
                host,
                &parts,
                &current,
                Kind::Table(Some("hive")),
                None,
            );
        }
        code::send(cx, host, &source, &[], "GlueDeltaCreateTableFailed")?;
    }
    update_companion(host, &target);
    Ok(Value::None)
}

/// Writes the list of files anew that Athena reads.
pub(super) fn delta_update_manifest(cx: &Cx, host: &NodeHost, args: Args) -> Result<Value, Error> {
    let bound = args.bind(
        "GlueAdapter.delta_update_manifest",
        ["target_relation", "custom_location", "partition_by"],
        3,
    )?;
    if host.run().is_none() {
        return Ok(Value::None);
    }
    let [relation, location, partitions] = bound.map(Option::unwrap_or_default);
    connect(host);
    let target = Target::of(cx, host, &relation, &location)?;
    if let Some(companion) = companion_of(host, &target) {
        let mut source = manifest(&target);
        if !partitions.is_none() {
            repair(&mut source, &target, &companion);
        }
        let _ = writeln!(source, "SqlWrapper2.execute(\"\"\"{PING}\"\"\")");
        code::send(cx, host, &source, &[], "GlueDeltaUpdateManifestFailed")?;
    }
    update_companion(host, &target);
    Ok(Value::None)
}

/// The names of partitions, in double quotes. A text is taken letter by letter, as Python does.
fn fields(cx: &Cx, partitions: &Value) -> Result<Option<String>, Error> {
    if partitions.is_none() {
        return Ok(None);
    }
    let fields = cx.iterate(partitions)?;
    let fields = fields.iter().map(|field| format!("\"{}\"", text(field)));
    Ok(Some(fields.collect::<Vec<_>>().join(", ").replace('`', "")))
}

/// The name of the companion. dbt-glue asks in a way that is always true whether there is a prefix, and then stumbles over the
/// one that is missing, which it logs.
fn companion_of(host: &NodeHost, target: &Target) -> Option<String> {
    if matches!(target.prefix, Value::Str(_)) {
        return Some(target.companion());
    }
    if let Some(run) = host.run() {
        run.log(format!(
            "decoding to str: need a bytes-like object, {} found",
            target.prefix.type_name()
        ));
    }
    None
}

fn manifest(target: &Target) -> String {
    format!(
        "\nfrom delta.tables import DeltaTable\n\ntable = DeltaTable.forPath(spark, \"{}\")\n\
         table.generate(\"symlink_format_manifest\")\n",
        target.location
    )
}

/// Lets the catalog find the partitions.
fn repair(source: &mut String, target: &Target, companion: &str) {
    let _ = writeln!(
        source,
        "spark.sql(\"MSCK REPAIR TABLE {}.{companion}\")",
        target.schema
    );
}

/// The code that makes the companion: an external table over the list of files, with the columns that the Delta table has by then.
fn companion_source(target: &Target, companion: &str, partitions: Option<&str>) -> String {
    let Target { schema, location, .. } = target;
    let mut source = manifest(target);
    let partitioned = partitions.map_or_else(String::new, |fields| format!("PARTITIONED BY ({fields})\n"));
    let _ = write!(
        source,
        "columns = \",\".join(field.simpleString() for field in table.toDF().schema).replace(\":\", \" \")\n\
         definition = \"\"\"CREATE EXTERNAL TABLE {schema}.{companion} (\"\"\" + columns + \"\"\")\n\
         {partitioned}ROW FORMAT SERDE 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe'\n\
         STORED AS INPUTFORMAT 'org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat'\n\
         OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'\n\
         LOCATION '{location}/_symlink_format_manifest/'\"\"\"\nspark.sql(definition)\n"
    );
    if partitions.is_some() {
        repair(&mut source, target, companion);
    }
    let _ = writeln!(source, "SqlWrapper2.execute(\"\"\"{PING}\"\"\")");
    source
}

/// Tells the catalog that files of the companion are with those of the Delta table (`_update_additional_location`). Where there is no
/// companion, dbt-glue asks for the change of nothing, which botocore refuses.
fn update_companion(host: &NodeHost, target: &Target) {
    connect(host);
    let companion = target.companion();
    let found = relations::ask_glue(host, None, &target.schema, &companion);
    let Some(run) = host.run() else {
        return;
    };
    let table = match found {
        Existence::There(_) => run.warehouse().table(host, &target.schema, &companion),
        Existence::Absent | Existence::Unknown => None,
    };
    let Some(table) = table else {
        run.log("Parameter validation failed:\nMissing required parameter in TableInput: \"Name\"");
        return;
    };
    let columns = |columns: &[glueline_project::StateColumn]| -> Json {
        let column = |column: &glueline_project::StateColumn| json!({"Name": column.name, "Type": column.data_type.clone().unwrap_or_default()});
        columns.iter().map(column).collect()
    };
    let mut input = json!({
        "Name": companion.to_lowercase(),
        "StorageDescriptor": {
            "Columns": columns(&table.columns),
            "Location": table.location.clone().unwrap_or_default(),
            "AdditionalLocations": [target.location],
        },
        "PartitionKeys": columns(&table.partition_keys),
        "TableType": table.kind.as_deref().unwrap_or("EXTERNAL_TABLE"),
    });
    if let (Json::Object(input), Some(parameters)) = (&mut input, &table.parameters) {
        input.insert("Parameters".to_owned(), json!(parameters));
    }
    let request = json!({"DatabaseName": target.schema, "TableInput": input, "SkipArchive": true});
    if let Err(why) = run.change("glue", "UpdateTable", request) {
        run.log(why.to_string());
    }
}
