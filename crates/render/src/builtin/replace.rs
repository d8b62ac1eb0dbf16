//! Relations made, renamed and replaced by way of others beside them (`macros/relations` of dbt).

use glueline_template::{Error, Value, equal};

use super::call::Call;
use super::statements::run;
use super::{Row, Run, fill};

pub(super) const MACROS: &[Row] = &[
    Row::code("get_create_sql", |call| {
        applying(call, "get_create_sql", "CREATE", "relation")
    }),
    Row::code("default__get_create_sql", |call| {
        let [relation, sql] = ["relation", "sql"].map(|name| call.arg(name));
        let (name, args) = match Kind::of(call, &relation)? {
            Kind::View => ("get_create_view_as_sql", vec![relation, sql]),
            Kind::Table => ("get_create_table_as_sql", vec![false.into(), relation, sql]),
            Kind::MaterializedView => ("get_create_materialized_view_as_sql", vec![relation, sql]),
            Kind::Other(kind) => return unknown_kind(call, "get_create_sql", &kind),
        };
        Ok(fill::concat([call.ask(name, args)?]))
    }),
    Row::code("default__get_drop_sql", |call| {
        let name = match Kind::of(call, &call.arg("relation"))? {
            Kind::View => "drop_view",
            Kind::Table => "drop_table",
            Kind::MaterializedView => "drop_materialized_view",
            Kind::Other(kind) => {
                let place = call.rendered("relation")?;
                let values = [("kind", &kind), ("place", &place)];
                return Ok(call.fill_with("drop {kind} if exists {place} cascade", &values));
            }
        };
        Ok(fill::concat([call.ask(name, call.values())?]))
    }),
    Row::code("get_rename_sql", |call| {
        applying(call, "get_rename_sql", "RENAME", "relation")
    }),
    Row::code("default__get_rename_sql", |call| {
        let name = match Kind::of(call, &call.arg("relation"))? {
            Kind::View => "get_rename_view_sql",
            Kind::Table => "get_rename_table_sql",
            Kind::MaterializedView => "get_rename_materialized_view_sql",
            Kind::Other(kind) => return unknown_kind(call, "get_rename_sql", &kind),
        };
        Ok(fill::concat([call.ask(name, call.values())?]))
    }),
    Row::code("get_replace_sql", |call| {
        applying(call, "get_replace_sql", "REPLACE", "existing_relation")
    }),
    Row::code("default__get_replace_sql", replace),
    Row::code("get_create_intermediate_sql", |call| {
        applying(
            call,
            "get_create_intermediate_sql",
            "CREATE INTERMEDIATE",
            "relation",
        )
    }),
    Row::code("default__get_create_intermediate_sql", |call| {
        let beside = call.ask("make_intermediate_relation", vec![call.arg("relation")])?;
        let drop = call.ask("get_drop_sql", vec![beside.clone()])?;
        let create = call.ask("get_create_sql", vec![beside, call.arg("sql")])?;
        Ok(call.fill_with(
            "-- get the standard intermediate name\n    \n\n    -- drop any pre-existing intermediate\n    {drop};\n\n    {create}",
            &[("drop", &drop), ("create", &create)],
        ))
    }),
    Row::code("get_rename_intermediate_sql", |call| {
        applying(
            call,
            "get_rename_intermediate_sql",
            "RENAME INTERMEDIATE",
            "relation",
        )
    }),
    Row::code("default__get_rename_intermediate_sql", |call| {
        let relation = call.arg("relation");
        let beside = call.ask("make_intermediate_relation", vec![relation.clone()])?;
        let name = call.attr(&relation, "identifier")?;
        let rename = call.ask("get_rename_sql", vec![beside, name])?;
        Ok(call.fill_with(
            "-- get the standard intermediate name\n    \n\n    {rename}",
            &[("rename", &rename)],
        ))
    }),
    Row::code("get_create_backup_sql", |call| {
        applying(call, "get_create_backup_sql", "CREATE BACKUP", "relation")
    }),
    Row::code("default__get_create_backup_sql", |call| {
        let beside = backup(call)?;
        let drop = call.ask("get_drop_sql", vec![beside.clone()])?;
        let name = call.attr(&beside, "identifier")?;
        let rename = call.ask("get_rename_sql", vec![call.arg("relation"), name])?;
        Ok(call.fill_with(
            "-- get the standard backup name\n    \n\n    -- drop any pre-existing backup\n    {drop};\n\n    {rename}",
            &[("drop", &drop), ("rename", &rename)],
        ))
    }),
    Row::code("get_drop_backup_sql", |call| {
        applying(call, "get_drop_backup_sql", "DROP BACKUP", "relation")
    }),
    Row::code("default__get_drop_backup_sql", |call| {
        let drop = call.ask("get_drop_sql", vec![backup(call)?])?;
        Ok(call.fill_with(
            "-- get the standard backup name\n    \n\n    {drop}",
            &[("drop", &drop)],
        ))
    }),
    Row::new("get_replace_view_sql", Run::Write("", "")),
    Row::code("default__get_replace_view_sql", |call| {
        missing(call, "get_replace_view_sql")
    }),
    Row::new("get_replace_table_sql", Run::Write("", "")),
    Row::code("default__get_replace_table_sql", |call| {
        missing(call, "get_replace_table_sql")
    }),
    Row::new("get_replace_materialized_view_sql", Run::Write("", "")),
    Row::code("default__get_replace_materialized_view_sql", |call| {
        missing(call, "get_replace_materialized_view_sql")
    }),
    Row::new("get_rename_view_sql", Run::Write("", "")),
    Row::code("default__get_rename_view_sql", |call| {
        missing(call, "get_rename_view_sql")
    }),
    Row::new("get_rename_table_sql", Run::Write("", "")),
    Row::code("default__get_rename_table_sql", |call| {
        missing(call, "get_rename_table_sql")
    }),
    Row::new("get_rename_materialized_view_sql", Run::Write("", "")),
    Row::code("default__get_rename_materialized_view_sql", |call| {
        missing(call, "get_rename_materialized_view_sql")
    }),
    Row::code("default__drop_view", |call| {
        let place = call.rendered("relation")?;
        Ok(call.fill_with("drop view if exists {place} cascade", &[("place", &place)]))
    }),
    Row::dispatch("rename_relation"),
    Row::code("default__rename_relation", |call| {
        let name = call.attr(&call.arg("to_relation"), "identifier")?;
        let name = call.method("adapter", "quote_as_configured", vec![name, "identifier".into()])?;
        let place = call.rendered("from_relation")?;
        let sql = call.fill_with(
            "alter table {place} rename to {name}",
            &[("place", &place), ("name", &name)],
        );
        run(call, "rename_relation", sql, &[])?;
        Ok("\n  \n".into())
    }),
    Row::code("spark__rename_relation", |call| {
        let kind = renamed_kind(call)?;
        let sql = call.fill_with(
            "\n        alter {kind} {from_relation} rename to {to_relation}\n    ",
            &[("kind", &kind.into())],
        );
        run(call, "rename_relation", sql, &[])?;
        Ok("\n".into())
    }),
    Row::code("glue__rename_relation", |call| {
        if renamed_kind(call)? == "table" {
            let done = call.method("adapter", "glue_rename_relation", call.values())?;
            return Ok(fill::concat(["\n        ".into(), done, "\n    \n".into()]));
        }
        let sql = call.method("adapter", "duplicate_view", call.values())?;
        let made = call.ask("glue_exec_query", vec![sql])?;
        let dropped = call.ask("drop_view", vec![call.arg("from_relation")])?;
        Ok(fill::concat([
            "\n        ".into(),
            made,
            "\n        ".into(),
            dropped,
            "\n    \n".into(),
        ]))
    }),
];

/// Which of the kinds that dbt tells apart a relation is.
enum Kind {
    View,
    Table,
    MaterializedView,
    /// Another, or none: the relation's type.
    Other(Value),
}

impl Kind {
    fn of(call: &Call<'_>, relation: &Value) -> Result<Self, Error> {
        let is = |name: &str| Ok::<_, Error>(call.attr(relation, name)?.truth());
        Ok(if is("is_view")? {
            Self::View
        } else if is("is_table")? {
            Self::Table
        } else if is("is_materialized_view")? {
            Self::MaterializedView
        } else {
            Self::Other(call.attr(relation, "type")?)
        })
    }
}

/// Says in the log what is done to a relation, and writes what `adapter.dispatch` finds.
pub(super) fn applying(call: &Call<'_>, name: &str, what: &str, relation: &str) -> Result<Value, Error> {
    let relation = call.arg(relation);
    let message = call.fill_with(
        "Applying {what} to: {place}",
        &[("what", &what.into()), ("place", &relation)],
    );
    call.ask("log", vec![message])?;
    Ok(fill::concat([call.dispatch(name, call.values())?]))
}

/// Says that the adapter has no macro of a name.
pub(super) fn missing(call: &Call<'_>, name: &str) -> Result<Value, Error> {
    call.refuse(format!("`{name}` has not been implemented for this adapter."))
}

fn unknown_kind(call: &Call<'_>, name: &str, kind: &Value) -> Result<Value, Error> {
    let kind = fill::plain(kind);
    call.refuse(format!("`{name}` has not been implemented for: {kind}"))
}

fn backup(call: &Call<'_>) -> Result<Value, Error> {
    let relation = call.arg("relation");
    let kind = call.attr(&relation, "type")?;
    call.ask("make_backup_relation", vec![relation, kind])
}

/// `table` or `view`: what can be renamed.
fn renamed_kind(call: &Call<'_>) -> Result<&'static str, Error> {
    let relation = call.arg("from_relation");
    let kind = call.attr(&relation, "type")?;
    let name = fill::plain(&call.attr(&relation, "identifier")?);
    if !kind.truth() {
        let message = format!("Cannot rename a relation with a blank type: {name}");
        call.raise("raise_database_error", message)?;
    }
    let kind = fill::plain(&kind);
    match kind.as_str() {
        "table" => return Ok("table"),
        "view" => {}
        _ => {
            let message = format!("Unknown type '{kind}' for relation: {name}");
            call.raise("raise_database_error", message)?;
        }
    }
    Ok("view")
}

/// One statement where the relation can be replaced, else several by way of others.
fn replace(call: &Call<'_>) -> Result<Value, Error> {
    let [existing, target, sql] = ["existing_relation", "target_relation", "sql"].map(|name| call.arg(name));
    let same = equal(&call.attr(&existing, "type")?, &call.attr(&target, "type")?);
    let start = "\n\n    \n\n    \n\n    ";
    if same && call.attr(&existing, "can_be_replaced")?.truth() {
        let (name, end) = match Kind::of(call, &existing)? {
            Kind::View => ("get_replace_view_sql", "\n\n    "),
            Kind::Table => ("get_replace_table_sql", "\n\n    "),
            Kind::MaterializedView => ("get_replace_materialized_view_sql", "\n\n    \n\n    "),
            Kind::Other(_) => ("", ""),
        };
        if !name.is_empty() {
            let sql = call.ask(name, vec![target, sql])?;
            return Ok(fill::concat([start.into(), "\n        ".into(), sql, end.into()]));
        }
    }
    let can_rename = |relation: &Value| Ok::<_, Error>(call.attr(relation, "can_be_renamed")?.truth());
    let made = vec![target.clone(), sql];
    let steps = match (can_rename(&target)?, can_rename(&existing)?) {
        (true, true) => vec![
            ("get_create_intermediate_sql", made),
            ("get_create_backup_sql", vec![existing.clone()]),
            ("get_rename_intermediate_sql", vec![target]),
            ("get_drop_backup_sql", vec![existing]),
        ],
        (true, false) => vec![
            ("get_create_intermediate_sql", made),
            ("get_drop_sql", vec![existing]),
            ("get_rename_intermediate_sql", vec![target]),
        ],
        (false, true) => vec![
            ("get_create_backup_sql", vec![existing.clone()]),
            ("get_create_sql", made),
            ("get_drop_backup_sql", vec![existing]),
        ],
        (false, false) => vec![("get_drop_sql", vec![existing]), ("get_create_sql", made)],
    };
    let statements: Result<Vec<_>, _> = steps
        .into_iter()
        .map(|(name, args)| call.ask(name, args))
        .collect();
    Ok(fill::concat([
        start.into(),
        fill::join(";\n        ", statements?),
    ]))
}
