//! What is said of a relation once it is there: comments, constraints, grants; and the contract that comes before.

use glueline_template::{Args, Error, Value, equal};

use super::Default::Bool;
use super::Row;
use super::call::{Call, not_implemented};
use super::fill;
use super::statements::run;

pub(super) const MACROS: &[Row] = &[
    Row::dispatch("persist_docs").with(&[("for_relation", Bool(true)), ("for_columns", Bool(true))]),
    Row::code("default__persist_docs", default_docs),
    Row::code("spark__persist_docs", |call| {
        let Some(columns) = documented_columns(call)? else {
            return Ok("\n".into());
        };
        call.ask("alter_column_comment", vec![call.arg("relation"), columns])?;
        Ok("\n    \n    \n    \n  \n".into())
    }),
    Row::dispatch("alter_column_comment"),
    Row::code("default__alter_column_comment", not_implemented),
    Row::code("spark__alter_column_comment", column_comments),
    Row::dispatch("persist_constraints"),
    Row::code("spark__persist_constraints", |call| {
        let contract = call.config("contract")?;
        let enforced = call.attr(&contract, "enforced")?.truth();
        if enforced && fill::plain(&call.config_or("file_format", "delta".into())?) == "delta" {
            for (name, key) in [
                ("alter_table_add_constraints", "constraints"),
                ("alter_column_set_constraints", "columns"),
            ] {
                let said = call.attr(&call.arg("model"), key)?;
                call.ask(name, vec![call.arg("relation"), said])?;
            }
        }
        Ok("\n".into())
    }),
    Row::dispatch("alter_table_add_constraints"),
    Row::code("spark__alter_table_add_constraints", add_constraints),
    Row::dispatch("alter_column_set_constraints"),
    Row::code("spark__alter_column_set_constraints", set_constraints),
    Row::dispatch("apply_grants"),
    Row::code("default__apply_grants", apply_grants).with(&[("should_revoke", Bool(true))]),
    Row::code("default__call_dcl_statements", |call| {
        let statements = call.iterate(&call.arg("dcl_statement_list"))?.into_iter();
        let written =
            statements.map(|sql| fill::concat(["\n            ".into(), sql, ";\n        ".into()]));
        let written = fill::concat(written);
        let sql = call.fill_with("\n        {written}\n    ", &[("written", &written)]);
        run(call, "grants", sql, &[])?;
        Ok("\n    \n    \n".into())
    }),
    Row::code("assert_columns_equivalent", assert_columns),
];

/// The columns of the model that are documented and there, where the config asks for their comments.
fn documented_columns(call: &Call<'_>) -> Result<Option<Value>, Error> {
    let asked =
        call.arg("for_columns").truth() && call.method("config", "persist_column_docs", Vec::new())?.truth();
    let documented = call.attr(&call.arg("model"), "columns")?;
    if !asked || !documented.truth() {
        return Ok(None);
    }
    let relation = call.arg("relation");
    let columns = call.method("adapter", "get_columns_in_relation", vec![relation.clone()])?;
    let mut names = Vec::new();
    for column in call.iterate(&columns)? {
        names.push(call.attr(&column, "name")?);
    }
    let names = Value::list(names);
    call.ask("validate_doc_columns", vec![relation, documented, names])
        .map(Some)
}

fn default_docs(call: &Call<'_>) -> Result<Value, Error> {
    let relation = call.arg("relation");
    let description = call.attr(&call.arg("model"), "description")?;
    let mut text = String::new();
    if call.arg("for_relation").truth()
        && call
            .method("config", "persist_relation_docs", Vec::new())?
            .truth()
        && description.truth()
    {
        let sql = call.ask("alter_relation_comment", vec![relation.clone(), description])?;
        call.ask("run_query", vec![sql])?;
        text += "\n    \n  ";
    }
    text += "\n\n  ";
    if let Some(columns) = documented_columns(call)? {
        let sql = call.ask("alter_column_comment", vec![relation, columns])?;
        text += "\n    \n    \n    \n    ";
        if sql.truth() && fill::trim(&sql).truth() {
            call.ask("run_query", vec![sql])?;
            text += "\n      \n    ";
        }
        text += "\n  ";
    }
    Ok((text + "\n").into())
}

fn column_comments(call: &Call<'_>) -> Result<Value, Error> {
    let format = fill::plain(&call.config("file_format")?);
    if !["delta", "hudi", "iceberg"].contains(&format.as_str()) {
        return Ok("\n  \n".into());
    }
    let relation = call.arg("relation");
    let columns = call.arg("column_dict");
    for key in call.iterate(&columns)? {
        let column = call.cx.item(&columns, &key)?;
        let comment = fill::plain(&call.item(&column, "description")?).replace('\'', "\\'");
        let verb = if call.attr(&relation, "is_iceberg")?.truth() {
            "alter"
        } else {
            "change"
        };
        let sql = call.fill_with(
            "\n        \n          alter table {relation} {verb} column\n              {name}\n              comment '{comment}';\n        \n      ",
            &[
                ("verb", &verb.into()),
                ("name", &quoted(call, &column, &key)?),
                ("comment", &comment.into()),
            ],
        );
        call.ask("run_query", vec![sql])?;
    }
    // Only white space, which no statement holds.
    Ok("\n".into())
}

/// The name of a column, quoted where it says so.
fn quoted(call: &Call<'_>, column: &Value, name: &Value) -> Result<Value, Error> {
    if call.item(column, "quote")?.truth() {
        return call.method("adapter", "quote", vec![name.clone()]);
    }
    Ok(name.clone())
}

fn add_constraints(call: &Call<'_>) -> Result<Value, Error> {
    let mut text = String::from("\n  ");
    for (index, constraint) in call.iterate(&call.arg("constraints"))?.iter().enumerate() {
        let is_check = fill::plain(&call.attr(constraint, "type")?) == "check";
        if !is_check || call.ask("is_incremental", Vec::new())?.truth() {
            text += "\n    \n  ";
            continue;
        }
        text += "\n    \n    \n  ";
        let check = call.attr(constraint, "expression")?;
        // The name of a column, which dbt-spark takes in here, is never set.
        let seed = fill::concat([
            call.cx.lookup("column_name"),
            ";".into(),
            check.clone(),
            format!(";{}", index + 1).into(),
        ]);
        let hash = call.ask("local_md5", vec![seed])?;
        let name = match call.attr(constraint, "name")? {
            name if name.truth() => name,
            _ => hash,
        };
        let sql = call.fill_with(
            "\n        alter table {relation} add constraint {name} check ({check});\n      ",
            &[("name", &name), ("check", &check)],
        );
        run(call, "", sql, &[])?;
    }
    Ok((text + "\n").into())
}

fn set_constraints(call: &Call<'_>) -> Result<Value, Error> {
    let mut text = String::from("\n  ");
    let columns = call.arg("column_dict");
    for key in call.iterate(&columns)? {
        let column = call.cx.item(&columns, &key)?;
        let name = fill::plain(&key);
        text += "\n    \n    ";
        for constraint in call.iterate(&call.item(&column, "constraints")?)? {
            if fill::plain(&call.attr(&constraint, "type")?) != "not_null" {
                call.raise(
                    "warn",
                    format!("Invalid constraint for column {name}. Only `not_null` is supported."),
                )?;
                text += "\n      \n        \n      \n    ";
                continue;
            }
            let expression = match call.attr(&constraint, "expression")? {
                expression if expression.truth() => expression,
                _ => "".into(),
            };
            let sql = call.fill_with(
                "\n          alter table {relation} change column {name} set not null {expression};\n        ",
                &[
                    ("name", &quoted(call, &column, &key)?),
                    ("expression", &expression),
                ],
            );
            run(call, "", sql, &[])?;
            text += "\n      \n        \n        \n      \n    ";
        }
        text += "\n  ";
    }
    Ok((text + "\n").into())
}

fn apply_grants(call: &Call<'_>) -> Result<Value, Error> {
    let wanted = call.arg("grant_config");
    if !wanted.truth() {
        return Ok("\n".into());
    }
    let relation = call.arg("relation");
    let (granted, revoked, mut text) = if call.arg("should_revoke").truth() {
        let (granted, revoked) = difference(call, &relation, wanted)?;
        let mut text = "\n            ".repeat(4);
        if !granted.truth() && !revoked.truth() {
            let place = call.cx.call_method(&relation, "render", Args::default())?;
            let message = format!(
                "On {}: All grants are in place, no revocation or granting needed.",
                fill::plain(&place)
            );
            call.ask("log", vec![message.into()])?;
            text += "\n                \n            ";
        }
        (granted, revoked, text)
    } else {
        (wanted, Value::dict::<&str>([]), "\n            ".to_owned())
    };
    text.insert_str(0, "\n        ");
    text += "\n        \n        ";
    if granted.truth() || revoked.truth() {
        let mut statements = Vec::new();
        for (dict, write) in [(revoked, "get_revoke_sql"), (granted, "get_grant_sql")] {
            let args = vec![relation.clone(), dict, call.cx.lookup(write)];
            statements.extend(call.iterate(&call.ask("get_dcl_statement_list", args)?)?);
        }
        text += &"\n            ".repeat(4);
        if !statements.is_empty() {
            let done = call.ask("call_dcl_statements", vec![Value::list(statements)])?;
            text = format!("{text}\n                {}\n            ", fill::plain(&done));
        }
        text += "\n        ";
    }
    Ok((text + "\n    \n").into())
}

/// The grants that are missing on a relation, and those that are too many.
fn difference(call: &Call<'_>, relation: &Value, wanted: Value) -> Result<(Value, Value), Error> {
    let sql = call.ask("get_show_grant_sql", vec![relation.clone()])?;
    let table = call.ask("run_query", vec![sql])?;
    let held = call.method("adapter", "standardize_grants_dict", vec![table])?;
    let granted = call.ask("diff_of_two_dicts", vec![wanted.clone(), held.clone()])?;
    let revoked = call.ask("diff_of_two_dicts", vec![held, wanted])?;
    Ok((granted, revoked))
}

/// Compares the columns of a query with those that the model declares (`columns_spec_ddl.sql`).
fn assert_columns(call: &Call<'_>) -> Result<Value, Error> {
    let refuse = |declared: Value, found: Value| {
        call.method("exceptions", "raise_contract_error", vec![declared, found])
    };
    let declared = call.item(&call.cx.lookup("model"), "columns")?;
    let empty = || Value::list(Vec::new());
    let said = if declared.truth() {
        Value::str("")
    } else {
        refuse(empty(), empty())?
    };
    let header = call.config_or("sql_header", Value::None)?;
    let found = call.ask("get_column_schema_from_query", vec![call.arg("sql"), header])?;
    let query = call.ask("get_empty_schema_sql", vec![declared])?;
    let wanted = call.ask("get_column_schema_from_query", vec![query])?;
    let found = call.ask("format_columns", vec![found])?;
    let wanted = call.ask("format_columns", vec![wanted])?;
    let (columns, known) = (call.iterate(&found)?, call.iterate(&wanted)?);
    let mut differs = columns.len() != known.len();
    for column in &columns {
        let name = call.item(column, "name")?;
        let mut same = None;
        for other in &known {
            if equal(&call.item(other, "name")?, &name) {
                same = Some(call.item(other, "formatted")?);
                break;
            }
        }
        let formatted = call.item(column, "formatted")?;
        differs = differs || !same.is_some_and(|same| equal(&same, &formatted));
    }
    if differs {
        refuse(wanted, found)?;
    }
    Ok(said)
}
