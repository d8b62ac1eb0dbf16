//! What unit tests are made of.

use glueline_template::{Args, Dict, Error, Key, Value, repr};
use std::sync::Arc;

use super::call::Call;
use super::{Row, Run, fill};

pub(super) const MACROS: &[Row] = &[
    Row::code("get_fixture_sql", fixture),
    Row::code("get_expected_sql", expected),
    Row::code("format_row", format_row),
    Row::dispatch("validate_fixture_rows"),
    Row::text("default__validate_fixture_rows", ""),
    Row::new("get_unit_test_sql", Run::Write("", "")),
    Row::code("default__get_unit_test_sql", unit_test),
];

/// The values of a dict by its keys, each with the key.
fn entries(call: &Call<'_>, dict: &Value) -> Result<Vec<(Value, Value)>, Error> {
    let items = call.cx.call_method(dict, "items", Args::default())?;
    let items = call.iterate(&items)?;
    let pairs = items.iter().map(|item| {
        let mut parts = call.iterate(item)?.into_iter();
        Ok((parts.next().unwrap_or_default(), parts.next().unwrap_or_default()))
    });
    pairs.collect()
}

fn insert(dict: &Dict, name: &Value, value: Value) {
    let name = fill::plain(name);
    dict.insert(Key::str(&name), Value::str(&name), value);
}

/// The types of a relation's columns, and their quoted names, by the names in lower case.
fn described(call: &Call<'_>) -> Result<(Value, Value), Error> {
    let this = call.cx.lookup("this");
    let deferred = call.cx.lookup("defer_relation");
    let there = !deferred.truth() || call.ask("load_relation", vec![this.clone()])?.truth();
    let relation = if there { this } else { deferred };
    let columns = call.method("adapter", "get_columns_in_relation", vec![relation])?;
    let (types, quoted) = (Dict::default(), Dict::default());
    for column in call.iterate(&columns)? {
        let name = fill::plain(&call.attr(&column, "name")?).to_lowercase();
        types.insert_str(&name, call.attr(&column, "data_type")?);
        quoted.insert_str(&name, call.attr(&column, "quoted")?);
    }
    Ok((Value::Dict(Arc::new(types)), Value::Dict(Arc::new(quoted))))
}

fn fixture(call: &Call<'_>) -> Result<Value, Error> {
    let model = call.path("model", &["name"])?;
    let mut text = vec![call.fill_with("\n-- Fixture for {model_name}\n", &[("model_name", &model)])];
    let mut types = call.arg("column_name_to_data_types");
    let mut quoted = Value::undefined_name("column_name_to_quoted");
    if !types.truth() {
        (types, quoted) = described(call)?;
    }
    if !types.truth() {
        let this = fill::plain(&call.cx.lookup("this"));
        call.refuse(format!(
            "Not able to get columns for unit test '{}' from relation {this} because the relation doesn't exist",
            fill::plain(&model)
        ))?;
    }
    let empty = Dict::default();
    for (name, kind) in entries(call, &types)? {
        let null = call.ask("safe_cast", vec!["null".into(), kind])?;
        insert(&empty, &name, fill::trim(&null));
    }
    let rows = call.arg("rows");
    let number = call.cx.lookup("row_number");
    text.push(call.ask("validate_fixture_rows", vec![rows.clone(), number])?);
    let rows = call.iterate(&rows)?;
    let mut selects = Vec::new();
    for row in &rows {
        let values = call.ask("format_row", vec![row.clone(), types.clone()])?;
        let whole = Dict::default();
        for (name, value) in empty.items() {
            insert(&whole, &name, value);
        }
        for (name, value) in entries(call, &values)? {
            insert(&whole, &name, value);
        }
        selects.push(select(call, &whole.items(), &quoted)?);
    }
    text.push(fill::join("\nunion all\n", selects));
    if rows.is_empty() {
        text.push(select(call, &empty.items(), &quoted)?);
        text.push("\n    limit 0".into());
    }
    Ok(fill::concat(text))
}

/// `select value as name, ...`
fn select(call: &Call<'_>, values: &[(Value, Value)], quoted: &Value) -> Result<Value, Error> {
    let mut written = Vec::new();
    for (name, value) in values {
        let name = match quoted {
            Value::Undefined(why) => return Err(Error::compilation(why.message.clone())),
            quoted => call.cx.item(quoted, name)?,
        };
        written.push(fill::concat([" ".into(), value.clone(), " as ".into(), name]));
    }
    Ok(fill::concat(["select".into(), fill::join(",", written)]))
}

fn expected(call: &Call<'_>) -> Result<Value, Error> {
    let rows = call.iterate(&call.arg("rows"))?;
    if rows.is_empty() {
        return Ok("select * from dbt_internal_unit_test_actual\n    limit 0".into());
    }
    let types = call.arg("column_name_to_data_types");
    let quoted = call.arg("column_name_to_quoted");
    let selects = rows.into_iter().map(|row| {
        let values = call.ask("format_row", vec![row, types.clone()])?;
        select(call, &entries(call, &values)?, &quoted)
    });
    let selects: Result<Vec<_>, Error> = selects.collect();
    Ok(fill::join("\nunion all\n", selects?))
}

fn format_row(call: &Call<'_>) -> Result<Value, Error> {
    let types = call.arg("column_name_to_data_types");
    let formatted = Dict::default();
    for (name, value) in entries(call, &call.arg("row"))? {
        let name = fill::plain(&name).to_lowercase();
        let known = entries(call, &types)?;
        let known: Vec<&Value> = known.iter().map(|(known, _)| known).collect();
        if !known.iter().any(|known| fill::plain(known) == name) {
            let fixture = match &*fill::plain(&call.path("model", &["resource_type"])?) {
                "unit_test" => "expected output".to_owned(),
                _ => format!("'{}'", fill::plain(&call.path("model", &["name"])?)),
            };
            if call.host()?.shared.project.state().is_none() {
                // The project need not declare every column, so that dbt may well find this one.
                return Err(Error::unsupported(format!(
                    "whether {fixture} has a column '{name}' is not known: say what is in the catalog with --catalog"
                )));
            }
            let known = repr(&Value::list(known.into_iter().cloned().collect()));
            call.refuse(format!(
                "Invalid column name: '{name}' in unit test fixture for {fixture}.\nAccepted columns for {fixture} are: {known}"
            ))?;
        }
        let mut kind = call.item(&types, &name)?;
        let written = fill::plain(&kind);
        let literal = match &value {
            Value::Str(_) => {
                // A length would cut the text off.
                if written.contains("varying") {
                    kind = written.split('(').next().unwrap_or_default().into();
                }
                let escaped = call.own("escape_single_quotes", vec![value])?;
                call.own("string_literal", vec![escaped])?
            }
            Value::None => "null".into(),
            _ => value,
        };
        formatted.insert_str(&name, call.ask("safe_cast", vec![literal, kind])?);
    }
    Ok(Value::Dict(Arc::new(formatted)))
}

fn unit_test(call: &Call<'_>) -> Result<Value, Error> {
    let names = call.iterate(&call.arg("expected_column_names"))?;
    let label = call.method("adapter", "quote", vec!["actual_or_expected".into()])?;
    Ok(call.fill_with(
        "-- Build actual result given inputs\nwith dbt_internal_unit_test_actual as (\n  select\n    {close}, {actual} as {label}\n  \
         from (\n    {main_sql}\n  ) _dbt_internal_unit_test_actual\n),\n-- Build expected result\ndbt_internal_unit_test_expected as \
         (\n  select\n    {wide}, {expected} as {label}\n  from (\n    {expected_fixture_sql}\n  ) \
         _dbt_internal_unit_test_expected\n)\n-- Union actual and expected results\nselect * from \
         dbt_internal_unit_test_actual\nunion all\nselect * from dbt_internal_unit_test_expected",
        &[
            ("close", &fill::join(",", names.clone())),
            ("wide", &fill::join(", ", names)),
            ("label", &label),
            ("actual", &call.own("string_literal", vec!["actual".into()])?),
            ("expected", &call.own("string_literal", vec!["expected".into()])?),
        ],
    ))
}
