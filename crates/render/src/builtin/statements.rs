//! Queries that run while a template is rendered.

use glueline_template::{Args, Cx, Error, Native, Value};

use super::Default::{Bool, None as Nothing, Str as Text};
use super::call::{Call, Kept, not_implemented};
use super::{Row, fill};
use crate::introspect::Response;

pub(super) const MACROS: &[Row] = &[
    Row::code("statement", statement).with(&[
        ("name", Nothing),
        ("fetch_result", Bool(false)),
        ("auto_begin", Bool(true)),
        ("language", Text("sql")),
    ]),
    Row::code("noop_statement", noop_statement).with(&[
        ("name", Nothing),
        ("message", Nothing),
        ("code", Nothing),
        ("rows_affected", Nothing),
        ("res", Nothing),
    ]),
    Row::code("run_query", |call| {
        let sql = call.fill("\n    {sql}\n  ");
        run_and_load(call, "run_query_statement", sql)
    }),
    Row::dispatch("get_columns_in_query"),
    Row::code("default__get_columns_in_query", |call| {
        const NAME: &str = "get_columns_in_query";
        let named = [("fetch_result", true.into()), ("auto_begin", false.into())];
        run_made(call, NAME, &named, |call| {
            let sql = call.ask("get_empty_subquery_sql", vec![call.arg("select_sql")])?;
            Ok(call.fill_with("{query}\n    ", &[("query", &sql)]))
        })?;
        let table = loaded(call, NAME)?;
        let columns = call.attr(&table, "columns")?;
        let columns = if columns.is_undefined() {
            Vec::new()
        } else {
            call.iterate(&columns)?
        };
        let names: Result<Vec<_>, _> = columns.iter().map(|column| call.attr(column, "name")).collect();
        Ok(Value::list(names?))
    }),
    Row::code("glue_exec_query", |call| {
        run(call, "run_query_statement", call.fill("\n    {sql}\n  "), &[])?;
        Ok("\n  \n".into())
    }),
    Row::dispatch("get_columns_in_relation"),
    Row::code("spark__get_columns_in_relation", |call| {
        let schema = !call.cx.lookup("schema").is_none();
        let include = Args {
            positional: Vec::new(),
            keywords: vec![("schema".into(), schema.into())],
        };
        let relation = call.cx.call_method(&call.arg("relation"), "include", include)?;
        let sql = call.fill_with("\n      describe extended {place}\n  ", &[("place", &relation)]);
        run_and_load(call, "get_columns_in_relation", sql)
    }),
    Row::code("default__get_columns_in_relation", not_implemented),
    Row::dispatch("get_columns_in_relation_raw"),
    Row::code("spark__get_columns_in_relation_raw", |call| {
        let sql = call.fill("\n      describe extended {relation}\n  ");
        run_and_load(call, "get_columns_in_relation_raw", sql)
    }),
    Row::code("fetch_tbl_properties", |call| {
        let sql = call.fill("SHOW TBLPROPERTIES {relation}\n  ");
        run_and_load(call, "list_properties", sql)
    }),
    Row::code("describe_table_extended_without_caching", |call| {
        let sql = call.fill("describe extended {table_name}\n  ");
        run_and_load(call, "describe_table_extended_without_caching", sql)
    }),
    Row::code("glue__describe_table", |call| {
        call.method("adapter", "describe_table", call.values())
    }),
    Row::dispatch("list_relations_without_caching"),
    Row::code("default__list_relations_without_caching", not_implemented),
    Row::code("spark__list_relations_without_caching", |call| {
        let schema = call.attr(&call.arg("relation"), "schema")?;
        let sql = call.fill_with(
            "show table extended in {schema} like '*'\n  ",
            &[("schema", &schema)],
        );
        run_and_load(call, "list_relations_without_caching", sql)
    }),
    Row::code("list_relations_show_tables_without_caching", |call| {
        let schema = call.attr(&call.arg("schema_relation"), "schema")?;
        let sql = call.fill_with("show tables in {schema} like '*'\n  ", &[("schema", &schema)]);
        run_and_load(call, "list_relations_without_caching_show_tables", sql)
    }),
    Row::dispatch("list_schemas"),
    Row::code("spark__list_schemas", |call| {
        run_and_load(call, "list_schemas", "\n    show databases\n  ".into())
    }),
    Row::code("default__list_schemas", |call| {
        let place = call.ask("information_schema_name", call.values())?;
        let sql = call.fill_with(
            "\n    select distinct schema_name\n    from {place}.SCHEMATA\n    where catalog_name ilike '{database}'\n  ",
            &[("place", &place)],
        );
        call.ask("run_query", vec![sql])
    }),
    Row::dispatch("validate_sql"),
    Row::code("default__validate_sql", |call| {
        run(call, "validate_sql", call.fill("explain {sql}\n  "), &[])?;
        call.ask("load_result", vec!["validate_sql".into()])
    }),
    Row::dispatch("truncate_relation"),
    Row::code("default__truncate_relation", |call| {
        let relation = call
            .cx
            .call_method(&call.arg("relation"), "render", Args::default())?;
        let sql = call.fill_with("truncate table {place}", &[("place", &relation)]);
        run(call, "truncate_relation", sql, &[])?;
        Ok("\n".into())
    }),
    Row::dispatch("collect_freshness"),
    Row::code("default__collect_freshness", |call| {
        let filter = call.fill(if call.arg("filter").truth() {
            "\n    where {filter}\n    "
        } else {
            ""
        });
        let now = call.ask("current_timestamp", Vec::new())?;
        let sql = call.fill_with(
            "select\n      max({loaded_at_field}) as max_loaded_at,\n      {now} as snapshotted_at\n    from {source}\n    \
             {filtered}\n  ",
            &[("now", &now), ("filtered", &filter)],
        );
        fetch(call, "collect_freshness", sql)?;
        call.ask("load_result", vec!["collect_freshness".into()])
    }),
    Row::dispatch("collect_freshness_custom_sql"),
    Row::code("default__collect_freshness_custom_sql", |call| {
        const NAME: &str = "collect_freshness_custom_sql";
        let now = call.ask("current_timestamp", Vec::new())?;
        let sql = call.fill_with(
            "with source_query as (\n    {loaded_at_query}\n  )\n  select\n    (select * from source_query) as max_loaded_at,\n    \
             {now} as snapshotted_at\n  ",
            &[("now", &now)],
        );
        fetch(call, NAME, sql)?;
        call.ask("load_result", vec![NAME.into()])
    }),
];

/// Runs the text of a `call` block, and keeps what comes back under a name.
fn statement(call: &Call<'_>) -> Result<Value, Error> {
    if !call.executes()? {
        return Ok("".into());
    }
    let sql = call.caller()?;
    write_main(call, &sql)?;
    let fetch = call.arg("fetch_result");
    let (response, table) = match &*call.plain("language") {
        "sql" => execute(call, sql, fetch.truth())?,
        "python" if call.host()?.run().is_some() => {
            let code = fill::plain(&sql);
            let model = call.cx.lookup("model");
            crate::adapter::submit_python_job(call.cx, call.host()?, &model, &code)?;
            (Value::native(Response::ok()), Value::None)
        }
        "python" => {
            call.cx
                .note("a Python job runs nowhere while Glueline renders: its result is not known");
            (Value::None, Value::None)
        }
        _ => {
            call.refuse("statement macro didn't get supported language")?;
            (Value::None, Value::None)
        }
    };
    let name = call.arg("name");
    if !name.is_none() {
        let named = vec![("response", response), ("agate_table", table)];
        call.ask_with("store_result", vec![name], named)?;
    }
    Ok("".into())
}

/// The code of the statement that makes the node is written into the target folder before it is sent.
fn write_main(call: &Call<'_>, code: &Value) -> Result<(), Error> {
    if call.is_one_of("name", &["main"]) {
        call.ask("write", vec![code.clone()])?;
    }
    Ok(())
}

/// `adapter.execute(sql, fetch=fetch)`: what the adapter says, and the table that came back.
fn execute(call: &Call<'_>, sql: Value, fetch: bool) -> Result<(Value, Value), Error> {
    let named = vec![("auto_begin", Value::Bool(false)), ("fetch", fetch.into())];
    let named = [vec![("sql", sql)], named].concat();
    let pair = call.method_with("adapter", "execute", named)?;
    let mut parts = call.iterate(&pair)?.into_iter();
    Ok((parts.next().unwrap_or_default(), parts.next().unwrap_or_default()))
}

fn noop_statement(call: &Call<'_>) -> Result<Value, Error> {
    let sql = call.caller()?;
    write_main(call, &sql)?;
    let name = call.arg("name");
    if !name.is_none() {
        let named = vec![
            ("message", call.arg("message")),
            ("code", call.arg("code")),
            ("rows_affected", call.arg("rows_affected")),
            ("agate_table", call.arg("res")),
        ];
        call.ask_with("store_raw_result", vec![name], named)?;
    }
    Ok("".into())
}

/// `{% call statement(name, ...) %}sql{% endcall %}`.
///
/// Without a name where that is empty: nothing is kept.
pub(super) fn run(call: &Call<'_>, name: &str, sql: Value, named: &[(&str, Value)]) -> Result<Value, Error> {
    block(call, "statement", vec![named_so(name)], sql, named)
}

/// The same with a text that is made when the macro asks for it: what fails then fails within that macro.
pub(super) fn run_made(
    call: &Call<'_>,
    name: &str,
    named: &[(&str, Value)],
    make: impl Fn(&Call<'_>) -> Result<Value, Error> + Send + Sync + 'static,
) -> Result<Value, Error> {
    block_made(call, "statement", vec![named_so(name)], named, make)
}

fn named_so(name: &str) -> Value {
    if name.is_empty() { Value::None } else { name.into() }
}

/// `{% call name(args) %}text{% endcall %}`.
pub(super) fn block(
    call: &Call<'_>,
    name: &str,
    args: Vec<Value>,
    text: Value,
    named: &[(&str, Value)],
) -> Result<Value, Error> {
    block_made(call, name, args, named, move |_| Ok(text.clone()))
}

/// The same with a text that is made when the macro asks for it.
pub(super) fn block_made(
    call: &Call<'_>,
    name: &str,
    args: Vec<Value>,
    named: &[(&str, Value)],
    make: impl Fn(&Call<'_>) -> Result<Value, Error> + Send + Sync + 'static,
) -> Result<Value, Error> {
    let block = Block {
        of: call.kept(),
        make: Box::new(make),
    };
    let mut named: Vec<(&str, Value)> = named.to_vec();
    named.push(("caller", Value::native(block)));
    call.ask_with(name, args, named)
}

fn fetch(call: &Call<'_>, name: &str, sql: Value) -> Result<Value, Error> {
    run(
        call,
        name,
        sql,
        &[("fetch_result", true.into()), ("auto_begin", false.into())],
    )
}

/// Runs a query and gives its table.
fn run_and_load(call: &Call<'_>, name: &str, sql: Value) -> Result<Value, Error> {
    fetch(call, name, sql)?;
    loaded(call, name)
}

/// The table of a statement that ran.
fn loaded(call: &Call<'_>, name: &str) -> Result<Value, Error> {
    let result = call.ask("load_result", vec![name.into()])?;
    call.attr(&result, "table")
}

/// Makes the text of a `call` block.
type Make = Box<dyn Fn(&Call<'_>) -> Result<Value, Error> + Send + Sync>;

/// A `call` block that stands in Rust.
struct Block {
    /// The call it is part of.
    of: Kept,
    make: Make,
}

impl std::fmt::Debug for Block {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Block")
            .field("of", &self.of)
            .finish_non_exhaustive()
    }
}

impl Native for Block {
    fn type_name(&self) -> &'static str {
        "Macro"
    }

    fn call(&self, cx: &Cx, _args: Args) -> Result<Value, Error> {
        (self.make)(&self.of.call(cx))
    }

    fn text(&self) -> String {
        "<Macro 'caller'>".to_owned()
    }
}
