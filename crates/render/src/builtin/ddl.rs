//! Statements that make and drop relations, as macros write them.

use glueline_catalog::Change;
use glueline_template::{Args, Error, Value, to_str};

use super::Default::{Bool, Str as Text};
use super::call::Call;
use super::statements::run;
use super::{Row, Run, fill};

pub(super) const MACROS: &[Row] = &[
    Row::code("get_drop_sql", |call| {
        let message = call.fill("Applying DROP to: {relation}");
        call.ask("log", vec![message])?;
        Ok(fill::concat([call.dispatch("get_drop_sql", call.values())?]))
    }),
    Row::code("glue__get_drop_sql", drop_sql),
    Row::code("glue__get_drop_view_sql", drop_view_sql),
    Row::dispatch("drop_relation"),
    Row::code("glue__drop_relation", |call| {
        let sql = call.ask("get_drop_sql", call.values())?;
        run(call, "drop_relation", sql, &[("auto_begin", false.into())])?;
        Ok("\n".into())
    }),
    Row::code("spark__drop_relation", |call| {
        let kind = call.attr(&call.arg("relation"), "type")?;
        let sql = call.fill_with("drop {kind} if exists {relation}", &[("kind", &kind)]);
        run(call, "drop_relation", sql, &[("auto_begin", false.into())])?;
        Ok("\n".into())
    }),
    Row::code("drop_relation_if_exists", |call| {
        let relation = call.arg("relation");
        if relation.is_none() {
            return Ok("\n  \n".into());
        }
        let done = call.method("adapter", "drop_relation", vec![relation])?;
        Ok(call.fill_with("\n  \n    {done}\n  \n", &[("done", &done)]))
    }),
    Row::new("drop_view", Run::Write("", "")),
    Row::code("glue__drop_view", |call| {
        let sql = call.ask("glue__get_drop_view_sql", call.values())?;
        run(call, "drop_view", sql, &[("auto_begin", false.into())])?;
        Ok("\n".into())
    }),
    Row::new("drop_table", Run::Write("", "")),
    Row::code("default__drop_table", |call| {
        let place = call
            .cx
            .call_method(&call.arg("relation"), "render", Args::default())?;
        Ok(call.fill_with("drop table if exists {place} cascade", &[("place", &place)]))
    }),
    Row::new("create_schema", Run::Write("", "\n")),
    Row::code("spark__create_schema", |call| {
        run(
            call,
            "create_schema",
            call.fill("create schema if not exists {relation}\n  "),
            &[],
        )?;
        Ok("".into())
    }),
    Row::new("drop_schema", Run::Write("", "\n")),
    Row::code("spark__drop_schema", |call| {
        run(
            call,
            "drop_schema",
            call.fill("drop schema if exists {relation} cascade"),
            &[],
        )?;
        Ok("".into())
    }),
    Row::dispatch("create_temporary_view"),
    Row::code("glue__create_temporary_view", temporary_view),
    Row::text(
        "spark__create_temporary_view",
        "create or replace temporary view {relation} as\n      {compiled_code}",
    ),
    Row::code("create_table_as", |call| {
        let mut args = call.values();
        if call.is_one_of("language", &["sql"]) {
            args.pop();
        }
        let sql = call.dispatch("create_table_as", args)?;
        Ok(call.fill_with("\n  \n    {sql}\n  ", &[("sql", &sql)]))
    })
    .with(&[("language", Text("sql"))]),
    Row::code("glue__create_table_as", table_as),
    Row::new("get_create_table_as_sql", Run::Write("", "")),
    Row::code("default__get_create_table_as_sql", |call| {
        call.ask("create_table_as", call.values())
    }),
    Row::new("create_view_as", Run::Write("", "")),
    Row::code("glue__create_view_as", view_as),
    Row::new("get_create_view_as_sql", Run::Write("", "")),
    Row::code("default__get_create_view_as_sql", |call| {
        call.ask("create_view_as", call.values())
    }),
    Row::code("run_hooks", run_hooks).with(&[("inside_transaction", Bool(true))]),
    Row::dispatch("call_dcl_statements"),
    Row::code("spark__call_dcl_statements", |call| {
        let statements = call.iterate(&call.arg("dcl_statement_list"))?;
        let count = statements.len();
        for statement in statements {
            let sql = call.fill_with("\n            {sql}\n        ", &[("sql", &statement)]);
            run(call, "grant_or_revoke", sql, &[])?;
        }
        Ok(format!("\n    {}\n", "\n        \n    ".repeat(count)).into())
    }),
    Row::code("validate_doc_columns", doc_columns),
    Row::code("table_columns_and_constraints", columns_and_constraints),
];

/// What the configs say of how Iceberg tables are dropped.
struct Dropping {
    /// The relation with its catalog.
    place: Value,
    purge: &'static str,
    iceberg: bool,
}

impl Dropping {
    fn of(call: &Call<'_>) -> Result<Self, Error> {
        let get = |key: &str, default: &str| {
            let named = vec![("default", Value::str(default))];
            let config = call.cx.lookup("config");
            let args = Args {
                positional: vec![key.into()],
                keywords: named
                    .into_iter()
                    .map(|(name, value)| (name.into(), value))
                    .collect(),
            };
            call.cx.call_method(&config, "get", args)
        };
        let format = get("file_format", "parquet")?;
        let name = fill::plain(&format);
        let purged = get("purge_dropped_iceberg_data", "False")?;
        let purged = name == "s3tables" || name == "iceberg" && purged.as_str().as_deref() == Some("True");
        let place = call.ask("glue__make_target_relation", vec![call.arg("relation"), format])?;
        Ok(Self {
            place,
            purge: if purged { " purge" } else { "" },
            iceberg: name == "s3tables" || name == "iceberg",
        })
    }

    /// A statement for the relation with its catalog.
    fn write(&self, call: &Call<'_>, start: &str, end: &str) -> Value {
        fill::concat([call.fill(start), self.place.clone(), end.into()])
    }
}

/// Whether a relation is written without its schema: a temporary view of the session.
fn is_bare(call: &Call<'_>, relation: &Value) -> Result<bool, Error> {
    let name = call.attr(relation, "identifier")?;
    Ok(name
        .as_str()
        .is_some_and(|name| *name == *to_str(relation).plain()))
}

fn drop_sql(call: &Call<'_>) -> Result<Value, Error> {
    let dropping = Dropping::of(call)?;
    let relation = call.arg("relation");
    if !call.attr(&relation, "is_view")?.truth() {
        return Ok(dropping.write(call, "\n    drop table if exists ", dropping.purge));
    }
    if dropping.iceberg && !is_bare(call, &relation)? {
        return Ok(dropping.write(call, "\n      drop table if exists ", dropping.purge));
    }
    Ok(dropping.write(call, "\n      drop view if exists ", ""))
}

fn drop_view_sql(call: &Call<'_>) -> Result<Value, Error> {
    let dropping = Dropping::of(call)?;
    if call.attr(&dropping.place, "is_view")?.truth() && is_bare(call, &dropping.place)? {
        return Ok(dropping.write(call, "\n    drop view if exists ", ""));
    }
    if dropping.iceberg {
        return Ok(dropping.write(call, "\n    drop table if exists ", dropping.purge));
    }
    Ok(dropping.write(call, "drop view if exists ", ""))
}

/// `glue__make_target_relation(relation, file_format)`, where the format has a catalog.
fn in_catalog(call: &Call<'_>, format: &Value) -> Result<Value, Error> {
    call.ask(
        "glue__make_target_relation",
        vec![call.arg("relation"), format.clone()],
    )
}

fn temporary_view(call: &Call<'_>) -> Result<Value, Error> {
    let relation = call.arg("relation");
    let format = call.config_or("file_format", "parquet".into())?;
    let table = fill::plain(&call.attr(&relation, "type")?) == "table";
    let (text, place) = match format.as_str().as_deref() {
        Some("iceberg") if table => (
            "\n    create or replace table {place} using iceberg as {sql}\n  \n",
            in_catalog(call, &format)?,
        ),
        Some("s3tables") => (
            "\n    create or replace table {place} as {sql}\n  \n",
            in_catalog(call, &format)?,
        ),
        _ => {
            let bare = Args {
                positional: Vec::new(),
                keywords: vec![("schema".into(), false.into())],
            };
            (
                "\n    create or replace temporary view {place} as {sql}\n  \n",
                call.cx.call_method(&relation, "include", bare)?,
            )
        }
    };
    Ok(call.fill_with(text, &[("place", &place)]))
}

/// What a contract asks to be checked first.
fn contract(call: &Call<'_>) -> Result<Option<Value>, Error> {
    let contract = call.config("contract")?;
    if !call.attr(&contract, "enforced")?.truth() {
        return Ok(None);
    }
    call.ask("get_assert_columns_equivalent", vec![call.arg("sql")])
        .map(Some)
}

fn table_as(call: &Call<'_>) -> Result<Value, Error> {
    if matches!(call.arg("temporary"), Value::Bool(true)) {
        let view = call.ask(
            "create_temporary_view",
            vec![call.arg("relation"), call.arg("sql")],
        )?;
        return Ok(fill::concat([view]));
    }
    let format = call.config("file_format")?;
    let name = fill::plain(&format);
    if name == "s3tables" {
        let args = vec![call.arg("relation"), call.arg("sql")];
        let sql = call.ask("glue__create_s3_table_with_insert", args)?;
        return Ok(fill::concat(["\n      ".into(), sql]));
    }
    let properties = call.config_or("table_properties", Value::dict::<&str>([]))?;
    let place = if name == "iceberg" {
        in_catalog(call, &format)?
    } else {
        call.arg("relation")
    };
    let create = match &*name {
        "delta" | "iceberg" => "create or replace table",
        _ => "create table\n        ",
    };
    let checked = match contract(call)? {
        Some(checked) => fill::concat([
            "\n            ".into(),
            checked,
            "\n            \n            \n            \n          ".into(),
        ]),
        None => "".into(),
    };
    let label = |name: &str, label: &str| call.ask_with(name, Vec::new(), vec![("label", label.into())]);
    Ok(call.fill_with(
        "{create} {place}\n          \n          {checked}\n      {format}\n      {partitioned}\n      {clustered}\n      \
         {properties}\n      {location}\n      {comment}\n      as\n      {query}",
        &[
            ("create", &create.into()),
            ("place", &place),
            ("checked", &checked),
            ("format", &call.ask("glue__file_format_clause", Vec::new())?),
            ("partitioned", &label("partition_cols", "partitioned by")?),
            ("clustered", &label("clustered_cols", "clustered by")?),
            ("properties", &call.ask("set_table_properties", vec![properties])?),
            ("location", &call.ask("glue__location_clause", Vec::new())?),
            ("comment", &call.ask("comment_clause", Vec::new())?),
            ("query", &call.ask("add_iceberg_timestamp_column", vec![call.arg("sql")])?),
        ],
    ))
}

fn view_as(call: &Call<'_>) -> Result<Value, Error> {
    let format = call.config("file_format")?;
    let name = fill::plain(&format);
    if name == "iceberg" && call.has(Change::IcebergStaging)? {
        let place = in_catalog(call, &format)?;
        let query = call.stamped("sql")?;
        return Ok(call.fill_with(
            "create or replace table {place}\n        using iceberg\n        as\n        {query}",
            &[("place", &place), ("query", &query)],
        ));
    }
    let (create, place) = match &*name {
        "s3tables" if call.has(Change::TypedStaging)? => ("create view", in_catalog(call, &format)?),
        _ => ("create or replace view", call.arg("relation")),
    };
    let checked = contract(call)?.unwrap_or_else(|| "".into());
    let query = call.stamped("sql")?;
    Ok(call.fill_with(
        "{checked}{create} {place}\n            as\n        {query}",
        &[
            ("checked", &checked),
            ("create", &create.into()),
            ("place", &place),
            ("query", &query),
        ],
    ))
}

fn run_hooks(call: &Call<'_>) -> Result<Value, Error> {
    let inside = call.arg("inside_transaction");
    let nameless = |sql: &str| {
        run(
            call,
            "",
            call.fill_with(sql, &[]),
            &[("auto_begin", inside.clone())],
        )
    };
    let mut text = String::from("\n  ");
    let mut first = true;
    for hook in call.iterate(&call.arg("hooks"))? {
        if !glueline_template::equal(&call.attr(&hook, "transaction")?, &inside) {
            continue;
        }
        text += "\n    ";
        if !inside.truth() && first {
            nameless("\n        commit;\n      ")?;
            text += "\n      \n    ";
        }
        first = false;
        let sql = call.cx.call_method(&hook, "get", Args::of(vec!["sql".into()]))?;
        let rendered = fill::trim(&call.ask("render", vec![sql])?);
        text += "\n    \n    ";
        if rendered.truth() {
            nameless(&format!("\n        {}\n      ", fill::plain(&rendered)))?;
            text += "\n      \n    ";
        }
        text += "\n  ";
    }
    text += "\n";
    Ok(text.into())
}

/// The documented columns that a relation has.
fn doc_columns(call: &Call<'_>) -> Result<Value, Error> {
    let documented = call.arg("column_dict");
    let existing = call.iterate(&call.arg("existing_column_names"))?;
    let existing: Vec<String> = existing.iter().map(fill::plain).collect();
    let mut missing = Vec::new();
    let mut kept = Vec::new();
    for key in call.iterate(&documented)? {
        let name = fill::plain(&key);
        let column = call.cx.item(&documented, &key)?;
        let there = if call.item(&column, "quote")?.truth() {
            existing.contains(&name)
        } else {
            let lower = name.to_lowercase();
            existing.iter().any(|known| known.to_lowercase() == lower)
        };
        if there {
            kept.push((name, column));
        } else {
            missing.push(name);
        }
    }
    if !missing.is_empty() {
        let relation = call.arg("relation");
        let relation = call.cx.call_method(&relation, "render", Args::default())?;
        call.raise(
            "warn",
            format!(
                "In relation {}: The following columns are specified in the schema but are not present in the database: {}",
                fill::plain(&relation),
                missing.join(", ")
            ),
        )?;
    }
    Ok(Value::dict(kept))
}

fn columns_and_constraints(call: &Call<'_>) -> Result<Value, Error> {
    let model = call.cx.lookup("model");
    let ask = |method: &str, name: &str, key: &str| {
        let raw = call.item(&model, key)?;
        let found = call.method_with("adapter", method, vec![(name, raw)])?;
        call.iterate(&found)
    };
    let columns = ask("render_raw_columns_constraints", "raw_columns", "columns")?;
    let constraints = ask("render_raw_model_constraints", "raw_constraints", "constraints")?;
    let mut text = vec!["\n  (\n    ".into()];
    let count = columns.len();
    for (index, column) in columns.into_iter().enumerate() {
        let more = index + 1 < count || !constraints.is_empty();
        text.extend([column, if more { "," } else { "" }.into(), "\n    ".into()]);
    }
    text.push("\n    ".into());
    let count = constraints.len();
    for (index, constraint) in constraints.into_iter().enumerate() {
        let comma = if index + 1 < count { "," } else { "" };
        text.extend(["\n        ".into(), constraint, comma.into(), "\n    ".into()]);
    }
    text.push(")\n".into());
    Ok(fill::concat(text))
}
