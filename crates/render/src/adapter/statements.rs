//! Methods of the adapter that send statements, and those that only matter when something is made.

use glueline_template::{Args, Cx, Error, Value, equal};

use crate::agate::{DataType, Table};
use crate::column::Column;
use crate::host::NodeHost;
use crate::introspect::{self, Response};

/// For what changes the warehouse and gives nothing back: compiling changes nothing here.
#[expect(clippy::unnecessary_wraps, reason = "the type of a method")]
pub(super) fn nothing(_cx: &Cx, _host: &NodeHost, _args: Args) -> Result<Value, Error> {
    Ok(Value::None)
}

/// A response with a table.
pub(super) fn result(response: &str, table: Table) -> Value {
    Value::tuple(vec![Value::str(response), Value::native(table)])
}

/// `execute(sql, auto_begin, fetch, limit)`: the response and, where it is fetched, the result.
pub(super) fn execute(cx: &Cx, host: &NodeHost, args: Args) -> Result<Value, Error> {
    let [sql, _, fetch, limit] =
        args.bind("BaseAdapter.execute", ["sql", "auto_begin", "fetch", "limit"], 1)?;
    let sql = sql.unwrap_or_default();
    let sql = sql.as_str().unwrap_or_default();
    let fetch = fetch.is_some_and(|fetch| fetch.truth());
    let mut answer = introspect::answer(cx, host, &sql, fetch)?;
    if let Some(Value::Int(limit)) = limit
        && limit > 0
    {
        answer.rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    }
    let table = if fetch {
        answer.into_table()
    } else {
        Table::default()
    };
    Ok(Value::tuple(vec![
        Value::native(Response::ok()),
        Value::native(table),
    ]))
}

/// `add_query(sql, ...)`: a connection and a cursor, which no template can use here.
pub(super) fn add_query(cx: &Cx, host: &NodeHost, args: Args) -> Result<Value, Error> {
    let [sql, ..] = args.bind(
        "SQLAdapter.add_query",
        ["sql", "auto_begin", "bindings", "abridge_sql_log"],
        1,
    )?;
    let sql = sql.unwrap_or_default();
    introspect::answer(cx, host, &sql.as_str().unwrap_or_default(), false)?;
    Ok(Value::tuple(vec![Value::None, Value::None]))
}

/// The columns of a query; their types are Spark's, cut at the first bracket and in capitals (`data_type_code_to_name`).
pub(super) fn get_column_schema_from_query(cx: &Cx, host: &NodeHost, args: Args) -> Result<Value, Error> {
    let [sql] = args.bind("BaseAdapter.get_column_schema_from_query", ["sql"], 1)?;
    let sql = sql.unwrap_or_default();
    let answer = introspect::answer(cx, host, &sql.as_str().unwrap_or_default(), false)?;
    let columns = answer.columns.iter().map(|(name, data_type)| {
        let word = data_type.split(['(', '<']).next().unwrap_or_default();
        Value::native(Column::new(name, &word.to_uppercase()))
    });
    Ok(Value::list(columns.collect()))
}

/// Only the adapter of `BigQuery` has it.
pub(super) fn get_partitions_metadata(_cx: &Cx, _host: &NodeHost, _args: Args) -> Result<Value, Error> {
    Err(Error::new(
        glueline_template::ErrorKind::Python("NotImplementedError"),
        "`get_partitions_metadata` is not implemented for this adapter!",
    ))
}

pub(super) fn get_catalog_integration(_cx: &Cx, _host: &NodeHost, _args: Args) -> Result<Value, Error> {
    Err(Error::unsupported("catalogs.yml is not read"))
}

/// The SQL type of a column of a table (`convert_agate_type`, with dbt-glue's `convert_*_type`).
pub(super) fn convert_type(_cx: &Cx, _host: &NodeHost, args: Args) -> Result<Value, Error> {
    let [table, column] = args.bind("BaseAdapter.convert_type", ["agate_table", "col_idx"], 2)?;
    let table = table.unwrap_or_default();
    let Some(table) = table.downcast::<Table>() else {
        return Err(Error::new(
            glueline_template::ErrorKind::Python("AttributeError"),
            format!("'{}' object has no attribute 'column_types'", table.type_name()),
        ));
    };
    let index = match column {
        Some(Value::Int(index)) => usize::try_from(index).ok(),
        _ => None,
    };
    let Some(kind) = index.and_then(|index| table.data_type(index)) else {
        return Err(Error::new(
            glueline_template::ErrorKind::Python("IndexError"),
            "tuple index out of range",
        ));
    };
    Ok(Value::str(match kind {
        DataType::Integer => "integer",
        DataType::Text => "string",
        DataType::Boolean => "boolean",
        DataType::Date => "date",
        DataType::DateTime => "timestamp",
        DataType::Number => {
            let values = table.rows().filter_map(|row| row.get(index.unwrap_or_default()));
            let has_decimals = values.into_iter().any(|value| match value {
                Value::Float(value) => !equal(&Value::Float(value.trunc()), &Value::Float(*value)),
                _ => false,
            });
            if has_decimals { "double" } else { "bigint" }
        }
    }))
}

/// Privileges with those who hold them, from the rows of `show grants`.
pub(super) fn standardize_grants_dict(cx: &Cx, _host: &NodeHost, args: Args) -> Result<Value, Error> {
    let [table] = args.bind("BaseAdapter.standardize_grants_dict", ["grants_table"], 1)?;
    let mut grants: Vec<(String, Vec<Value>)> = Vec::new();
    for row in cx.iterate(&table.unwrap_or_default())? {
        let grantee = cx.item(&row, &Value::str("grantee"))?;
        let privilege = cx.item(&row, &Value::str("privilege_type"))?;
        let privilege = glueline_template::to_str(&privilege).plain().into_owned();
        match grants.iter_mut().find(|(known, _)| *known == privilege) {
            Some((_, grantees)) => grantees.push(grantee),
            None => grants.push((privilege, vec![grantee])),
        }
    }
    Ok(Value::dict(
        grants
            .into_iter()
            .map(|(privilege, grantees)| (privilege, Value::list(grantees))),
    ))
}
