//! What kind of run this is.

use glueline_catalog::Change;
use glueline_template::{Error, Value};

use super::Default::{Bool, Str as Text};
use super::Row;
use super::call::Call;
use crate::host::Life;
use crate::renderer::Shared;

pub(super) const MACROS: &[Row] = &[
    Row::code("is_incremental", is_incremental),
    Row::code("should_full_refresh", |call| {
        config_or_flag(call, "full_refresh", "FULL_REFRESH")
    }),
    Row::code("should_store_failures", |call| {
        config_or_flag(call, "store_failures", "STORE_FAILURES")
    }),
    Row::code("incremental_validate_on_schema_change", |call| {
        let known = ["sync_all_columns", "append_new_columns", "fail", "ignore"];
        if call.is_one_of("on_schema_change", &known) {
            return Ok(call.arg("on_schema_change"));
        }
        let message = call.fill(
            "Invalid value for on_schema_change ({on_schema_change}) specified. Setting default value of {default}.",
        );
        call.ask("log", vec![message])?;
        Ok(call.arg("default"))
    })
    .with(&[("default", Text("ignore"))]),
    Row::code("should_revoke", |call| {
        if !call.arg("existing_relation").truth() {
            Ok(false.into())
        } else if call.arg("full_refresh_mode").truth() {
            call.ask("copy_grants", Vec::new())
        } else {
            Ok(true.into())
        }
    })
    .with(&[("full_refresh_mode", Bool(true))]),
    Row::code("is_core_v2", |call| {
        let version = super::fill::plain(&call.cx.lookup("dbt_version"));
        Ok((version.split('.').next() == Some("2")).into())
    }),
];

fn config_or_flag(call: &Call<'_>, key: &str, flag: &str) -> Result<Value, Error> {
    match call.config(key)? {
        Value::None => call.path("flags", &[flag]),
        configured => Ok(configured),
    }
}

/// Whether the model's table is there to be added to. dbt-glue asks for the relation with the file format of the config
/// (`materializations/incremental/is_incremental.sql`).
fn is_incremental(call: &Call<'_>) -> Result<Value, Error> {
    let host = call.host()?;
    if !host.executes() {
        return Ok(false.into());
    }
    let Some(node) = host.node_id() else {
        return Ok(false.into());
    };
    let there = match host.scene.life {
        Life::Absent => false,
        Life::Exists => true,
        Life::Known => is_table(call)?,
    };
    if !there || Shared::info(&host.shared, node).materialized() != "incremental" {
        return Ok(false.into());
    }
    let anew = call.ask("should_full_refresh", Vec::new())?;
    Ok((!anew.truth()).into())
}

fn is_table(call: &Call<'_>) -> Result<bool, Error> {
    let this = call.cx.lookup("this");
    let place = ["database", "schema", "table"].map(|part| call.attr(&this, part));
    let [database, schema, table] = place;
    let mut place = vec![database?, schema?, table?];
    let format = call.config("file_format")?;
    let is_s3 = format.as_str().as_deref() == Some("s3tables");
    if !is_s3 || call.has(Change::S3TablesIncremental)? {
        place.push(format);
    }
    let relation = call.method("adapter", "get_relation", place)?;
    if relation.is_none() || relation.is_undefined() {
        return Ok(false);
    }
    Ok(super::fill::plain(&call.attr(&relation, "type")?) == "table")
}
