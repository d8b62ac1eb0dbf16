//! Seeds: what makes their tables and fills them, and the materializations.

use glueline_template::{Args, Error, Value, to_str};

use super::Row;
use super::Run::Write;
use super::call::Call;
use super::fill;
use super::materialize::{LakeFormation, grant_and_document, hooks, hooks_before, relations, with_type};
use super::statements::{block, block_made, run};

pub(super) const MACROS: &[Row] = &[
    Row::new("create_csv_table", Write("", "")),
    Row::code("default__create_csv_table", |call| {
        let sql = create_table(call, "")?;
        created(call, sql)
    }),
    Row::code("spark__create_csv_table", |call| {
        let mut clauses = Vec::new();
        let label = |name: &str, label: &str| call.ask_with(name, Vec::new(), vec![("label", label.into())]);
        for clause in [
            call.ask("file_format_clause", Vec::new())?,
            label("partition_cols", "partitioned by")?,
            label("clustered_cols", "clustered by")?,
            call.ask("location_clause", Vec::new())?,
            call.ask("comment_clause", Vec::new())?,
        ] {
            clauses.push(fill::concat(["\n    ".into(), clause]));
        }
        let sql = create_table(call, &fill::plain(&fill::concat(clauses)))?;
        created(call, sql)
    }),
    Row::code("glue__create_csv_table", |call| {
        let done = call.method("adapter", "create_csv_table", call.values())?;
        Ok(fill::concat([done]))
    }),
    Row::new("reset_csv_table", Write("", "")),
    Row::code("default__reset_csv_table", |call| {
        let old = call.arg("old_relation");
        if call.arg("full_refresh").truth() {
            call.method("adapter", "drop_relation", vec![old])?;
            return anew(call);
        }
        call.method("adapter", "truncate_relation", vec![old.clone()])?;
        let place = call.cx.call_method(&old, "render", Args::default())?;
        Ok(fill::concat(["truncate table ".into(), place]))
    }),
    Row::code("spark__reset_csv_table", |call| {
        let old = call.arg("old_relation");
        if old.truth() {
            call.method("adapter", "drop_relation", vec![old])?;
        }
        anew(call)
    }),
    Row::code("glue__reset_csv_table", anew),
    Row::new("get_csv_sql", Write("\n    ", "\n")),
    Row::text(
        "default__get_csv_sql",
        "\n    {create_or_truncate_sql};\n    -- dbt seed --\n    {insert_sql}\n",
    ),
    Row::new("get_binding_char", Write("", "")),
    Row::code("default__get_binding_char", |_| Ok("%s".into())),
    Row::code("spark__get_binding_char", |call| {
        let odbc = call.path("target", &["method"])?.as_str().as_deref() == Some("odbc");
        Ok(if odbc { "?" } else { "%s" }.into())
    }),
    Row::dispatch("get_batch_size"),
    Row::code("default__get_batch_size", |_| Ok(10_000.into())),
    Row::code("get_seed_column_quoted_csv", |call| {
        let quote = seed_config(call, "quote_columns", Value::None)?;
        let mut quoted = Vec::new();
        for name in call.iterate(&call.arg("column_names"))? {
            quoted.push(call.method("adapter", "quote_seed_column", vec![name, quote.clone()])?);
        }
        Ok(fill::join(", ", quoted))
    }),
    Row::new("load_csv_rows", Write("", "")),
    Row::code("default__load_csv_rows", |call| load_rows(call, Inserts::Bare)),
    Row::code("spark__load_csv_rows", |call| load_rows(call, Inserts::Cast)),
    Row::text("glue__load_csv_rows", ""),
    Row::new("handle_existing_table", Write("\n    ", "\n")),
    Row::code("default__handle_existing_table", |call| {
        let relation = call.arg("old_relation");
        let place = call.cx.call_method(&relation, "render", Args::default())?;
        let kind = fill::plain(&call.attr(&relation, "type")?);
        let message = format!(
            "Dropping relation {} because it is of type {kind}",
            fill::plain(&place)
        );
        call.ask("log", vec![message.into()])?;
        let done = call.method("adapter", "drop_relation", vec![relation])?;
        Ok(call.fill_with("\n    \n    {done}\n", &[("done", &done)]))
    }),
    Row::code("materialization_seed_default", default_seed),
    Row::code("materialization_seed_glue", glue_seed),
];

fn anew(call: &Call<'_>) -> Result<Value, Error> {
    call.ask(
        "create_csv_table",
        vec![call.arg("model"), call.arg("agate_table")],
    )
}

/// `model['config'].get(key, default)`
fn seed_config(call: &Call<'_>, key: &str, default: Value) -> Result<Value, Error> {
    let config = call.item(&call.arg("model"), "config")?;
    call.invoke(&config, "get", vec![key.into(), default], Vec::new())
}

/// The names of the columns, each with its type: that of the config, else the one inferred.
fn typed_columns(call: &Call<'_>) -> Result<Vec<(Value, Value)>, Error> {
    let chosen = seed_config(call, "column_types", Value::dict::<&str>([]))?;
    let table = call.arg("agate_table");
    let names = call.iterate(&call.attr(&table, "column_names")?)?;
    let mut typed = Vec::new();
    for (index, name) in (0_i64..).zip(names) {
        let inferred = call.method("adapter", "convert_type", vec![table.clone(), index.into()])?;
        let kind = call.invoke(&chosen, "get", vec![name.clone(), inferred], Vec::new())?;
        typed.push((name, kind));
    }
    Ok(typed)
}

fn this(call: &Call<'_>) -> Result<Value, Error> {
    call.cx
        .call_method(&call.cx.lookup("this"), "render", Args::default())
}

fn create_table(call: &Call<'_>, clauses: &str) -> Result<Value, Error> {
    let quote = seed_config(call, "quote_columns", Value::None)?;
    let mut columns = Vec::new();
    for (name, kind) in typed_columns(call)? {
        let args = vec![Value::Str(to_str(&name)), quote.clone()];
        let name = call.method("adapter", "quote_seed_column", args)?;
        columns.push(fill::concat([name, " ".into(), kind]));
    }
    Ok(call.fill_with(
        "\n    create table {this} ({columns}){clauses}\n  ",
        &[
            ("this", &this(call)?),
            ("columns", &fill::join(",", columns)),
            ("clauses", &clauses.into()),
        ],
    ))
}

fn created(call: &Call<'_>, sql: Value) -> Result<Value, Error> {
    run(call, "_", sql.clone(), &[])?;
    Ok(sql)
}

/// How the rows of a seed are inserted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Inserts {
    /// Into named columns.
    Bare,
    /// Into all columns, each value cast.
    Cast,
}

/// Inserts the rows in batches; gives the first statement.
fn load_rows(call: &Call<'_>, inserts: Inserts) -> Result<Value, Error> {
    let size = match call.ask("get_batch_size", Vec::new())? {
        Value::Int(size) => usize::try_from(size).unwrap_or(1).max(1),
        _ => 10_000,
    };
    let table = call.arg("agate_table");
    let names = call.attr(&table, "column_names")?;
    let listed = match inserts {
        Inserts::Bare => {
            let args = vec![call.arg("model"), names.clone()];
            let csv = call.ask("get_seed_column_quoted_csv", args)?;
            fill::concat([" (".into(), csv, ")".into()])
        }
        Inserts::Cast => "".into(),
    };
    let rows = call.iterate(&call.attr(&table, "rows")?)?;
    let mut first = Value::undefined("list object has no element 0".to_owned());
    for (index, batch) in rows.chunks(size).enumerate() {
        let mut bindings = Vec::new();
        for row in batch {
            bindings.extend(call.iterate(row)?);
        }
        let mut written = Vec::new();
        let count = call.iterate(&names)?.len();
        for _ in batch {
            let mut values = Vec::new();
            match inserts {
                Inserts::Bare => {
                    for _ in 0..count {
                        values.push(call.ask("get_binding_char", Vec::new())?);
                    }
                }
                Inserts::Cast => {
                    for (_, kind) in typed_columns(call)? {
                        let place = call.ask("get_binding_char", Vec::new())?;
                        values.push(fill::concat([
                            "cast(".into(),
                            place,
                            " as ".into(),
                            kind,
                            ")".into(),
                        ]));
                    }
                }
            }
            written.push(fill::concat(["(".into(), fill::join(",", values), ")".into()]));
        }
        let sql = call.fill_with(
            "\n          insert into {this}{listed} values\n          {rows}\n      ",
            &[
                ("this", &this(call)?),
                ("listed", &listed),
                ("rows", &fill::join(",", written)),
            ],
        );
        let adapter = call.cx.lookup("adapter");
        let named = vec![
            ("bindings", Value::list(bindings)),
            ("abridge_sql_log", true.into()),
        ];
        call.invoke(&adapter, "add_query", vec![sql.clone()], named)?;
        if index == 0 {
            first = sql;
        }
    }
    Ok(first)
}

/// Where the node's own relation is.
fn place(call: &Call<'_>) -> Result<Vec<(&'static str, Value)>, Error> {
    Ok(vec![
        ("database", call.cx.lookup("database")),
        ("schema", call.cx.lookup("schema")),
        ("identifier", call.item(&call.cx.lookup("model"), "alias")?),
    ])
}

/// Reads the table, and keeps it as a result.
fn table(call: &Call<'_>) -> Result<Value, Error> {
    let table = call.ask("load_agate_table", Vec::new())?;
    let named = vec![("response", "OK".into()), ("agate_table", table.clone())];
    call.ask_with("store_result", vec!["agate_table".into()], named)?;
    Ok(table)
}

/// How many rows a table has.
fn count(call: &Call<'_>, table: &Value) -> Result<i64, Error> {
    let rows = call.iterate(&call.attr(table, "rows")?)?.len();
    Ok(i64::try_from(rows).unwrap_or(i64::MAX))
}

fn glue_seed(call: &Call<'_>) -> Result<Value, Error> {
    let mut named = place(call)?;
    named.push(("file_format", call.config("file_format")?));
    let old = call.method_with("adapter", "get_relation", named)?;
    let mut named = place(call)?;
    named.push(("type", "table".into()));
    let target = call.create_relation(named)?;
    let table = table(call)?;
    let tagged = LakeFormation::of(call)?;
    hooks_before(call)?;
    let model = call.cx.lookup("model");
    // Nothing ever sets the mode.
    let mode = call.cx.lookup("full_refresh_mode");
    let create = call.ask("reset_csv_table", vec![model.clone(), mode, old, table.clone()])?;
    let rows = count(call, &table)?;
    let sql = call.ask("load_csv_rows", vec![model, table])?;
    let text = call.fill_with(
        "\n    {create}\n    -- dbt seed --\n    {sql}\n  ",
        &[("create", &create), ("sql", &sql)],
    );
    let said = format!("CREATE {rows}");
    block(
        call,
        "noop_statement",
        vec!["main".into(), said.into()],
        text,
        &[],
    )?;
    tagged.apply(call, &target)?;
    hooks(call, "post_hooks", Some(true))?;
    call.method("adapter", "commit", Vec::new())?;
    hooks(call, "post_hooks", Some(false))?;
    Ok(relations(target))
}

fn default_seed(call: &Call<'_>) -> Result<Value, Error> {
    let mode = call.ask("should_full_refresh", Vec::new())?;
    let old = call.method_with("adapter", "get_relation", place(call)?)?;
    let is = |flag: &str| -> Result<bool, Error> { Ok(!old.is_none() && call.attr(&old, flag)?.truth()) };
    let (is_table, is_view) = (is("is_table")?, is("is_view")?);
    let grants = call.config("grants")?;
    let table = table(call)?;
    hooks_before(call)?;
    let model = call.cx.lookup("model");
    let create = if is_view {
        let place = call.cx.call_method(&old, "render", Args::default())?;
        call.refuse(format!("Cannot seed to '{}', it is a view", fill::plain(&place)))?
    } else if is_table {
        let args = vec![model.clone(), mode.clone(), old.clone(), table.clone()];
        call.ask("reset_csv_table", args)?
    } else {
        call.ask("create_csv_table", vec![model.clone(), table.clone()])?
    };
    let code = if mode.truth() { "CREATE" } else { "INSERT" };
    let rows = count(call, &table)?;
    let sql = if rows > 0 {
        call.ask("load_csv_rows", vec![model, table])?
    } else {
        "".into()
    };
    let said = format!("{code} {rows}");
    let args = vec!["main".into(), said.into(), code.into(), rows.into()];
    block_made(call, "noop_statement", args, &[], move |call| {
        let sql = call.ask("get_csv_sql", vec![create.clone(), sql.clone()])?;
        Ok(call.fill_with("\n    {sql};\n  ", &[("sql", &sql)]))
    })?;
    let this = call.cx.lookup("this");
    let target = with_type(call, &this, "table".into())?;
    let revoking = call.ask("should_revoke", vec![old, mode.clone()])?;
    grant_and_document(call, &target, grants, revoking)?;
    if mode.truth() || !is_table {
        call.ask("create_indexes", vec![target.clone()])?;
    }
    hooks(call, "post_hooks", Some(true))?;
    call.method("adapter", "commit", Vec::new())?;
    hooks(call, "post_hooks", Some(false))?;
    Ok(relations(target))
}
