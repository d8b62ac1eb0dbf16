//! Results by name: what `statement` stores and `load_result` gives (`ProviderContext` in `dbt/context/providers.py`).

use glueline_template::{Args, Cx, Error, Native, Value, repr, to_str};

use crate::agate::Table;
use crate::host::NodeHost;

/// What the adapter says of a statement; it prints its message.
#[derive(Debug)]
pub(crate) struct Response {
    /// `OK`.
    pub(crate) message: Value,
    pub(crate) code: Value,
    pub(crate) rows_affected: Value,
}

impl Response {
    /// What dbt-glue answers to every statement.
    pub(crate) fn ok() -> Self {
        Self {
            message: Value::str("OK"),
            code: Value::None,
            rows_affected: Value::None,
        }
    }
}

impl Native for Response {
    fn type_name(&self) -> &'static str {
        "AdapterResponse"
    }

    fn qualified_type_name(&self) -> String {
        "dbt.adapters.contracts.connection.AdapterResponse".to_owned()
    }

    fn attr(&self, _cx: &Cx, name: &str) -> Result<Option<Value>, Error> {
        Ok(match name {
            "_message" => Some(self.message.clone()),
            "code" => Some(self.code.clone()),
            "rows_affected" => Some(self.rows_affected.clone()),
            "query_id" => Some(Value::None),
            _ => None,
        })
    }

    fn call_method(&self, _cx: &Cx, name: &str, _args: &Args) -> Option<Result<Value, Error>> {
        (name == "to_dict").then(|| {
            Ok(Value::dict([
                ("_message", self.message.clone()),
                ("code", self.code.clone()),
                ("rows_affected", self.rows_affected.clone()),
                ("query_id", Value::None),
            ]))
        })
    }

    fn text(&self) -> String {
        to_str(&self.message).plain().into_owned()
    }

    fn repr(&self) -> String {
        format!(
            "AdapterResponse(_message={}, code={}, rows_affected={}, query_id=None)",
            repr(&self.message),
            repr(&self.code),
            repr(&self.rows_affected)
        )
    }
}

/// Stores a result under a name.
fn store(host: &NodeHost, name: String, response: Value, table: Value) {
    let table = if table.downcast::<Table>().is_some() {
        table
    } else {
        Value::native(Table::default())
    };
    let rows = table.downcast::<Table>().map(|table| {
        let rows = table.rows().map(|row| Value::tuple(row.to_vec()));
        rows.collect()
    });
    let result = Value::dict([
        ("response", response),
        ("data", Value::list(rows.unwrap_or_default())),
        ("table", table),
    ]);
    let mut captured = host.captured();
    captured.results.retain(|(known, _)| *known != name);
    captured.results.push((name, result));
}

/// A table whose rows can be taken, as dbt takes them when it keeps one: an empty seed is none.
fn with_rows(cx: &Cx, table: Option<Value>) -> Result<Value, Error> {
    let table = table.unwrap_or_default();
    if !table.is_none() {
        cx.attr(&table, "rows")?;
    }
    Ok(table)
}

/// `store_result(name, response, agate_table)`.
pub(crate) fn store_result(cx: &Cx, args: Args) -> Result<Value, Error> {
    let [name, response, table] = args.bind(
        "ProviderContext.store_result",
        ["name", "response", "agate_table"],
        2,
    )?;
    let name = to_str(&name.unwrap_or_default()).plain().into_owned();
    store(
        NodeHost::of(cx)?,
        name,
        response.unwrap_or_default(),
        with_rows(cx, table)?,
    );
    Ok(Value::str(""))
}

/// `store_raw_result(name, message, code, rows_affected, agate_table)`.
pub(crate) fn store_raw_result(cx: &Cx, args: Args) -> Result<Value, Error> {
    let [name, message, code, rows_affected, table] = args.bind(
        "ProviderContext.store_raw_result",
        ["name", "message", "code", "rows_affected", "agate_table"],
        1,
    )?;
    let name = to_str(&name.unwrap_or_default()).plain().into_owned();
    // dbt's defaults are, by mistake, types; they print so.
    let or_type = |value: Option<Value>| value.unwrap_or_else(|| Value::str("typing.Optional[str]"));
    let response = Response {
        message: or_type(message),
        code: or_type(code),
        rows_affected: or_type(rows_affected),
    };
    store(
        NodeHost::of(cx)?,
        name,
        Value::native(response),
        with_rows(cx, table)?,
    );
    Ok(Value::str(""))
}

/// `load_result(name)`: the result stored under a name, once; `None` where there is none.
pub(crate) fn load_result(cx: &Cx, args: Args) -> Result<Value, Error> {
    let [name] = args.bind("ProviderContext.load_result", ["name"], 1)?;
    let name = to_str(&name.unwrap_or_default()).plain().into_owned();
    let host = NodeHost::of(cx)?;
    let mut captured = host.captured();
    let Some((_, stored)) = captured.results.iter_mut().find(|(known, _)| *known == name) else {
        return Ok(Value::None);
    };
    if name == "main" {
        return Ok(stored.clone());
    }
    match std::mem::take(stored) {
        Value::None => Err(Error::compilation(format!(
            "The 'statement' result named '{name}' has already been loaded into a variable"
        ))),
        result => Ok(result),
    }
}
