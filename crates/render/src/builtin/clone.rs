//! `dbt clone`: tables that share the data of others.

use glueline_template::{Args, Error, Value};

use super::Row;
use super::call::Call;
use super::materialize::{grant, relations};
use super::statements::run_made;
use super::{fill, merge::is_one_of};

pub(super) const MACROS: &[Row] = &[
    Row::dispatch("can_clone_table"),
    Row::code("default__can_clone_table", |_| Ok(false.into())),
    Row::code("spark__can_clone_table", |_| Ok(true.into())),
    Row::dispatch("create_or_replace_clone"),
    Row::code("default__create_or_replace_clone", |call| {
        let place = call.rendered("this_relation")?;
        let from = call.rendered("defer_relation")?;
        let values = [("place", &place), ("from", &from)];
        Ok(call.fill_with("\n    create or replace table {place} clone {from}\n", &values))
    }),
    Row::text(
        "spark__create_or_replace_clone",
        "\n    create or replace table {this_relation} shallow clone {defer_relation}\n",
    ),
    Row::code("materialization_clone_default", |call| {
        clone(call, Flavour::Default)
    }),
    Row::code("materialization_clone_spark", |call| clone(call, Flavour::Spark)),
];

/// Whose materialization it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flavour {
    /// dbt's own.
    Default,
    /// dbt-spark's, which takes Delta tables alone.
    Spark,
}

fn clone(call: &Call<'_>, flavour: Flavour) -> Result<Value, Error> {
    let none = || Value::dict([("relations", Value::list(Vec::new()))]);
    let from = call.cx.lookup("defer_relation");
    let say = |message: Value| call.ask_with("log", vec![message], vec![("info", true.into())]);
    if !from.truth() {
        let id = call.path("model", &["unique_id"])?;
        say(fill::concat([
            "No relation found in state manifest for ".into(),
            id,
        ]))?;
        return Ok(none());
    }
    let this = call.cx.lookup("this");
    let existing = call.ask("load_cached_relation", vec![this.clone()])?;
    if existing.truth() && !call.path("flags", &["FULL_REFRESH"])?.truth() {
        say(fill::concat([
            "Relation ".into(),
            existing,
            " already exists".into(),
        ]))?;
        return Ok(none());
    }
    let other = call.ask("load_cached_relation", vec![from.clone()])?;
    let can_clone = call.ask("can_clone_table", Vec::new())?;
    let grants = match flavour {
        Flavour::Default => call.config("grants")?,
        Flavour::Spark => {
            let format = call.config("file_format")?;
            if !is_one_of(&format, &["delta"]) {
                call.refuse(format!(
                    "Invalid file format: {}\n      shallow clone requires file_format be set to 'delta'",
                    fill::plain(&format)
                ))?;
                return Ok("".into());
            }
            // The macro never sets it.
            call.cx.lookup("grant_config")
        }
    };
    let is_table = other.truth() && is_one_of(&call.attr(&other, "type")?, &["table"]);
    if !is_table || !can_clone.truth() {
        return as_view(call);
    }
    let target = super::materialize::with_type(call, &this, "table".into())?;
    if !existing.is_none() && !call.attr(&existing, "is_table")?.truth() {
        let kind = call.attr(&existing, "type")?;
        let place = match flavour {
            Flavour::Default => call.cx.call_method(&existing, "render", Args::default())?,
            Flavour::Spark => existing.clone(),
        };
        let message = [
            "Dropping relation ".into(),
            place,
            " because it is of type ".into(),
            kind,
        ];
        call.ask("log", vec![fill::concat(message)])?;
        call.ask("drop_relation_if_exists", vec![existing.clone()])?;
    }
    if flavour == Flavour::Default && is_same(call, &target, &from)? {
        let place = call.cx.call_method(&target, "render", Args::default())?;
        let message = "Target relation and defer relation are the same, skipping clone for relation: ";
        call.ask("log", vec![fill::concat([message.into(), place])])?;
    } else {
        let args = vec![target.clone(), from];
        run_made(call, "main", &[], move |call| {
            let sql = call.ask("create_or_replace_clone", args.clone())?;
            // The two indent the statement differently only outside of it.
            Ok(match flavour {
                Flavour::Default => call.fill_with("\n            {sql}\n        ", &[("sql", &sql)]),
                Flavour::Spark => call.fill_with("\n          {sql}\n      ", &[("sql", &sql)]),
            })
        })?;
    }
    grant(call, &target, grants, existing)?;
    call.ask("persist_docs", vec![target.clone(), call.cx.lookup("model")])?;
    Ok(relations(target))
}

fn is_same(call: &Call<'_>, one: &Value, other: &Value) -> Result<bool, Error> {
    for part in ["database", "schema", "identifier"] {
        if !glueline_template::equal(&call.attr(one, part)?, &call.attr(other, part)?) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// What cannot be cloned becomes a view of it.
fn as_view(call: &Call<'_>) -> Result<Value, Error> {
    let kind = call.method("adapter", "type", Vec::new())?;
    let name = format!("materialization_view_{}", fill::plain(&kind));
    let found = call.cx.lookup(&name);
    let found = if found.is_undefined() {
        call.cx.lookup("materialization_view_default")
    } else {
        found
    };
    call.cx.call(&found, Args::default())
}
