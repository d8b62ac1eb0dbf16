//! Python models: the code around the model's own, and their materialization (`macros/materializations/python` of dbt-glue,
//! `py_write_table` of dbt-spark and dbt-glue).
//!
//! The code does what dbt-glue's does, in words of its own. Where dbt-glue writes a statement of Spark into its code, this
//! one does too, for those are facts of the run.

use glueline_template::{Error, Value, equal};

use super::Row;
use super::call::Call;
use super::fill;
use super::materialize::{hooks, relations, with_type};
use super::statements::run_made;

pub(super) const MACROS: &[Row] = &[
    Row::code("glue__py_write_table", write_table),
    Row::text("py_write_table", PLAIN_WRITE),
    Row::text("glue__py_script_comment", SESSION),
    Row::code("glue__py_get_writer_options", |call| {
        call.own("adapters__py_get_writer_options", Vec::new())
    }),
    Row::code("glue__create_python_merge_table", merge_table),
    Row::code("glue__create_python_intermediate_table", |call| {
        let this = call.cx.lookup("this");
        let relation = with_type(call, &this, "table".into())?;
        call.method("adapter", "get_columns_in_relation", vec![this.clone()])?;
        call.ask("should_full_refresh", Vec::new())?;
        call.method("adapter", "get_location", vec![this])?;
        let name = call.attr(&relation, "identifier")?;
        Ok(call.fill_with(
            "{df_name}.createOrReplaceTempView('{name}_intermediate')\n\n    CREATE TABLE {relation} AS\n    SELECT * FROM \
             {name}_intermediate\n",
            &[("name", &name), ("relation", &relation)],
        ))
    }),
    Row::code("register_python_materializations", |_| {
        let entry = || {
            Value::dict([
                ("supported_languages", Value::list(vec!["python".into()])),
                ("adapter", "glue".into()),
            ])
        };
        Ok(Value::dict(
            ["python_model", "python_incremental"].map(|name| (name, entry())),
        ))
    }),
    Row::code("materialization_python_model_glue", materialize),
];

const PLAIN_WRITE: &str = r#"
{compiled_code}
# What follows runs the model and keeps what it returns.
import importlib
import pyspark

def _there(name):
  try:
    return importlib.import_module(name)
  except ImportError:
    return None

dbt = dbtObj(spark.table)
df = model(dbt, spark)
_pandas, _on_spark, _koalas = map(_there, ("pandas", "pyspark.pandas", "databricks.koalas"))
_distributed = _on_spark or _koalas
if _pandas and _distributed and isinstance(df, _pandas.core.frame.DataFrame):
  df = _distributed.frame.DataFrame(df)
if not isinstance(df, pyspark.sql.dataframe.DataFrame):
  if any(kind and isinstance(df, kind.frame.DataFrame) for kind in (_on_spark, _koalas)):
    df = df.to_spark()
  elif _pandas and isinstance(df, _pandas.core.frame.DataFrame):
    df = spark.createDataFrame(df)
  else:
    raise Exception(f"{type(df)} is not a supported type for dbt Python materialization")
df.write.mode("overwrite").format("delta").option("overwriteSchema", "true").saveAsTable("{target_relation}")"#;

const SESSION: &str = "
# Glue's own objects for a session of Spark.
from awsglue.context import GlueContext
from awsglue.dynamicframe import DynamicFrame
from awsglue.job import Job

glueContext = GlueContext(spark.sparkContext)
job = Job(glueContext)
load_df = lambda table_name: spark.table(table_name)
dbt = dbtObj(load_df)
";

/// Runs the model. The names of `pyspark.sql.functions` hide Python's own, for the model as for what follows.
const MODEL: &str = r#"
{compiled_code}

# What follows runs the model and keeps what it returns.
import pyspark.sql.dataframe
import traceback
from pyspark.sql import SparkSession
from pyspark.sql.functions import *

spark = SparkSession.builder.getOrCreate()
schema = "{schema}"
model_name = "{name}"
_dbt_core_ref, _dbt_core_source = ref, source

class dbtObj:
    def __init__(self, table_function, schema, model_name):
        self.table_function, self.schema, self.model_name = table_function, schema, model_name
        self.this = schema + "." + model_name

    def config(self, **config_args):
        """Configs are known before the model runs."""

    def ref(self, *args, **kwargs):
        return _dbt_core_ref(*args, dbt_load_df_function=self.table_function, **kwargs)

    def source(self, *args):
        return _dbt_core_source(*args, dbt_load_df_function=self.table_function)

    def is_incremental(self):
        try:
            spark.sql("SELECT 1 FROM " + self.this + " LIMIT 1")
        except Exception:
            return False
        return True

dbt = dbtObj(spark.table, schema, model_name)
try:
    try:
        df = model(dbt, spark)
    except NameError as unknown:
        print("DEBUG: model(dbt, spark) failed, trying main(dbt, spark):", unknown)
        try:
            df = main(dbt, spark)
        except NameError:
            raise Exception("Neither 'model' nor 'main' function found in the Python code")
except Exception:
    traceback.print_exc()
    raise
if not isinstance(df, pyspark.sql.dataframe.DataFrame):
    raise Exception("Model function must return a Spark DataFrame, got " + str(type(df)))
writer = df.write.mode("overwrite").option("overwriteSchema", "true"){options}
{write}
"#;

/// Keeps the rows in an Iceberg table: Spark's writer cannot.
const ICEBERG: &str = r#"
df.createOrReplaceTempView("temp_python_df")
print("DEBUG: rows:", spark.sql("SELECT COUNT(*) FROM temp_python_df").collect()[0][0])
table_name = "{relation}"
materialized, incremental_strategy, unique_key = "{materialized}", "{strategy}", "{unique}"
try:
    spark.sql("DESCRIBE TABLE " + table_name)
    table_exists = materialized == "incremental"
except Exception:
    table_exists = False
try:
    if table_exists and incremental_strategy == "merge" and unique_key not in ("None", "none", ""):
        import ast
        is_listed = unique_key.startswith("[") and unique_key.endswith("]")
        unique_keys = ast.literal_eval(unique_key) if is_listed else [unique_key]
        merge_condition = " AND ".join(f"target.{key} = source.{key}" for key in unique_keys)
        spark.sql(f"""
        MERGE INTO {table_name} AS target
        USING temp_python_df AS source
        ON {merge_condition}
        WHEN MATCHED THEN UPDATE SET *
        WHEN NOT MATCHED THEN INSERT *
        """)
    elif table_exists and incremental_strategy == "append":{evolution}
        spark.sql("INSERT INTO " + table_name + " SELECT * FROM temp_python_df")
    else:
        spark.sql("CREATE OR REPLACE TABLE " + table_name + " USING ICEBERG{partitions} AS SELECT * FROM temp_python_df")
    spark.sql("DROP VIEW IF EXISTS temp_python_df")
except Exception:
    traceback.print_exc()
    raise"#;

/// Makes the partitions of an Iceberg table those of the config.
const EVOLUTION: &str = r#"
        import re
        wanted = set({fields})
        ddl = spark.sql("SHOW CREATE TABLE " + table_name).collect()[0][0]
        declared = re.search(r"PARTITIONED\s+BY\s+\((.+)\)", ddl)
        held = re.findall(r"[a-zA-Z_]\w*(?:\([^)]*\))?", declared.group(1)) if declared else []
        held = set(field.lower() for field in held)
        for verb, fields in (("DROP", held - wanted), ("ADD", wanted - held)):
            for field in fields:
                spark.sql("ALTER TABLE " + table_name + " " + verb + " PARTITION FIELD " + field)"#;

fn write_table(call: &Call<'_>) -> Result<Value, Error> {
    let target = call.arg("target_relation");
    let (schema, name) = (call.attr(&target, "schema")?, call.attr(&target, "identifier")?);
    let format = call.config_or("file_format", "parquet".into())?;
    let fields = match call.config_or("partition_by", Value::None)? {
        Value::None => None,
        one @ Value::Str(_) => Some(Value::list(vec![one])),
        fields => Some(fields),
    };
    let location = call.config_or("custom_location", "".into())?;
    let mut options = Vec::new();
    if format.truth() {
        options.push(call.fill_with(".format(\"{format}\")", &[("format", &format)]));
    }
    if let Some(fields) = &fields {
        let json = call.ask("tojson", vec![fields.clone()])?;
        options.push(call.fill_with(".partitionBy({json})", &[("json", &json)]));
    }
    if location.truth() {
        options.push(call.fill_with(".option(\"path\", \"{location}\")", &[("location", &location)]));
    }
    let write = if format.as_str().as_deref() == Some("iceberg") {
        iceberg(call, &format, fields)?
    } else {
        call.fill_with(
            "writer.saveAsTable(\"{schema}.{name}\")",
            &[("schema", &schema), ("name", &name)],
        )
    };
    Ok(call.fill_with(
        MODEL,
        &[
            ("schema", &schema),
            ("name", &name),
            ("options", &fill::concat(options)),
            ("write", &write),
        ],
    ))
}

fn iceberg(call: &Call<'_>, format: &Value, fields: Option<Value>) -> Result<Value, Error> {
    let this = call.cx.lookup("this");
    let relation = call.ask("glue__make_target_relation", vec![this, format.clone()])?;
    let (evolution, partitions) = match fields {
        None => ("".into(), "".into()),
        Some(fields) => {
            let names = fill::join(", ", call.iterate(&fields)?);
            let json = call.ask("tojson", vec![fields])?;
            (
                call.fill_with(EVOLUTION, &[("fields", &json)]),
                fill::concat([" PARTITIONED BY (".into(), names, ")".into()]),
            )
        }
    };
    Ok(call.fill_with(
        ICEBERG,
        &[
            ("relation", &relation),
            (
                "materialized",
                &call.config_or("materialized", "python_model".into())?,
            ),
            (
                "strategy",
                &call.config_or("incremental_strategy", "append".into())?,
            ),
            ("unique", &call.config_or("unique_key", Value::None)?),
            ("evolution", &evolution),
            ("partitions", &partitions),
        ],
    ))
}

/// Whether a name is in a key: one of a list, or a part of a text.
fn holds(call: &Call<'_>, key: &Value, name: &Value) -> Result<bool, Error> {
    if let Some(text) = key.as_str() {
        return Ok(name.as_str().is_some_and(|name| text.contains(&*name)));
    }
    Ok(call.iterate(key)?.iter().any(|known| equal(known, name)))
}

fn merge_table(call: &Call<'_>) -> Result<Value, Error> {
    let this = call.cx.lookup("this");
    let target = with_type(call, &this, "table".into())?;
    let name = call.item(&call.arg("model"), "name")?;
    let view = fill::concat([name, "_temp_view".into()]);
    let key = call.arg("unique_key");
    let keys = call.iterate(&key)?;
    let last = keys.len().saturating_sub(1);
    let keys = keys.into_iter().enumerate();
    let keys = keys.map(|(index, key)| {
        let and = if index < last { " AND " } else { "" };
        call.fill_with(
            "\n        target.{key} = source.{key}\n        {and}\n    ",
            &[("key", &key), ("and", &and.into())],
        )
    });
    let keys = fill::concat(keys);
    let columns = call.method("adapter", "get_columns_in_relation", vec![target.clone()])?;
    let columns = call.iterate(&columns)?;
    let mut set = Vec::new();
    for (index, column) in columns.iter().enumerate() {
        let name = call.attr(column, "name")?;
        let comma = if index + 1 < columns.len() { "," } else { "" };
        let text = if holds(call, &key, &name)? {
            "\n            \n        "
        } else {
            "\n            \n                target.{name} = source.{name}\n                {comma}\n            \n        "
        };
        set.push(call.fill_with(text, &[("name", &name), ("comma", &comma.into())]));
    }
    Ok(call.fill_with(
        "-- Create a temporary view of the new data
    {df_name}.createOrReplaceTempView('{view}')

    -- Merge the data using the unique key
    MERGE INTO {target} AS target
    USING {view} AS source
    ON {keys}
    WHEN MATCHED THEN
        UPDATE SET
        {set}
    WHEN NOT MATCHED THEN
        INSERT *
",
        &[
            ("view", &view),
            ("target", &target),
            ("keys", &keys),
            ("set", &fill::concat(set)),
        ],
    ))
}

fn materialize(call: &Call<'_>) -> Result<Value, Error> {
    let model = call.cx.lookup("model");
    let language = call.item(&model, "language")?;
    let this = call.cx.lookup("this");
    let target = with_type(call, &this, "table".into())?;
    let existing = call.ask("load_relation", vec![this])?;
    let anew = call.ask("should_full_refresh", Vec::new())?;
    if !existing.is_none() && anew.truth() {
        call.method("adapter", "drop_relation", vec![existing])?;
    }
    hooks(call, "pre_hooks", None)?;
    run_python(call, language, target.clone())?;
    hooks(call, "post_hooks", None)?;
    Ok(relations(target))
}

/// The statement that makes a table by the Python code of the model.
pub(super) fn run_python(call: &Call<'_>, language: Value, target: Value) -> Result<(), Error> {
    run_made(call, "main", &[("language", language)], move |call| {
        let code = call.item(&call.cx.lookup("model"), "compiled_code")?;
        let named = vec![("compiled_code", code), ("target_relation", target.clone())];
        Ok(fill::concat([call.ask_with(
            "glue__py_write_table",
            Vec::new(),
            named,
        )?]))
    })?;
    Ok(())
}
