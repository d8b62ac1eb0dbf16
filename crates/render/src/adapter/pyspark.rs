//! Python code of the user's own: blocks of it, and Python models (`dbt/adapters/glue/impl.py`, `python_submissions.py`).

use glueline_template::{Args, Cx, Error, ErrorKind, Value, repr};

use super::account::{connect, credential};
use super::knowledge::strip_catalog;
use super::python::{get, no_attribute, text};
use super::{code, relations};
use crate::host::NodeHost;
use crate::relation::runtime_error;
use crate::run::{Kind, dedent, make, refusal, send, send_python, send_python_model};

/// Sends a block of Python code.
pub(super) fn execute_pyspark(cx: &Cx, host: &NodeHost, args: Args) -> Result<Value, Error> {
    const MARKER: &str = crate::run::AS_IT_STANDS;
    let [block] = args.bind("GlueAdapter.execute_pyspark", ["codeblock"], 1)?;
    if host.run().is_none() {
        return Ok(Value::None);
    }
    connect(host);
    let block = text(&block.unwrap_or_default()).replace(MARKER, "");
    let source = dedent(&format!("\n\n{block}\n        "));
    let refused = refusal(&source);
    let sent = send_python(cx, host, &source, refused);
    sent.map_err(|error| code::failed(error, "GlueExecutePySparkFailed"))?;
    Ok(Value::None)
}

/// Sends the code of a Python model with what runs it and writes its table. It runs in a session of its own.
pub(super) fn execute_python(cx: &Cx, host: &NodeHost, mut args: Args) -> Result<Value, Error> {
    let mut named = |name: &str| args.take_keyword(name);
    let (model, schema, config) = (named("model_name"), named("schema"), named("config"));
    args.keywords.retain(|(name, _)| &**name == "code");
    let [model_code] = args.bind("GlueAdapter.execute_python", ["code"], 1)?;
    if host.run().is_none() {
        return Ok(Value::dict::<&str>([]));
    }
    let model = model.map_or_else(|| "python_model".to_owned(), |model| text(&model));
    let schema = text(&schema.unwrap_or_else(|| credential(host, "schema", Value::None)));
    let config = config.unwrap_or_else(|| Value::dict::<&str>([]));
    // The helper that would send it asks the config for its time limit.
    get(&config, "timeout", Value::None)?;
    let source = around(
        &text(&model_code.unwrap_or_default()),
        &schema,
        &model,
        &repr(&config),
    );
    submit(cx, host, &source)?;
    if let Some(run) = host.run() {
        let current = relations::current_schema(&host.shared.project);
        let format = text(&get(&config, "file_format", "parquet")?);
        let kind = Kind::Table(Some(&format));
        make(&mut run.warehouse(), host, &[schema, model], &current, kind, None);
    }
    Ok(Value::dict::<&str>([]))
}

/// The code of a model, and behind it what calls it and writes its rows.
fn around(model_code: &str, schema: &str, model: &str, config: &str) -> String {
    format!(
        r#"
{model_code}

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.functions import *

spark = SparkSession.builder.getOrCreate()
schema = "{schema}"
model_name = "{model}"
target = schema + "." + model_name


class dbtObj:
    def __init__(self, table_function, schema, model_name):
        self.table_function = table_function
        self.schema = schema
        self.model_name = model_name
        self.this = schema + "." + model_name

    def config(self, **settings):
        return None

    def ref(self, name):
        return self.table_function(name)

    def source(self, source_name, table_name):
        return self.table_function(source_name + "." + table_name)

    def is_incremental(self):
        try:
            spark.sql("SELECT 1 FROM " + self.this + " LIMIT 1")
        except Exception:
            return False
        return True


dbt = dbtObj(spark.table, schema, model_name)
entry = globals().get("model") or globals().get("main")
if entry is None:
    raise Exception("Neither 'model' nor 'main' function found in the Python code")
df = entry(dbt, spark)
if not isinstance(df, DataFrame):
    raise Exception("Model function must return a Spark DataFrame, got " + str(type(df)))

settings = {config}
writer = df.write.mode("overwrite").option("overwriteSchema", "true")
if settings.get("file_format", "parquet"):
    writer = writer.format(settings.get("file_format", "parquet"))
partitions = settings.get("partition_by")
if partitions:
    writer = writer.partitionBy(*([partitions] if isinstance(partitions, str) else partitions))
if settings.get("custom_location"):
    writer = writer.option("path", settings["custom_location"])
writer.saveAsTable(target)
spark.sql("REFRESH TABLE " + target)
"#
    )
}

/// Sends code to a session of its own, and says what becomes of it as the helper does that waits for it.
fn submit(cx: &Cx, host: &NodeHost, source: &str) -> Result<(), Error> {
    send_python_model(cx, host, source).map_err(|error| match error.kind() {
        ErrorKind::Python("DbtDatabaseError") => {
            let (_, told) = error.message().rsplit_once(", ").unwrap_or(("", error.message()));
            let (name, value) = told.split_once(": ").unwrap_or((told, ""));
            runtime_error(format!(
                "Python model execution failed: Runtime Error\n  Python model failed with error: {name}\n  {value}\n  []"
            ))
        }
        _ => error,
    })
}

/// Sends the code of a Python model (`submit_python_job` in `dbt/adapters/base/impl.py`): templates cannot, only `statement` does.
pub(crate) fn submit_python_job(cx: &Cx, host: &NodeHost, model: &Value, source: &str) -> Result<(), Error> {
    const METHOD: &str = "glue_session";
    let config = get(model, "config", Value::None)?;
    let method = text(&get(&config, "submission_method", METHOD)?);
    if method != METHOD {
        return Err(Error::new(
            ErrorKind::Python("NotImplementedError"),
            format!("Submission method {method} is not supported for current adapter"),
        ));
    }
    submit(cx, host, source)?;
    let Some(run) = host.run() else {
        return Ok(());
    };
    let part = |name: &str| get(model, name, Value::None).map(|part| text(&part));
    let schema = strip_catalog(&host.shared.project, &part("schema")?).to_owned();
    let format = match get(&config, "file_format", Value::None)?.as_str().as_deref() {
        Some("iceberg") => "iceberg",
        _ => "parquet",
    };
    let current = relations::current_schema(&host.shared.project);
    let parts = [schema, part("alias")?];
    make(
        &mut run.warehouse(),
        host,
        &parts,
        &current,
        Kind::Table(Some(format)),
        None,
    );
    Ok(())
}

/// Sends a statement without a comment before it. The connection cannot be had from a template but by `add_query`.
pub(super) fn run_sql_for_tests(cx: &Cx, host: &NodeHost, args: Args) -> Result<Value, Error> {
    let bound = args.bind("SparkAdapter.run_sql_for_tests", ["sql", "fetch", "conn"], 3)?;
    let [sql, fetch, connection] = bound.map(Option::unwrap_or_default);
    if connection.is_none() {
        return Err(no_attribute(&connection, "handle"));
    }
    let rows = send(cx, host, &text(&sql))?
        .map(|answer| answer.rows)
        .unwrap_or_default();
    let mut rows = rows.into_iter().map(Value::list);
    Ok(match fetch.as_str().as_deref() {
        Some("one") => rows.next().unwrap_or_default(),
        Some("all") => Value::list(rows.collect()),
        _ => Value::None,
    })
}
