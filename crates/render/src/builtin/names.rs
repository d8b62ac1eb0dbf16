//! How relations are called: `generate_schema_name` and its kin.

use glueline_template::{Error, Value, to_str};

use super::Default::None as Nothing;
use super::call::Call;
use super::{Row, fill};

pub(super) const MACROS: &[Row] = &[
    Row::dispatch("generate_schema_name").with(&[("custom_schema_name", Nothing), ("node", Nothing)]),
    Row::code("default__generate_schema_name", schema_name),
    Row::code("generate_schema_name_for_env", |call| {
        let production = call.path("target", &["name"])?.as_str().as_deref() == Some("prod");
        let custom = call.arg("custom_schema_name");
        if production && !custom.is_none() {
            Ok(fill::trim(&custom))
        } else {
            Ok(fill::concat([call.path("target", &["schema"])?]))
        }
    }),
    Row::dispatch("generate_alias_name").with(&[("custom_alias_name", Nothing), ("node", Nothing)]),
    Row::code("default__generate_alias_name", alias_name)
        .with(&[("custom_alias_name", Nothing), ("node", Nothing)]),
    Row::dispatch("generate_database_name").with(&[("custom_database_name", Nothing), ("node", Nothing)]),
    Row::code("default__generate_database_name", |call| {
        // A catalog of `catalogs.yml` would answer for the node; dbt-glue has none.
        let custom = call.arg("custom_database_name");
        if custom.is_none() {
            Ok(fill::concat([call.path("target", &["database"])?]))
        } else {
            Ok(fill::concat([custom]))
        }
    })
    .with(&[("custom_database_name", Nothing), ("node", Nothing)]),
    Row::code("spark__generate_database_name", |_| Ok(Value::None))
        .with(&[("custom_database_name", Nothing), ("node", Nothing)]),
    Row::code("glue__generate_database_name", |call| {
        Ok(fill::concat([call.path("target", &["schema"])?]))
    })
    .with(&[("custom_database_name", Nothing), ("node", Nothing)]),
    Row::dispatch("generate_latest_version_pointer_alias")
        .with(&[("custom_alias_name", Nothing), ("node", Nothing)]),
    Row::code("default__generate_latest_version_pointer_alias", |call| {
        let custom = call.arg("custom_alias_name");
        if custom.truth() {
            return Ok(fill::trim(&custom));
        }
        Ok(fill::concat([call.attr(&call.arg("node"), "name")?]))
    })
    .with(&[("custom_alias_name", Nothing), ("node", Nothing)]),
    Row::dispatch("resolve_model_name"),
    Row::code("default__resolve_model_name", |call| {
        // The real one replaces `"` by `\"` as Jinja reads that: by itself.
        Ok(Value::Str(to_str(&call.arg("input_model_name"))))
    }),
];

fn schema_name(call: &Call<'_>) -> Result<Value, Error> {
    let schema = call.path("target", &["schema"])?;
    let custom = call.arg("custom_schema_name");
    if custom.is_none() {
        return Ok(fill::concat([schema]));
    }
    Ok(fill::concat([schema, "_".into(), fill::trim(&custom)]))
}

fn alias_name(call: &Call<'_>) -> Result<Value, Error> {
    let custom = call.arg("custom_alias_name");
    if custom.truth() {
        return Ok(fill::trim(&custom));
    }
    let node = call.arg("node");
    let version = call.attr(&node, "version")?;
    let name = call.attr(&node, "name")?;
    if version.truth() {
        let version = fill::plain(&version).replace('.', "_");
        return Ok(fill::concat([name, "_v".into(), version.into()]));
    }
    Ok(fill::concat([name]))
}
