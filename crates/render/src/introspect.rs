//! Queries that templates send while they are rendered: `run_query`, `statement`, `describe`.
//!
//! Nothing is sent. The catalog file answers as far as it can: `session.answers` first, then what the catalog shows by
//! `describe` and `show`. Every other question gets an empty answer, with a note that the real one is not known.

mod catalog;
mod results;
mod sql;

use glueline_base::Value as BaseValue;
use glueline_project::{Answer, Cell, StateColumn};
use glueline_template::{Args, Cx, Error, ErrorKind, Value, from_json, module, to_json};

use crate::adapter::{current_schema, describe_rows};
use crate::agate;
use crate::host::NodeHost;
use crate::run::{Code, Comments, SparkError, every_column, place};

use catalog::{Catalog, Temporary};
pub(crate) use results::{Response, load_result, store_raw_result, store_result};
pub(crate) use sql::{changes_something, is_query, name, shortened, squash, word};

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
    if host.run().is_some() {
        return crate::run::execute(cx, host, sql, fetch);
    }
    let asked = squash(sql);
    let mut answer = Answered::default();
    if host.shared.project.state().is_some() {
        let refused = |error| refused(host, sql, &error);
        if let Some(found) = told(cx, host, &asked)? {
            return found.map_err(refused);
        }
        if let Some(found) = shown(host, &asked) {
            return found.map_err(refused);
        }
        answer = probed(host, &asked);
    }
    if changes_something(&asked) {
        return if fetch {
            Err(Error::type_error("'NoneType' object is not iterable"))
        } else {
            Ok(answer)
        };
    }
    cx.note(format!("a query needs the warehouse: {}", shortened(&asked)));
    Ok(answer)
}

/// What dbt-glue says where Spark refuses a statement of a node.
fn refused(host: &NodeHost, sql: &str, error: &SparkError) -> Error {
    let commented = Comments::default().add(&host.shared, host.node_id(), sql);
    match commented.and_then(|sql| code_of_profile(host, &sql)) {
        Ok(code) => database_error(&code.text, error),
        Err(fault) => fault,
    }
}

/// The names and types that `describe` shows of a relation, as the adapter asks for them, without a comment before.
pub(crate) fn describe(cx: &Cx, host: &NodeHost, name: &str) -> Result<Vec<(String, String)>, Error> {
    let asked = format!("describe {name}");
    let found = if host.run().is_some() {
        crate::run::send(cx, host, &asked)?
    } else {
        let told = told(cx, host, &asked)?.or_else(|| shown(host, &asked));
        let refused = |error| match code_of_profile(host, &asked) {
            Ok(code) => database_error(&code.text, &error),
            Err(fault) => fault,
        };
        told.transpose().map_err(refused)?
    };
    let text = |value: Option<&Value>| {
        value
            .map(|value| glueline_template::to_str(value).plain().into_owned())
            .unwrap_or_default()
    };
    let rows = found.iter().flat_map(|found| &found.rows);
    Ok(rows.map(|row| (text(row.first()), text(row.get(1)))).collect())
}

/// What the session gives for a statement: rows, or an error.
type FromSession = Result<Answered, SparkError>;

/// The first answer of the catalog file that fits.
pub(crate) fn told(cx: &Cx, host: &NodeHost, asked: &str) -> Result<Option<FromSession>, Error> {
    let answers = host.shared.project.state().map(|state| &state.session.answers);
    for answer in answers.into_iter().flatten() {
        if !fits(cx, answer, asked)? {
            continue;
        }
        if let Some(error) = &answer.error {
            return Ok(Some(Err(SparkError::new(
                error
                    .name
                    .clone()
                    .unwrap_or_else(|| "AnalysisException".to_owned()),
                error.value.clone(),
            ))));
        }
        if !changes_something(asked) {
            return answer_values(answer).map(|answer| Some(Ok(answer)));
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

/// What `describe` and `show` give, from what is known of the catalog.
pub(crate) fn shown(host: &NodeHost, asked: &str) -> Option<FromSession> {
    if let Some(name) = sql::described(asked) {
        return Some(describe_table(host, &name));
    }
    if let Some(name) = sql::created(asked) {
        return Some(show_create(host, &name));
    }
    if let Some(name) = sql::tables_in(asked) {
        let schema = name.last().map(String::as_str).unwrap_or_default();
        let row = |table: String| vec![Value::str(schema), Value::from(table), Value::Bool(false)];
        let column = |name: &str, kind: &str| (name.to_owned(), kind.to_owned());
        return Some(Ok(Answered {
            columns: vec![
                column("namespace", "StringType()"),
                column("tableName", "StringType()"),
                column("isTemporary", "BooleanType()"),
            ],
            rows: Catalog::of(host).tables_in(schema).into_iter().map(row).collect(),
        }));
    }
    if sql::shows_databases(asked) {
        let rows = Catalog::of(host).databases().into_iter().map(|name| vec![name]);
        return Some(Ok(Answered::texts(&["namespace"], rows.collect())));
    }
    None
}

/// The columns that `select * from NAME limit N` gives, as far as the catalog has the table; its rows are not known.
pub(crate) fn probed(host: &NodeHost, asked: &str) -> Answered {
    let Some(name) = sql::selected_from(asked) else {
        return Answered::default();
    };
    let Some(table) = Catalog::of(host).table_named(&name) else {
        return Answered::default();
    };
    let column = |column: &StateColumn| (column.name.clone(), column.data_type.clone().unwrap_or_default());
    Answered {
        columns: table.all_columns().map(column).collect(),
        rows: Vec::new(),
    }
}

/// What a test's count gives, where nothing tells: no failures. `None` for what is no such count.
pub(crate) fn of_test(asked: &str) -> Option<Answered> {
    let lowered = asked.to_lowercase();
    if !lowered.contains(" as should_error") || !lowered.contains(" as failures") {
        return None;
    }
    let columns = [
        ("failures", "LongType()"),
        ("should_warn", "BooleanType()"),
        ("should_error", "BooleanType()"),
    ];
    Some(Answered {
        columns: columns
            .map(|(name, kind)| (name.to_owned(), kind.to_owned()))
            .to_vec(),
        rows: vec![vec![Value::Int(0), Value::Bool(false), Value::Bool(false)]],
    })
}

fn show_create(host: &NodeHost, name: &[String]) -> FromSession {
    let schema = current_schema(&host.shared.project);
    let (schema, table) = place(name, &schema);
    if Catalog::of(host).table_named(name).is_none() {
        return Err(not_found(name));
    }
    let text = format!("CREATE VIEW {schema}.{table} AS select 1");
    Ok(Answered::texts(&["createtab_stmt"], vec![vec![text]]))
}

fn describe_table(host: &NodeHost, name: &[String]) -> FromSession {
    let catalog = Catalog::of(host);
    let parts: Vec<&str> = name.iter().map(String::as_str).collect();
    let session = host
        .shared
        .project
        .state()
        .and_then(|state| state.session_columns(&parts));
    let (columns, keys) = match catalog.temporary(name) {
        Temporary::Here(columns) => (columns, Vec::new()),
        Temporary::Elsewhere => return Err(not_found(name)),
        Temporary::No => match (catalog.table_named(name), session) {
            (Some(table), Some(columns)) if table.columns.is_empty() => (Some(columns.to_vec()), Vec::new()),
            (Some(table), _)
                if table.hides_columns || (table.columns.is_empty() && table.partition_keys.is_empty()) =>
            {
                (None, Vec::new())
            }
            (Some(table), _) => (
                Some(table.all_columns().cloned().collect()),
                table.partition_keys.clone(),
            ),
            (None, Some(columns)) => (Some(columns.to_vec()), Vec::new()),
            (None, None) => return Err(not_found(name)),
        },
    };
    let columns = columns.unwrap_or_else(|| {
        if host.run().is_none() {
            return Vec::new();
        }
        let schema = current_schema(&host.shared.project);
        let (schema, table) = place(name, &schema);
        vec![every_column(schema, table)]
    });
    let rows = describe_rows(&columns, &keys).into_iter();
    let rows = rows.map(|(name, data_type)| vec![name, data_type, String::new()]);
    let mut found = Answered::texts(&["col_name", "data_type", "comment"], rows.collect());
    for row in &mut found.rows {
        if let Some(comment @ Value::Str(_)) = row.get_mut(2) {
            *comment = Value::None;
        }
    }
    Ok(found)
}

fn not_found(name: &[String]) -> SparkError {
    let quoted: Vec<_> = name.iter().map(|part| format!("`{part}`")).collect();
    SparkError::new(
        "AnalysisException",
        format!(
            "[TABLE_OR_VIEW_NOT_FOUND] The table or view {} cannot be found. Verify the spelling and correctness of the \
             schema and catalog.",
            quoted.join(".")
        ),
    )
}

/// The code that dbt-glue makes of a statement.
pub(crate) fn code(sql: &str, use_arrow: &str, location: &str) -> Result<Code, Error> {
    crate::run::code(sql, use_arrow, location)
        .map_err(|message| Error::new(ErrorKind::Python("DbtRuntimeError"), message))
}

/// The code of a statement of a session that is as the profile says.
fn code_of_profile(host: &NodeHost, sql: &str) -> Result<Code, Error> {
    let target = host.shared.project.target();
    let location = target
        .and_then(|target| target.text("location"))
        .unwrap_or("None");
    let use_arrow = target
        .and_then(|target| target.get("use_arrow"))
        .and_then(BaseValue::truthy)
        .unwrap_or(false);
    code(sql, if use_arrow { "True" } else { "False" }, location)
}

/// What dbt-glue says where Spark refuses a statement.
pub(crate) fn database_error(code: &str, error: &SparkError) -> Error {
    Error::new(
        ErrorKind::Python("DbtDatabaseError"),
        format!(
            "Glue cursor returned `error` for statement None for code {code}, {}: {}",
            error.name, error.value
        ),
    )
}
