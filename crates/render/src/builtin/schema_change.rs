//! What is done where a model's columns are not those of its table.

use glueline_template::{Error, Value, equal};

use super::Default::None as Nothing;
use super::Row;
use super::call::Call;
use super::fill;
use super::statements::run;

pub(super) const MACROS: &[Row] = &[
    Row::dispatch("process_schema_changes"),
    Row::code("default__process_schema_changes", process),
    Row::dispatch("check_for_schema_changes"),
    Row::code("default__check_for_schema_changes", check),
    Row::dispatch("sync_column_schemas"),
    Row::code("default__sync_column_schemas", sync),
    Row::dispatch("alter_column_type"),
    Row::code("default__alter_column_type", |call| {
        let name = call.arg("column_name");
        let beside = call.cx.add(&name, &"__dbt_alter".into())?;
        let quote = |name: &Value| call.method("adapter", "quote", vec![name.clone()]);
        let place = call.rendered("relation")?;
        let sql = call.fill_with(
            "\n    alter table {place} add column {beside} {new_column_type};\n    update {place} set {beside} = {name};\n    \
             alter table {place} drop column {name} cascade;\n    alter table {place} rename column {beside} to {name}\n  ",
            &[
                ("place", &place),
                ("beside", &quote(&beside)?),
                ("name", &quote(&name)?),
            ],
        );
        run(call, "alter_column_type", sql, &[])?;
        Ok("\n\n".into())
    }),
    Row::code("spark__alter_column_type", |call| {
        let sql =
            call.fill("\n    alter table {relation} alter column {column_name} type {new_column_type};\n  ");
        run(call, "alter_column_type", sql, &[])?;
        Ok("\n".into())
    }),
    Row::dispatch("alter_relation_add_remove_columns")
        .with(&[("add_columns", Nothing), ("remove_columns", Nothing)]),
    Row::code("default__alter_relation_add_remove_columns", |call| {
        let (added, blank) = columns(call, "add_columns")?;
        let (removed, more) = columns(call, "remove_columns")?;
        let comma = if added.is_empty() || removed.is_empty() {
            ""
        } else {
            ","
        };
        let adding = lines(
            &added,
            "\n               add column ",
            "\n            ",
            |column| {
                let parts = [
                    call.attr(column, "quoted")?,
                    call.attr(column, "expanded_data_type")?,
                ];
                Ok(fill::join(" ", parts))
            },
        )?;
        let removing = lines(
            &removed,
            "\n                drop column ",
            "\n            ",
            |column| call.attr(column, "quoted"),
        )?;
        let kind = call.attr(&call.arg("relation"), "type")?;
        let sql = call.fill_with(
            "alter {kind} {place}\n\n            {adding}{comma}\n\n            {removing}",
            &[
                ("kind", &kind),
                ("place", &call.rendered("relation")?),
                ("adding", &adding),
                ("comma", &comma.into()),
                ("removing", &removing),
            ],
        );
        call.ask("run_query", vec![sql])?;
        Ok(format!("\n\n  {blank}\n  {more}\n\n  \n\n").into())
    }),
    Row::code("spark__alter_relation_add_remove_columns", add_columns),
];

/// Spark adds columns, and drops none (`macros/adapters.sql` of dbt-glue).
fn add_columns(call: &Call<'_>) -> Result<Value, Error> {
    let relation = call.arg("relation");
    if call.arg("remove_columns").truth() {
        let is = |name: &str| Ok::<_, Error>(call.attr(&relation, name)?.truth());
        let platform = if is("is_delta")? {
            "Delta Lake"
        } else if is("is_iceberg")? {
            "Iceberg"
        } else {
            "Apache Spark"
        };
        call.refuse(format!(
            "{platform} does not support dropping columns from tables"
        ))?;
    }
    let (added, blank) = columns(call, "add_columns")?;
    let mut end = "\n\n";
    if !added.is_empty() {
        let added = lines(&added, "\n        ", "\n      ", |column| {
            Ok(fill::join(
                " ",
                [call.attr(column, "name")?, call.attr(column, "data_type")?],
            ))
        })?;
        let kind = call.attr(&relation, "type")?;
        let sql = call.fill_with(
            "\n      alter {kind} {relation} add columns\n      {added}\n    ",
            &[("kind", &kind), ("added", &added)],
        );
        run(call, "alter_columns", sql, &[])?;
        end = "\n    \n    \n  \n\n";
    }
    Ok(format!("\n\n  \n\n  {blank}\n\n  {end}").into())
}

/// A list of columns, and the blank lines that a macro leaves where there is none.
fn columns(call: &Call<'_>, name: &str) -> Result<(Vec<Value>, &'static str), Error> {
    match call.arg(name) {
        Value::None => Ok((Vec::new(), "\n    \n  ")),
        columns => Ok((call.iterate(&columns)?, "")),
    }
}

/// One line for each column, with a comma behind all but the last.
fn lines(
    columns: &[Value],
    before: &str,
    after: &str,
    write: impl Fn(&Value) -> Result<Value, Error>,
) -> Result<Value, Error> {
    let count = columns.len();
    let mut written = Vec::new();
    for (index, column) in columns.iter().enumerate() {
        let comma = if index + 1 < count { "," } else { "" };
        written.extend([before.into(), write(column)?, comma.into(), after.into()]);
    }
    Ok(fill::concat(written))
}

fn is_empty_list(value: &Value) -> bool {
    equal(value, &Value::list(Vec::new()))
}

fn process(call: &Call<'_>) -> Result<Value, Error> {
    if call.is_one_of("on_schema_change", &["ignore"]) {
        return Ok(Value::dict::<&str>([]));
    }
    let pair = vec![call.arg("source_relation"), call.arg("target_relation")];
    let changes = call.ask("check_for_schema_changes", pair)?;
    if call.item(&changes, "schema_changed")?.truth() {
        if call.is_one_of("on_schema_change", &["fail"]) {
            call.refuse(out_of_sync(call, &changes)?)?;
        } else {
            let args = vec![
                call.arg("on_schema_change"),
                call.arg("target_relation"),
                changes.clone(),
            ];
            call.ask("sync_column_schemas", args)?;
        }
    }
    call.item(&changes, "source_columns")
}

/// What `on_schema_change: fail` says.
fn out_of_sync(call: &Call<'_>, changes: &Value) -> Result<String, Error> {
    let mut text = String::from(
        "\n              The source and target schemas on this incremental model are out of sync!\
         \n              They can be reconciled in several ways:\
         \n                - set the `on_schema_change` config to either append_new_columns or sync_all_columns, depending on \
         your situation.\
         \n                - Re-run the incremental model with `full_refresh: True` to update the target schema.\
         \n                - update the schema manually and re-run the process.\n\
         \n              Additional troubleshooting context:",
    );
    for (what, key) in [
        ("Source columns not in target", "source_not_in_target"),
        ("Target columns not in source", "target_not_in_source"),
        ("New column types", "new_target_types"),
    ] {
        let found = fill::plain(&call.item(changes, key)?);
        text += &format!("\n                 {what}: {found}");
    }
    Ok(text + "\n          ")
}

fn check(call: &Call<'_>) -> Result<Value, Error> {
    let columns = |name: &str| call.method("adapter", "get_columns_in_relation", vec![call.arg(name)]);
    let source = columns("source_relation")?;
    let target = columns("target_relation")?;
    let added = call.ask("diff_columns", vec![source.clone(), target.clone()])?;
    let removed = call.ask("diff_columns", vec![target.clone(), source.clone()])?;
    let retyped = call.ask("diff_column_data_types", vec![source.clone(), target.clone()])?;
    let changed = Value::Bool(![&added, &removed, &retyped].into_iter().all(is_empty_list));
    let message = call.fill_with(
        "\n    In {target_relation}:\n        Schema changed: {changed}\n        Source columns not in target: {added}\n        \
         Target columns not in source: {removed}\n        New column types: {retyped}\n  ",
        &[
            ("changed", &changed),
            ("added", &added),
            ("removed", &removed),
            ("retyped", &retyped),
        ],
    );
    call.ask("log", vec![message])?;
    Ok(Value::dict([
        ("schema_changed", changed),
        ("source_not_in_target", added),
        ("target_not_in_source", removed),
        ("source_columns", source),
        ("target_columns", target),
        ("new_target_types", retyped),
    ]))
}

fn sync(call: &Call<'_>) -> Result<Value, Error> {
    let changes = call.arg("schema_changes_dict");
    let added = call.item(&changes, "source_not_in_target")?;
    let removed = call.item(&changes, "target_not_in_source")?;
    let retyped = call.item(&changes, "new_target_types")?;
    let target = call.arg("target_relation");
    let has_some = |columns: &Value| Ok::<_, Error>(!call.iterate(columns)?.is_empty());
    if call.is_one_of("on_schema_change", &["append_new_columns"]) {
        if has_some(&added)? {
            let args = vec![target, added.clone(), Value::None];
            call.ask("alter_relation_add_remove_columns", args)?;
        }
    } else if call.is_one_of("on_schema_change", &["sync_all_columns"]) {
        if has_some(&added)? || has_some(&removed)? {
            let args = vec![target.clone(), added.clone(), removed.clone()];
            call.ask("alter_relation_add_remove_columns", args)?;
        }
        if !is_empty_list(&retyped) {
            for change in call.iterate(&retyped)? {
                let [name, kind] = ["column_name", "new_type"].map(|key| call.item(&change, key));
                call.ask("alter_column_type", vec![target.clone(), name?, kind?])?;
            }
        }
    }
    let message = call.fill_with(
        "\n    In {target_relation}:\n        Schema change approach: {on_schema_change}\n        Columns added: {added}\n        \
         Columns removed: {removed}\n        Data types changed: {retyped}\n  ",
        &[("added", &added), ("removed", &removed), ("retyped", &retyped)],
    );
    call.ask("log", vec![message])?;
    Ok("".into())
}
