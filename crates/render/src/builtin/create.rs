//! Statements that make relations as dbt and dbt-spark write them, and what else dbt makes and drops by itself.

use glueline_template::{Args, Error, Value};

use super::Default::Str as Text;
use super::call::Call;
use super::merge::{header, is_one_of};
use super::statements::{run, run_made};
use super::{Row, fill};

pub(super) const MACROS: &[Row] = &[
    Row::code("default__create_table_as", default_table),
    Row::code("default__create_view_as", |call| {
        let header = header(call)?;
        let place = call.rendered("relation")?;
        let checked = match contract(call, &call.arg("sql"))? {
            Some(checked) => fill::concat(["\n      ".into(), checked]),
            None => "".into(),
        };
        Ok(call.fill_with(
            "{header}\n  create view {place}\n    \n    {checked}\n  as (\n    {sql}\n  );",
            &[("header", &header), ("place", &place), ("checked", &checked)],
        ))
    }),
    Row::code("spark__create_table_as", spark_table).with(&[("language", Text("sql"))]),
    Row::code("spark__create_view_as", spark_view),
    Row::code("glue__create_view", |call| {
        let tags = call.config("lf_tags_config")?;
        let grants = call.config("lf_grants")?;
        let named = [("fetch_result", false.into()), ("auto_begin", false.into())];
        run_made(call, "create_view(", &named, |call| {
            let sql = call.ask("create_view_as", call.values())?;
            Ok(call.fill_with("\n    {view}\n  ", &[("view", &sql)]))
        })?;
        let mut text = vec!["\n  ".into()];
        for (method, config, end) in [("add_lf_tags", tags, "\n  "), ("apply_lf_grants", grants, "\n")] {
            if !config.is_none() {
                // No macro sets the name: the adapter is given what the project calls so.
                let done = call.method("adapter", method, vec![call.cx.lookup("target_relation"), config])?;
                text.extend(["\n    ".into(), done, "\n  ".into()]);
            }
            text.push(end.into());
        }
        Ok(fill::concat(text))
    }),
    Row::code("default__drop_relation", |call| {
        run_made(call, "drop_relation", &[("auto_begin", false.into())], |call| {
            call.ask("get_drop_sql", call.values())
        })?;
        Ok("\n".into())
    }),
    Row::code("default__create_schema", |call| {
        schema(call, "create_schema", "create schema if not exists {place}\n  ")
    }),
    Row::code("default__drop_schema", |call| {
        schema(call, "drop_schema", "drop schema if exists {place} cascade\n  ")
    }),
    Row::dispatch("drop_schema_named"),
    Row::code("default__drop_schema_named", |call| {
        let class = call.path("api", &["Relation"])?;
        let name = Args {
            positional: Vec::new(),
            keywords: vec![("schema".into(), call.arg("schema_name"))],
        };
        let place = call.cx.call_method(&class, "create", name)?;
        let done = call.method("adapter", "drop_schema", vec![place])?;
        Ok(fill::concat(["\n  \n  ".into(), done, "\n".into()]))
    }),
    Row::code("default__check_schema_exists", |call| {
        let information = call.arg("information_schema");
        let view = Args {
            positional: Vec::new(),
            keywords: vec![("information_schema_view".into(), "SCHEMATA".into())],
        };
        let place = call.cx.call_method(&information, "replace", view)?;
        let database = call.attr(&information, "database")?;
        let sql = call.fill_with(
            "select count(*)\n        from {place}\n        where catalog_name='{database}'\n          and schema_name='{schema}'",
            &[("place", &place), ("database", &database)],
        );
        call.ask("run_query", vec![sql])
    }),
];

/// A statement about the schema of a relation.
fn schema(call: &Call<'_>, name: &str, text: &str) -> Result<Value, Error> {
    let relation = call.arg("relation");
    let place = call
        .cx
        .call_method(&relation, "without_identifier", Args::default())?;
    run(call, name, call.fill_with(text, &[("place", &place)]), &[])?;
    Ok("\n".into())
}

/// What a contract asks to be checked first; `None` where there is no contract.
fn contract(call: &Call<'_>, sql: &Value) -> Result<Option<Value>, Error> {
    let contract = call.config("contract")?;
    if !call.attr(&contract, "enforced")?.truth() {
        return Ok(None);
    }
    let checked = call.ask("get_assert_columns_equivalent", vec![sql.clone()])?;
    Ok(Some(checked))
}

fn default_table(call: &Call<'_>) -> Result<Value, Error> {
    let temporary = call.arg("temporary").truth();
    let mut sql = call.arg("sql");
    let header = header(call)?;
    let whole = Args {
        positional: Vec::new(),
        keywords: vec![
            ("database".into(), (!temporary).into()),
            ("schema".into(), (!temporary).into()),
        ],
    };
    let place = call.cx.call_method(&call.arg("relation"), "include", whole)?;
    let mut declared = Value::from("");
    let contract = call.config("contract")?;
    if call.attr(&contract, "enforced")?.truth() && !temporary {
        let checked = call.ask("get_assert_columns_equivalent", vec![sql.clone()])?;
        let columns = call.ask("get_table_columns_and_constraints", Vec::new())?;
        sql = call.ask("get_select_subquery", vec![sql])?;
        declared = fill::concat(["\n    ".into(), checked, "\n    ".into(), columns, "\n  ".into()]);
    }
    Ok(call.fill_with(
        "{header}\n\n  create {kind} table\n    {place}\n  \n  {declared}\n  as (\n    {sql}\n  );",
        &[
            ("header", &header),
            ("kind", &if temporary { "temporary" } else { "" }.into()),
            ("place", &place),
            ("declared", &declared),
            ("sql", &sql),
        ],
    ))
}

fn spark_table(call: &Call<'_>) -> Result<Value, Error> {
    let mut sql = call.arg("compiled_code");
    let relation = call.arg("relation");
    match call.plain("language").as_str() {
        "sql" => {}
        "python" => {
            let named = vec![("compiled_code", sql), ("target_relation", relation)];
            let code = call.ask_with("py_write_table", Vec::new(), named)?;
            return Ok(fill::concat([code]));
        }
        _ => return Ok("".into()),
    }
    if call.arg("temporary").truth() {
        let view = call.ask("create_temporary_view", vec![relation, sql])?;
        return Ok(fill::concat([view]));
    }
    let replaced = is_one_of(&call.config("file_format")?, &["delta", "iceberg"]);
    let create = if replaced {
        "create or replace table"
    } else {
        "create table"
    };
    let mut text = vec![call.fill_with(
        "\n        {create} {relation}\n      ",
        &[("create", &create.into())],
    )];
    if let Some(checked) = contract(call, &sql)? {
        sql = call.ask("get_select_subquery", vec![sql])?;
        text.extend([checked, "\n      ".into()]);
    }
    let label = |name: &str, label: &str| call.ask_with(name, Vec::new(), vec![("label", label.into())]);
    let clauses = [
        call.ask("file_format_clause", Vec::new())?,
        call.ask("options_clause", Vec::new())?,
        call.ask("tblproperties_clause", Vec::new())?,
        label("partition_cols", "partitioned by")?,
        label("clustered_cols", "clustered by")?,
        call.ask("location_clause", Vec::new())?,
        call.ask("comment_clause", Vec::new())?,
    ];
    for clause in clauses {
        text.extend(["\n      ".into(), clause]);
    }
    text.extend(["\n\n      as\n      ".into(), sql]);
    Ok(fill::concat(text))
}

fn spark_view(call: &Call<'_>) -> Result<Value, Error> {
    let mut columns = Value::from("");
    if call.method("config", "persist_column_docs", Vec::new())?.truth() {
        let declared = call.path("model", &["columns"])?;
        let names = call.ask("get_columns_in_query", vec![call.arg("sql")])?;
        let list = call.ask("get_persist_docs_column_list", vec![declared, names])?;
        columns = fill::concat(["\n    \n    (\n    ".into(), list, "\n    )\n  ".into()]);
    }
    let comment = call.ask("comment_clause", Vec::new())?;
    let checked = contract(call, &call.arg("sql"))?.unwrap_or_else(|| "".into());
    Ok(call.fill_with(
        "create or replace view {relation}\n  {columns}\n  {comment}{checked}\n  as\n    {sql}\n",
        &[
            ("columns", &columns),
            ("comment", &comment),
            ("checked", &checked),
        ],
    ))
}
