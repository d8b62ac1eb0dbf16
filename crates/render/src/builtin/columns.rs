//! Columns: what a query gives, what a model declares, how two lists differ.

use glueline_template::{Args, Error, Value, equal, repr};

use super::Default::None as Nothing;
use super::call::Call;
use super::{Row, Run, fill};

pub(super) const MACROS: &[Row] = &[
    Row::code("sql_convert_columns_in_relation", |call| {
        let class = call.path("api", &["Column"])?;
        let rows = call.iterate(&call.arg("table"))?;
        let columns = rows.iter().map(|row| {
            let parts = call.iterate(row)?;
            call.cx.call(&class, Args::of(parts))
        });
        Ok(Value::list(columns.collect::<Result<_, _>>()?))
    }),
    Row::code("get_list_of_column_names", |call| {
        attributes(call, &call.arg("columns"), "name").map(Value::list)
    }),
    Row::dispatch("get_empty_subquery_sql").with(&[("select_sql_header", Nothing)]),
    Row::code("default__get_empty_subquery_sql", |call| {
        let header = match call.arg("select_sql_header") {
            Value::None => "".into(),
            header => header,
        };
        Ok(call.fill_with(
            "{header}select * from (\n        {select_sql}\n    ) as __dbt_sbq\n    where false\n    limit 0\n",
            &[("header", &header)],
        ))
    })
    .with(&[("select_sql_header", Nothing)]),
    Row::dispatch("get_empty_schema_sql"),
    Row::code("default__get_empty_schema_sql", empty_schema),
    Row::code("get_column_schema_from_query", |call| {
        let sql = call.ask("get_empty_subquery_sql", call.values())?;
        call.method("adapter", "get_column_schema_from_query", vec![sql])
    })
    .with(&[("select_sql_header", Nothing)]),
    Row::code("get_quoted_csv", |call| {
        let names = call.iterate(&call.arg("column_names"))?;
        let quoted: Result<Vec<_>, _> = names
            .into_iter()
            .map(|name| call.method("adapter", "quote", vec![name]))
            .collect();
        Ok(fill::join(", ", quoted?))
    }),
    Row::code("diff_columns", |call| {
        let known = attributes(call, &call.arg("target_columns"), "column")?;
        let mut missing = Vec::new();
        for column in call.iterate(&call.arg("source_columns"))? {
            let name = call.attr(&column, "name")?;
            if !known.iter().any(|known| equal(known, &name)) {
                missing.push(column);
            }
        }
        Ok(Value::list(missing))
    }),
    Row::dispatch("diff_column_data_types"),
    Row::code("default__diff_column_data_types", diff_types),
    Row::dispatch("get_merge_update_columns"),
    Row::code("default__get_merge_update_columns", |call| {
        let all = attributes(call, &call.arg("dest_columns"), "quoted")?;
        merge_update_columns(call, Value::list(all))
    }),
    Row::code("spark__get_merge_update_columns", |call| {
        merge_update_columns(call, Value::None)
    }),
    Row::code("format_columns", |call| {
        let columns = call.iterate(&call.arg("columns"))?;
        let formatted: Result<Vec<_>, _> = columns
            .into_iter()
            .map(|column| call.dispatch("format_column", vec![column]))
            .collect();
        Ok(Value::list(formatted?))
    }),
    Row::code("default__format_column", |call| {
        let column = call.arg("column");
        let kind = call.attr(&column, "dtype")?;
        let lower = fill::plain(&call.attr(&column, "column")?).to_lowercase();
        let formatted = fill::concat([lower.into(), " ".into(), kind.clone()]);
        Ok(Value::dict([
            ("name", call.attr(&column, "name")?),
            ("data_type", kind),
            ("formatted", formatted),
        ]))
    }),
    Row::dispatch("get_select_subquery"),
    Row::code("default__get_select_subquery", |call| {
        let names = call.dispatch("get_column_names", Vec::new())?;
        Ok(call.fill_with(
            "\n    select {names}\n    from (\n        {sql}\n    ) as model_subq",
            &[("names", &names)],
        ))
    }),
    Row::code("default__get_column_names", |call| {
        let declared = call.item(&call.cx.lookup("model"), "columns")?;
        let mut names = Vec::new();
        for key in call.iterate(&declared)? {
            names.push(written_name(call, &call.cx.item(&declared, &key)?)?);
        }
        Ok(fill::join(", ", names))
    }),
    Row::new("get_table_columns_and_constraints", Run::Write("", "")),
    Row::code("default__get_table_columns_and_constraints", |call| {
        call.ask("table_columns_and_constraints", Vec::new())
    }),
    Row::new("get_assert_columns_equivalent", Run::Write("", "")),
    Row::code("default__get_assert_columns_equivalent", |call| {
        call.ask("assert_columns_equivalent", call.values())
    }),
];

/// `columns | map(attribute=name) | list`.
fn attributes(call: &Call<'_>, columns: &Value, name: &str) -> Result<Vec<Value>, Error> {
    let columns = call.iterate(columns)?;
    columns.iter().map(|column| call.attr(column, name)).collect()
}

/// The name of a declared column, quoted where it says so.
fn written_name(call: &Call<'_>, column: &Value) -> Result<Value, Error> {
    let name = call.item(column, "name")?;
    let quoted = call
        .cx
        .call_method(column, "get", Args::of(vec!["quote".into()]))?;
    if quoted.truth() {
        return call.method("adapter", "quote", vec![name]);
    }
    Ok(name)
}

fn empty_schema(call: &Call<'_>) -> Result<Value, Error> {
    let columns = call.arg("columns");
    let mut untyped = Vec::new();
    let mut imprecise = Vec::new();
    let mut written = Vec::new();
    for key in call.iterate(&columns)? {
        let column = call.cx.item(&columns, &key)?;
        let kind = call.item(&column, "data_type")?;
        let lower = fill::plain(&kind).trim().to_lowercase();
        if kind.is_undefined() {
            untyped.push(call.item(&column, "name")?);
        } else if ["numeric", "decimal", "number"].contains(&lower.as_str()) {
            imprecise.push(call.item(&column, "name")?);
        }
        let cast = call.ask("cast", vec!["null".into(), kind])?;
        let name = written_name(call, &column)?;
        written.push(fill::concat(["\n      ".into(), cast, " as ".into(), name]));
    }
    let mut text = vec!["select\n    ".into(), fill::join(", ", written)];
    if !untyped.is_empty() {
        let names = vec![("column_names", Value::list(untyped))];
        text.push(call.method_with("exceptions", "column_type_missing", names)?);
    } else if !imprecise.is_empty() {
        let names = repr(&Value::list(imprecise));
        text.push(call.raise(
            "warn",
            format!(
                "Detected columns with numeric type and unspecified precision/scale, this can lead to unintended rounding: {names}`"
            ),
        )?);
    }
    Ok(fill::concat(text))
}

fn diff_types(call: &Call<'_>) -> Result<Value, Error> {
    let targets = call.iterate(&call.arg("target_columns"))?;
    let mut changed = Vec::new();
    for source in call.iterate(&call.arg("source_columns"))? {
        let name = call.attr(&source, "name")?;
        let mut same = None;
        for target in &targets {
            if equal(&call.attr(target, "name")?, &name) {
                same = Some(target.clone());
                break;
            }
        }
        let Some(target) = same.filter(Value::truth) else {
            continue;
        };
        let kind = call.attr(&source, "expanded_data_type")?;
        if equal(&kind, &call.attr(&target, "expanded_data_type")?) {
            continue;
        }
        let other = Args {
            positional: Vec::new(),
            keywords: vec![("other_column".into(), target.clone())],
        };
        if !call.cx.call_method(&source, "can_expand_to", other)?.truth() {
            let name = call.attr(&target, "name")?;
            changed.push(Value::dict([("column_name", name), ("new_type", kind)]));
        }
    }
    Ok(Value::list(changed))
}

fn merge_update_columns(call: &Call<'_>, all: Value) -> Result<Value, Error> {
    let chosen = call.arg("merge_update_columns");
    let left_out = call.arg("merge_exclude_columns");
    if chosen.truth() && left_out.truth() {
        return call.refuse(
            "Model cannot specify merge_update_columns and merge_exclude_columns. Please update model to use only one config",
        );
    }
    if chosen.truth() {
        return Ok(chosen);
    }
    if !left_out.truth() {
        return Ok(all);
    }
    let left_out: Vec<String> = call
        .iterate(&left_out)?
        .iter()
        .map(|name| fill::plain(name).to_lowercase())
        .collect();
    let mut kept = Vec::new();
    for column in call.iterate(&call.arg("dest_columns"))? {
        let name = fill::plain(&call.attr(&column, "column")?).to_lowercase();
        if !left_out.contains(&name) {
            kept.push(call.attr(&column, "quoted")?);
        }
    }
    Ok(Value::list(kept))
}
