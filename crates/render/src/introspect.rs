//! Queries that templates send while they are rendered: `run_query`, `statement`, `describe`.
//!
//! Nothing is sent. The catalog file answers as far as it can: `session.answers` first, then what the catalog shows by
//! `describe` and `show`. Every other question gets an empty answer, with a note that the real one is not known.

mod results;
mod sql;

use std::sync::Arc;

use glueline_base::Value as BaseValue;
use glueline_project::{Answer, CatalogState, Cell, StateColumn, Table};
use glueline_template::{Args, Cx, Error, ErrorKind, Value, from_json, module, to_json};

use crate::adapter::{current_schema, describe_rows};
use crate::agate;
use crate::host::NodeHost;

/// The version of dbt that is followed.
const DBT_VERSION: &str = "1.12.6";

pub(crate) use results::{Response, load_result, store_raw_result, store_result};

/// What a statement gives: columns with the types that Spark prints, and rows. A statement that is no query gives neither.
#[derive(Debug, Default)]
pub(crate) struct Answered {
    pub(crate) columns: Vec<(String, String)>,
    pub(crate) rows: Vec<Vec<Value>>,
}

impl Answered {
    fn texts(columns: &[&str], rows: Vec<Vec<String>>) -> Self {
        let columns = columns
            .iter()
            .map(|name| ((*name).to_owned(), "StringType()".to_owned()));
        let rows = rows
            .into_iter()
            .map(|row| row.into_iter().map(Value::from).collect());
        Self {
            columns: columns.collect(),
            rows: rows.collect(),
        }
    }

    /// The table that dbt makes of it.
    pub(crate) fn into_table(self) -> agate::Table {
        let names: Vec<_> = self.columns.iter().map(|(name, _)| name.as_str()).collect();
        agate::Table::new(&names, self.rows)
    }
}

/// What a statement gives. While dbt parses, nothing is sent and nothing comes back.
///
/// Where its rows are fetched and it gives none, dbt-glue stumbles (`GlueCursor.fetchall`).
pub(crate) fn answer(cx: &Cx, host: &NodeHost, sql: &str, fetch: bool) -> Result<Answered, Error> {
    if !host.executes() {
        return Ok(Answered::default());
    }
    let asked = sql::squash(sql);
    let mut answer = Answered::default();
    if let Some(state) = host.shared.project.state() {
        let code = format!("{}{sql}", query_comment(host));
        if let Some(found) = answered(cx, host, state, &asked, &code)? {
            return Ok(found);
        }
        if let Some(found) = shown(host, state, &asked, &code)? {
            return Ok(found);
        }
        answer = probed(host, state, &asked);
    }
    if sql::changes_something(&asked) {
        return if fetch {
            Err(Error::type_error("'NoneType' object is not iterable"))
        } else {
            Ok(answer)
        };
    }
    cx.note(format!("a query needs the warehouse: {}", sql::shortened(&asked)));
    Ok(answer)
}

/// The names and types that `describe` shows of a relation, as the adapter asks for them, without a comment before.
pub(crate) fn describe(cx: &Cx, host: &NodeHost, name: &str) -> Result<Vec<(String, String)>, Error> {
    let Some(state) = host.shared.project.state() else {
        return Ok(Vec::new());
    };
    let asked = format!("describe {name}");
    let found = match answered(cx, host, state, &asked, &asked)? {
        Some(found) => found,
        None => shown(host, state, &asked, &asked)?.unwrap_or_default(),
    };
    let text = |value: Option<&Value>| {
        value
            .map(|value| glueline_template::to_str(value).plain().into_owned())
            .unwrap_or_default()
    };
    let rows = found.rows.iter();
    Ok(rows.map(|row| (text(row.first()), text(row.get(1)))).collect())
}

/// The first answer of the catalog file that fits.
fn answered(
    cx: &Cx,
    host: &NodeHost,
    state: &CatalogState,
    asked: &str,
    code: &str,
) -> Result<Option<Answered>, Error> {
    for answer in &state.session.answers {
        if !fits(cx, answer, asked)? {
            continue;
        }
        if let Some(error) = &answer.error {
            let name = error.name.as_deref().unwrap_or("AnalysisException");
            return Err(database_error(host, code, name, &error.value));
        }
        if !sql::changes_something(asked) {
            return answer_values(answer).map(Some);
        }
    }
    Ok(None)
}

/// Python's `re.search`, whatever the case of letters, with a dot that takes line ends too.
fn fits(cx: &Cx, answer: &Answer, asked: &str) -> Result<bool, Error> {
    /// `re.I | re.S`.
    const FLAGS: i64 = 2 | 16;
    let Some(re) = module("re") else {
        return Err(Error::unsupported("regular expressions"));
    };
    let args = vec![Value::str(&answer.pattern), Value::str(asked), Value::Int(FLAGS)];
    Ok(!cx.call_method(&re, "search", Args::of(args))?.is_none())
}

fn answer_values(answer: &Answer) -> Result<Answered, Error> {
    let columns = answer
        .columns
        .iter()
        .map(|column| (column.name().to_owned(), column.data_type().to_owned()));
    let rows = answer.rows.iter().map(|row| row.iter().map(cell).collect());
    Ok(Answered {
        columns: columns.collect(),
        rows: rows.collect::<Result<_, _>>()?,
    })
}

/// A value as the adapter reads it; what holds others becomes a text of JSON (`table_from_data_flat`).
fn cell(cell: &Cell) -> Result<Value, Error> {
    Ok(match cell {
        Cell::Null => Value::None,
        Cell::Bool(value) => Value::Bool(*value),
        Cell::Int(value) => Value::Int(*value),
        Cell::Float(value) => Value::Float(*value),
        Cell::Text(text) => Value::str(text),
        Cell::Json(text) => Value::from(to_json(&from_json(text)?, false)?),
    })
}

/// What `describe` and `show` give, from the catalog file.
fn shown(host: &NodeHost, state: &CatalogState, asked: &str, code: &str) -> Result<Option<Answered>, Error> {
    if let Some(name) = sql::described(asked) {
        return describe_table(host, state, &name, code).map(Some);
    }
    if let Some(name) = sql::tables_in(asked) {
        let schema = name.last().map(String::as_str).unwrap_or_default();
        let tables = state.databases.get(&schema.to_ascii_lowercase());
        let names = tables.into_iter().flat_map(|database| database.tables.keys());
        let rows = names.map(|table| vec![Value::str(schema), Value::str(table), Value::Bool(false)]);
        let column = |name: &str, kind: &str| (name.to_owned(), kind.to_owned());
        return Ok(Some(Answered {
            columns: vec![
                column("namespace", "StringType()"),
                column("tableName", "StringType()"),
                column("isTemporary", "BooleanType()"),
            ],
            rows: rows.collect(),
        }));
    }
    if sql::shows_databases(asked) {
        let rows = state.databases.keys().map(|name| vec![name.clone()]);
        return Ok(Some(Answered::texts(&["namespace"], rows.collect())));
    }
    Ok(None)
}

/// The columns that `select * from NAME limit N` gives, as far as the catalog file has the table; its rows are not known.
fn probed(host: &NodeHost, state: &CatalogState, asked: &str) -> Answered {
    let Some(name) = sql::selected_from(asked) else {
        return Answered::default();
    };
    let schema = current_schema(&host.shared.project);
    let parts: Vec<&str> = name.iter().map(String::as_str).collect();
    let Some(table) = table_named(state, &schema, &parts) else {
        return Answered::default();
    };
    let is_new = |key: &&StateColumn| table.columns.iter().all(|column| column.name != key.name);
    let columns = table
        .columns
        .iter()
        .chain(table.partition_keys.iter().filter(is_new));
    let columns = columns.map(|column| (column.name.clone(), column.data_type.clone().unwrap_or_default()));
    Answered {
        columns: columns.collect(),
        rows: Vec::new(),
    }
}

/// A table by a name that may have a catalog before it, or no schema.
fn table_named<'a>(state: &'a CatalogState, schema: &str, parts: &[&str]) -> Option<&'a Table> {
    match parts {
        [table] => state.table(schema, table),
        [.., schema, table] => state.table(schema, table),
        [] => None,
    }
}

fn describe_table(
    host: &NodeHost,
    state: &CatalogState,
    name: &[String],
    code: &str,
) -> Result<Answered, Error> {
    let schema = current_schema(&host.shared.project);
    let parts: Vec<&str> = name.iter().map(String::as_str).collect();
    let table = table_named(state, &schema, &parts);
    let session = state.session_columns(&parts);
    let (columns, keys): (&[StateColumn], &[StateColumn]) = match (table, session) {
        (Some(table), Some(columns)) if table.columns.is_empty() => (columns, &[]),
        (Some(table), _) => (&table.columns, &table.partition_keys),
        (None, Some(columns)) => (columns, &[]),
        (None, None) => {
            let quoted: Vec<_> = parts.iter().map(|part| format!("`{part}`")).collect();
            let text = format!(
                "[TABLE_OR_VIEW_NOT_FOUND] The table or view {} cannot be found. Verify the spelling and \
                 correctness of the schema and catalog.",
                quoted.join(".")
            );
            return Err(database_error(host, code, "AnalysisException", &text));
        }
    };
    let rows = describe_rows(columns, keys).into_iter();
    let rows = rows.map(|(name, data_type)| vec![name, data_type, String::new()]);
    let mut found = Answered::texts(&["col_name", "data_type", "comment"], rows.collect());
    for row in &mut found.rows {
        if let Some(comment @ Value::Str(_)) = row.get_mut(2) {
            *comment = Value::None;
        }
    }
    Ok(found)
}

/// What dbt-glue says where Spark refuses a statement (`GlueCursor.execute` in `dbt/adapters/glue/gluedbapi/cursor.py`).
fn database_error(host: &NodeHost, code: &str, name: &str, value: &str) -> Error {
    let target = host.shared.project.target();
    let location = target
        .and_then(|target| target.text("location"))
        .unwrap_or("None");
    let use_arrow = target
        .and_then(|target| target.get("use_arrow"))
        .and_then(BaseValue::truthy)
        .unwrap_or(false);
    let use_arrow = if use_arrow { "True" } else { "False" };
    // dbt-glue puts a blank behind a last quote.
    let space = if code.ends_with('\'') { " " } else { "" };
    Error::new(
        ErrorKind::Python("DbtDatabaseError"),
        format!(
            "Glue cursor returned `error` for statement None for code SqlWrapper2.execute('''{code}{space}''', \
             use_arrow={use_arrow}, location='{location}'), {name}: {value}"
        ),
    )
}

/// The comment that dbt puts before a query by itself; nothing where the project sets its own
/// (`dbt/context/query_header.py`).
fn query_comment(host: &NodeHost) -> String {
    let project = &host.shared.project;
    let text = |text: Option<Arc<str>>| text.map_or(Value::None, Value::str);
    if project.project_file().value.value.get("query-comment").is_some() {
        return String::new();
    }
    let node = host.names().map(|(unique_id, _)| unique_id);
    let comment = Value::dict([
        ("app", Value::str("dbt")),
        ("dbt_version", Value::str(DBT_VERSION)),
        (
            "profile_name",
            text(
                project
                    .profile()
                    .profile()
                    .map(|profile| profile.name.value.clone()),
            ),
        ),
        (
            "target_name",
            text(project.target().map(|target| target.name.value.clone())),
        ),
        ("node_id", text(node)),
    ]);
    to_json(&comment, false).map_or_else(|_| String::new(), |comment| format!("/* {comment} */\n"))
}
