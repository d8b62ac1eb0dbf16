//! Databases of Glue: whether they are there, making and dropping them (`dbt/adapters/glue/impl.py`).

use std::collections::BTreeSet;

use glueline_project::{Assume, ResourceType};
use glueline_template::{Args, Cx, Error, Value, to_str};
use serde_json::{Value as Json, json};

use super::account::{caller_account, connect, credential};
use super::knowledge::assumed;
use super::python::{attr, text, text_attr};
use crate::host::NodeHost;
use crate::run::NoAnswer;

/// Whether a schema is there. dbt makes those of its nodes before it runs any, but not to compile.
pub(super) fn check_schema_exists(cx: &Cx, host: &NodeHost, args: Args) -> Result<Value, Error> {
    let [_, schema] = args.bind("GlueAdapter.check_schema_exists", ["database", "schema"], 2)?;
    let names = list(host);
    let schema = schema.unwrap_or_default();
    let Some(schema) = schema.as_str() else {
        return Ok(Value::Bool(false));
    };
    let is_known = host.shared.project.state().is_some() || host.run().is_some();
    if !is_known && !names.contains(&*schema) {
        cx.note(format!(
            "whether the schema `{schema}` exists: no catalog file was given"
        ));
    }
    Ok(Value::Bool(names.contains(&*schema)))
}

/// Asks Glue for its databases.
pub(crate) fn list(host: &NodeHost) -> BTreeSet<String> {
    connect(host);
    if let Some(run) = host.run() {
        run.call("glue", "GetDatabases", json!({}));
    }
    now(host)
}

/// Asks Glue for the tables of a database, as dbt does for its cache. What goes wrong counts as no tables
/// (`list_relations_without_caching`).
pub(crate) fn list_tables(host: &NodeHost, schema: &str) {
    connect(host);
    let is_there = now(host).contains(schema);
    if let Some(run) = host.run() {
        let error = (!is_there).then_some("EntityNotFoundException");
        run.call_failing("glue", "GetTables", json!({"DatabaseName": schema}), error);
    }
}

/// The databases that are there by now.
fn now(host: &NodeHost) -> BTreeSet<String> {
    let known = before(host);
    match host.run() {
        Some(run) => run.warehouse().databases(known.into_iter()),
        None => known,
    }
}

/// The databases that are there before anything is run: those of the catalog file, else those that sources are read from, and all that
/// the project writes where that is assumed.
fn before(host: &NodeHost) -> BTreeSet<String> {
    let project = &host.shared.project;
    if let Some(state) = project.state() {
        return state.databases.keys().cloned().collect();
    }
    let assumed = matches!(assumed(host), Assume::Exists | Assume::View);
    host.captured().looks_around = true;
    let nodes = project.nodes().iter().filter(|node| node.enabled);
    let mut names = BTreeSet::new();
    for node in nodes {
        if node.kind == ResourceType::Source {
            names.extend(node.schema.as_deref().map(ToOwned::to_owned));
        } else if assumed {
            let made = crate::renderer::Shared::names(&host.shared, node.id);
            names.extend(made.schema.as_deref().map(ToOwned::to_owned));
        }
    }
    names
}

/// Makes a schema where it is not there, and lets the role of the session use it. What the services refuse is only logged.
pub(super) fn create_schema(cx: &Cx, host: &NodeHost, args: Args) -> Result<Value, Error> {
    let [relation] = args.bind("GlueAdapter.create_schema", ["relation"], 1)?;
    let relation = relation.unwrap_or_default();
    if host.run().is_none() {
        return Ok(Value::None);
    }
    connect(host);
    let account = caller_account(host);
    attr(cx, &relation, "database")?;
    let schema = text_attr(cx, &relation, "schema")?;
    make(host, &schema, &account).map_err(NoAnswer::of_call)?;
    Ok(Value::None)
}

/// Makes a schema as dbt does before it runs nodes. What the services refuse is only logged.
///
/// # Errors
///
/// Where nobody knows what was done.
pub(crate) fn create(host: &NodeHost, schema: &str) -> Result<(), NoAnswer> {
    connect(host);
    let account = caller_account(host);
    make(host, schema, &account)
}

fn make(host: &NodeHost, schema: &str, account: &str) -> Result<(), NoAnswer> {
    let Some(run) = host.run() else {
        return Ok(());
    };
    if list(host).contains(schema) {
        return Ok(());
    }
    let location = credential(host, "location", Value::None);
    let request = json!({"DatabaseInput": {
        "Name": schema,
        "Description": "test dbt database",
        "LocationUri": format!("{}/{schema}/", to_str(&location).plain()),
    }});
    if let Err(why) = run.change("glue", "CreateDatabase", request) {
        run.log(format!("The schema {schema} was not made: {why}"));
        return why.refused();
    }
    run.warehouse().create_database(schema);
    let role = credential(host, "role_arn", Value::None);
    let entry = |resource: Json, permissions: &[&str]| {
        json!({
            "Id": "<UUID>",
            "Principal": {"DataLakePrincipalIdentifier": text(&role)},
            "Resource": resource,
            "Permissions": permissions,
            "PermissionsWithGrantOption": permissions,
        })
    };
    let database = entry(
        json!({"Database": {"Name": schema}}),
        &["ALTER", "CREATE_TABLE", "DROP", "DESCRIBE"],
    );
    let tables = entry(
        json!({"Table": {"DatabaseName": schema, "TableWildcard": {}, "CatalogId": account}}),
        &["SELECT", "INSERT", "DELETE", "DESCRIBE", "ALTER", "DROP"],
    );
    let request = json!({"CatalogId": account, "Entries": [database, tables]});
    if let Err(why) = run.change("lakeformation", "BatchGrantPermissions", request) {
        run.log(format!("The role was not granted the schema {schema}: {why}"));
        return why.refused();
    }
    Ok(())
}

/// Drops a schema where it is there.
pub(super) fn drop_schema(cx: &Cx, host: &NodeHost, args: Args) -> Result<Value, Error> {
    let [relation] = args.bind("GlueAdapter.drop_schema", ["relation"], 1)?;
    let relation = relation.unwrap_or_default();
    let Some(run) = host.run() else {
        return Ok(Value::None);
    };
    connect(host);
    attr(cx, &relation, "database")?;
    let schema = text_attr(cx, &relation, "schema")?;
    if !list(host).contains(&schema) {
        return Ok(Value::None);
    }
    run.change("glue", "DeleteDatabase", json!({"Name": schema}))
        .map_err(NoAnswer::of_call)?;
    run.warehouse().drop_database(&schema);
    Ok(Value::Bool(true))
}
