//! Writing a seed (`create_csv_table` in `dbt/adapters/glue/impl.py`).

use std::fmt::Write as _;

use glueline_template::{Args, Cx, Dict, Error, Value, repr};

use super::account::{connect, credential};
use super::names::location_of;
use super::python::{get, no_attribute, text};
use super::statements::convert_type;
use super::{code, relations};
use crate::agate::{DataType, Table};
use crate::host::NodeHost;
use crate::run::{Kind, make};

/// How many characters of rows go into one statement, at most: a list of one row may be longer.
const CHUNK: usize = 60_000;

/// Sends the rows of a seed, and writes them as a table: into the one that is there, else as a new one. It is called as the seed is,
/// whatever its alias.
pub(super) fn create_csv_table(cx: &Cx, host: &NodeHost, args: Args) -> Result<Value, Error> {
    let [model, table] = args.bind("GlueAdapter.create_csv_table", ["model", "agate_table"], 2)?;
    let Some(run) = host.run() else {
        return Ok(Value::None);
    };
    connect(host);
    let model = model.unwrap_or_default();
    let value = table.unwrap_or_default();
    let Some(table) = value.downcast::<Table>() else {
        return Err(no_attribute(&value, "to_json"));
    };
    let names: Vec<String> = cx
        .iterate(&cx.attr(&value, "column_names")?)?
        .iter()
        .map(text)
        .collect();
    let columns = columns(cx, host, &model, &value, &names)?;
    let part = |name: &str| get(&model, name, Value::None).map(|part| text(&part));
    let (schema, name) = (part("schema")?, part("name")?);
    let seed = Seed {
        path: location_of(host, &schema, &name, None, false)?,
        mode: text(&credential(host, "seed_mode", "overwrite")),
        format: text(&credential(host, "seed_format", "parquet")),
        casts: credential(host, "enable_spark_seed_casting", false).truth(),
        schema,
        name,
    };
    let chunks = chunks(cx, table, &names)?;
    let last = chunks.len().saturating_sub(1);
    for (number, chunk) in chunks.iter().enumerate() {
        let mut source = match number {
            0 => format!("\nrows = {chunk}\n"),
            _ => format!("\nrows += {chunk}\n"),
        };
        if number < last {
            source.push_str("SqlWrapper2.execute(\"\"\"select 1\"\"\")\n");
        } else {
            seed.write(&mut source, &columns);
            let parts = [seed.schema.clone(), seed.name.clone()];
            let current = relations::current_schema(&host.shared.project);
            let mut warehouse = run.warehouse();
            if warehouse.table(host, &seed.schema, &seed.name).is_none() {
                let kind = Kind::Table(Some(&seed.format));
                make(&mut warehouse, host, &parts, &current, kind, Some(&seed.path));
            }
        }
        code::send(cx, host, &source, &[], "GlueCreateCsvFailed")?;
    }
    Ok(Value::None)
}

/// Where and how the rows are written.
struct Seed {
    schema: String,
    name: String,
    path: String,
    mode: String,
    format: String,
    /// Whether columns get types.
    casts: bool,
}

/// A column: its name, the type that rows are read with, and the type it is cast to.
struct SeedColumn {
    name: String,
    read: String,
    cast: String,
}

/// The columns with their types (`ColumnCsvMappingStrategy`).
fn columns(
    cx: &Cx,
    host: &NodeHost,
    model: &Value,
    table: &Value,
    names: &[String],
) -> Result<Vec<SeedColumn>, Error> {
    let empty = || Value::Dict(Dict::default().into());
    let config = get(model, "config", empty())?;
    let types = get(&config, "column_types", empty())?;
    let mut columns = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let index = Value::Int(i64::try_from(index).unwrap_or(i64::MAX));
        let converted = text(&convert_type(cx, host, Args::of(vec![table.clone(), index]))?);
        let set = get(&types, name, Value::None)?;
        columns.push(SeedColumn {
            name: name.clone(),
            read: match &*converted {
                "timestamp" | "date" => "string".to_owned(),
                "bigint" => "double".to_owned(),
                _ => converted.clone(),
            },
            cast: if set.truth() { text(&set) } else { converted },
        });
    }
    Ok(columns)
}

impl Seed {
    /// The code that writes what was sent.
    fn write(&self, source: &mut String, columns: &[SeedColumn]) {
        let Self {
            schema,
            name,
            path,
            mode,
            format,
            casts,
        } = self;
        if *casts {
            let join =
                |part: fn(&SeedColumn) -> String| columns.iter().map(part).collect::<Vec<_>>().join(", ");
            let read = join(|column| format!("{}: {}", column.name, column.read));
            let cast = join(|SeedColumn { name, cast, .. }| format!("\"cast({name} as {cast}) as {name}\""));
            let _ = writeln!(
                source,
                "frame = spark.createDataFrame(rows, \"{read}\").selectExpr({cast})"
            );
        } else {
            source.push_str("frame = spark.createDataFrame(rows)\n");
        }
        let replaces = repr(&Value::Bool(mode == "overwrite"));
        let _ = write!(
            source,
            r#"known = spark.sql("show tables in {schema}").where("tableName == lower('{name}')")
writer = frame.write.format("{format}")
if known.count() > 0:
    writer.mode("{mode}").insertInto("{schema}.{name}", overwrite={replaces})
else:
    writer.option("path", "{path}").saveAsTable("{schema}.{name}")
SqlWrapper2.execute("""select * from {schema}.{name} limit 1""")
"#
        );
    }
}

/// The rows as lists of Python, each of as many as fit.
fn chunks(cx: &Cx, table: &Table, names: &[String]) -> Result<Vec<String>, Error> {
    let mut chunks = vec![Vec::new()];
    // The brackets count, and what stands between rows.
    let mut length = 0;
    for row in table.rows() {
        let row = record(cx, table, names, row)?;
        let added = row.chars().count() + 2;
        if length + added > CHUNK {
            chunks.push(vec![row]);
            length = added;
        } else {
            length += added;
            if let Some(chunk) = chunks.last_mut() {
                chunk.push(row);
            }
        }
    }
    Ok(chunks
        .into_iter()
        .map(|rows| format!("[{}]", rows.join(", ")))
        .collect())
}

/// A row as a dict of Python, with the values that JSON can hold: numbers become floats, dates their texts.
fn record(cx: &Cx, table: &Table, names: &[String], row: &[Value]) -> Result<String, Error> {
    let dict = Dict::default();
    for (index, (name, value)) in names.iter().zip(row).enumerate() {
        let value = match (table.data_type(index), value) {
            (Some(DataType::Integer), Value::Int(_)) => value.clone(),
            #[expect(clippy::cast_precision_loss, reason = "Python's float() loses it too")]
            (_, Value::Int(number)) => Value::Float(*number as f64),
            (_, Value::Native(_)) => cx.call_method(value, "isoformat", Args::default())?,
            _ => value.clone(),
        };
        dict.insert_str(name, value);
    }
    Ok(repr(&Value::Dict(dict.into())))
}
