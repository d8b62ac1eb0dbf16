//! Clauses of `create` statements, as configs ask for them.

use glueline_catalog::Change;
use glueline_template::{Args, Error, Value};

use super::Default::{Bool, None as Nothing};
use super::call::Call;
use super::{Row, fill};

pub(super) const MACROS: &[Row] = &[
    Row::dispatch("location_clause"),
    Row::code("spark__location_clause", |call| {
        let root = call.config("location_root")?;
        let alias = call.item(&call.cx.lookup("model"), "alias")?;
        let text = "\n    location '{root}/{alias}'";
        Ok(unless_none(call, text, &[("root", &root), ("alias", &alias)]))
    }),
    Row::code("glue__location_clause", |call| {
        let location = call.config("custom_location")?;
        if file_format(call)? == "s3tables" && call.has(Change::S3Tables)? {
            Ok("".into())
        } else if location.is_none() {
            let this = call.cx.lookup("this");
            Ok(fill::concat([call.method(
                "adapter",
                "get_location",
                vec![this],
            )?]))
        } else {
            Ok(call.fill_with("\n    location '{location}'", &[("location", &location)]))
        }
    }),
    Row::dispatch("file_format_clause"),
    Row::code("spark__file_format_clause", |call| {
        let format = call.config("file_format")?;
        Ok(unless_none(call, "\n    using {format}", &[("format", &format)]))
    }),
    Row::code("glue__file_format_clause", |call| {
        let format = call.config("file_format")?;
        if format.is_none() {
            return Ok("using PARQUET".into());
        }
        let managed = format.as_str().as_deref() == Some("s3tables") && call.has(Change::S3Tables)?;
        let text = if managed { "" } else { "\n    using {format}" };
        Ok(call.fill_with(text, &[("format", &format)]))
    }),
    Row::dispatch("tblproperties_clause"),
    Row::code("spark__tblproperties_clause", |call| {
        let properties = call.config("tblproperties")?;
        if properties.is_none() {
            return Ok("".into());
        }
        let listed = listed(call, &properties, |key, value| {
            vec!["'".into(), key, "' = '".into(), value, "' ".into()]
        })?;
        Ok(call.fill_with("\n    tblproperties ({listed}\n    )", &[("listed", &listed)]))
    }),
    Row::dispatch("options_clause"),
    Row::code("spark__options_clause", options),
    Row::dispatch("comment_clause"),
    Row::code("spark__comment_clause", comment),
    Row::dispatch("partition_cols").with(&[("required", Bool(false))]),
    Row::code("spark__partition_cols", |call| {
        let columns = call.config("partition_by")?;
        if columns.is_none() {
            return Ok("".into());
        }
        Ok(call.fill_with("{label} ({names})", &[("names", &names(call, columns)?)]))
    })
    .with(&[("required", Bool(false))]),
    Row::dispatch("clustered_cols").with(&[("required", Bool(false))]),
    Row::code("spark__clustered_cols", |call| {
        let columns = call.config("clustered_by")?;
        let buckets = call.config("buckets")?;
        if columns.is_none() || buckets.is_none() {
            return Ok("".into());
        }
        Ok(call.fill_with(
            "{label} ({names}) into {buckets} buckets",
            &[("names", &names(call, columns)?), ("buckets", &buckets)],
        ))
    })
    .with(&[("required", Bool(false))]),
    Row::code("set_table_properties", table_properties),
    Row::code("add_iceberg_timestamp_column", timestamp_column).with(&[("relation", Nothing)]),
    Row::code("get_column_comment_sql", column_comment),
    Row::code("get_persist_docs_column_list", |call| {
        let columns = call.iterate(&call.arg("query_columns"))?;
        let comments = columns.into_iter().map(|column| {
            let comment = call.ask("get_column_comment_sql", vec![column, call.arg("model_columns")])?;
            Ok(fill::concat(["\n    ".into(), comment]))
        });
        let comments: Result<Vec<_>, Error> = comments.collect();
        let comments = comments?;
        let between = ", \n  ";
        let end = if comments.is_empty() { "\n" } else { "\n  \n" };
        Ok(fill::concat([
            "\n  ".into(),
            fill::join(between, comments),
            end.into(),
        ]))
    }),
    Row::code("adapters__py_get_writer_options", |call| {
        let location = call.method("adapter", "get_location", vec![call.cx.lookup("this")])?;
        Ok(Value::dict([
            ("file_format", call.config_or("file_format", "parquet".into())?),
            ("location", location),
            ("partition_by", call.config_or("partition_by", Value::None)?),
            (
                "table_properties",
                call.config_or("table_properties", Value::dict::<&str>([]))?,
            ),
        ]))
    }),
];

fn file_format(call: &Call<'_>) -> Result<String, Error> {
    Ok(fill::plain(&call.config("file_format")?))
}

/// A text, or nothing where the first of its values is `none`.
fn unless_none(call: &Call<'_>, text: &str, values: &[(&str, &Value)]) -> Value {
    let missing = values.first().is_none_or(|(_, value)| value.is_none());
    call.fill_with(if missing { "" } else { text }, values)
}

/// The names of a config that is one name or a list of them.
fn names(call: &Call<'_>, columns: Value) -> Result<Value, Error> {
    if columns.as_str().is_some() {
        return Ok(columns);
    }
    Ok(fill::join(",", call.iterate(&columns)?))
}

/// The entries of a dict, each written from its key and value.
fn listed(call: &Call<'_>, dict: &Value, write: impl Fn(Value, Value) -> Vec<Value>) -> Result<Value, Error> {
    let entries = call.iterate(dict)?.into_iter().map(|key| {
        let value = call.cx.item(dict, &key)?;
        Ok(fill::concat(write(key, value)))
    });
    let entries: Result<Vec<_>, Error> = entries.collect();
    Ok(fill::join(", ", entries?))
}

/// Hudi takes its key among the options.
fn options(call: &Call<'_>) -> Result<Value, Error> {
    const KEY: &str = "primaryKey";
    let mut options = call.config("options")?;
    let key = call.config("unique_key")?;
    if file_format(call)? == "hudi" {
        let given = match &options {
            Value::Dict(options) => options.get_str(KEY),
            _ => None,
        };
        match (given, &options) {
            (None, Value::None) if !key.is_none() => options = Value::dict([(KEY, key)]),
            (None, Value::Dict(options)) if !key.is_none() => options.insert_str(KEY, key),
            (Some(given), _) if !glueline_template::equal(&given, &key) => {
                call.refuse("unique_key and options('primaryKey') should be the same column(s).")?;
            }
            _ => {}
        }
    }
    if options.is_none() {
        return Ok("".into());
    }
    let listed = listed(call, &options, |key, value| {
        vec![key, " \"".into(), value, "\" ".into()]
    })?;
    Ok(call.fill_with("\n    options ({listed}\n    )", &[("listed", &listed)]))
}

fn comment(call: &Call<'_>) -> Result<Value, Error> {
    let docs = call.config_or("persist_docs", Value::dict::<&str>([]))?;
    if let Value::Dict(docs) = &docs {
        if !docs.get_str("relation").is_some_and(|value| value.truth()) {
            return Ok("".into());
        }
        let text = fill::plain(&call.path("model", &["description"])?).replace('\'', "\\'");
        return Ok(format!("comment '{text}'\n      ").into());
    }
    if docs.truth() {
        call.refuse(format!(
            "Invalid value provided for 'persist_docs'. Expected dict but got value: {}",
            fill::plain(&docs)
        ))?;
    }
    Ok("".into())
}

fn table_properties(call: &Call<'_>) -> Result<Value, Error> {
    let properties = call.arg("table_properties");
    let keys = call.iterate(&properties)?;
    if keys.is_empty() {
        return Ok("".into());
    }
    let mut written = Vec::new();
    for key in keys {
        let value = call.cx.item(&properties, &key)?;
        for part in [&key, &value] {
            if part.as_str().is_none() {
                return Err(Error::type_error(format!(
                    "can only concatenate str (not \"{}\") to str",
                    part.type_name()
                )));
            }
        }
        written.push(fill::concat(["'".into(), key, "'='".into(), value, "'".into()]));
    }
    let csv = fill::join(", ", written);
    Ok(call.fill_with("TBLPROPERTIES (\n\t\t\t{csv}\n\t\t)", &[("csv", &csv)]))
}

/// With `add_iceberg_timestamp`, the columns of the query are asked for, and one is added (`macros/iceberg_helper.sql`).
fn timestamp_column(call: &Call<'_>) -> Result<Value, Error> {
    let wanted = call.config_or("add_iceberg_timestamp", false.into())?.truth();
    let format = call.config_or("file_format", "parquet".into())?;
    if !wanted || format.as_str().as_deref() != Some("iceberg") {
        return Ok(call.fill("\n    {sql}\n  \n"));
    }
    let query = call.fill("\n      SELECT * FROM ({sql}) AS _dbt_temp LIMIT 0\n    ");
    let table = call.ask("run_query", vec![query])?;
    let columns = call.iterate(&call.attr(&table, "column_names")?)?;
    let loops = "\n      \n    ".repeat(columns.len());
    let kept = columns
        .into_iter()
        .filter(|name| fill::plain(name).trim().to_lowercase() != "update_iceberg_ts");
    let kept = kept.map(|name| fill::concat(["\n        s.".into(), name]));
    let kept: Vec<Value> = kept.collect();
    let (end, comma) = if kept.is_empty() {
        ("", "")
    } else {
        ("\n      ", ",")
    };
    Ok(call.fill_with(
        "\n    \n\n    \n    {loops}WITH source_data AS (\n      {sql}\n    )\n\n    SELECT\n      {columns}{end}\n      {comma}\n      \
         current_timestamp() AS update_iceberg_ts\n    FROM source_data s\n  \n",
        &[
            ("loops", &loops.into()),
            ("columns", &fill::join(",\n      ", kept)),
            ("end", &end.into()),
            ("comma", &comma.into()),
        ],
    ))
}

fn column_comment(call: &Call<'_>) -> Result<Value, Error> {
    let name = call.arg("column_name");
    let columns = call.arg("column_dict");
    let get = |dict: &Value, key: Value| call.cx.call_method(dict, "get", Args::of(vec![key]));
    let column = get(&columns, name.clone())?;
    let text = match &column {
        Value::None => Value::None,
        column => get(column, "description".into())?,
    };
    let quoted = call.method("adapter", "quote", vec![name])?;
    if !text.truth() {
        return Ok(fill::concat([quoted, " \n".into()]));
    }
    let comment = format!(" comment '{}'\n", fill::plain(&text).replace('\'', "\\'"));
    Ok(fill::concat(["\n    ".into(), quoted, comment.into()]))
}
