//! Materialized views, which neither dbt-spark nor dbt-glue has: dbt's own steps, up to where they fail.

use glueline_template::{Args, Error, Value};

use super::call::Call;
use super::materialize::{grant, hooks, relations, with_type};
use super::replace::{applying, missing};
use super::statements::run;
use super::{Row, Run, fill};

pub(super) const MACROS: &[Row] = &[
    Row::new("get_create_materialized_view_as_sql", Run::Write("", "")),
    Row::code("default__get_create_materialized_view_as_sql", |call| {
        missing(call, "get_create_materialized_view_as_sql")
    }),
    Row::new("drop_materialized_view", Run::Write("", "")),
    Row::code("default__drop_materialized_view", |call| {
        let place = call.rendered("relation")?;
        let text = "drop materialized view if exists {place} cascade";
        Ok(call.fill_with(text, &[("place", &place)]))
    }),
    Row::code("get_alter_materialized_view_as_sql", |call| {
        applying(call, "get_alter_materialized_view_as_sql", "ALTER", "relation")
    }),
    Row::code("default__get_alter_materialized_view_as_sql", none_here),
    Row::code("get_materialized_view_configuration_changes", |call| {
        let message = call.fill("Determining configuration changes on: {existing_relation}");
        call.ask("log", vec![message])?;
        call.dispatch("get_materialized_view_configuration_changes", call.values())
    }),
    Row::code("default__get_materialized_view_configuration_changes", none_here),
    Row::code("refresh_materialized_view", |call| {
        applying(call, "refresh_materialized_view", "REFRESH", "relation")
    }),
    Row::code("default__refresh_materialized_view", |call| {
        missing(call, "refresh_materialized_view")
    }),
    Row::code("materialization_materialized_view_default", materialize),
    Row::code("materialized_view_setup", |call| {
        let beside = ["backup_relation", "intermediate_relation"].map(|name| call.arg(name));
        let found = beside.map(|relation| call.ask("load_cached_relation", vec![relation]));
        let [backup, intermediate] = found;
        let backup = call.ask("drop_relation_if_exists", vec![backup?])?;
        let intermediate = call.ask("drop_relation_if_exists", vec![intermediate?])?;
        let hooks = outside(call, "pre_hooks")?;
        Ok(call.fill_with(
            "\n\n    -- backup_relation and intermediate_relation should not already exist in the database\n    \
             -- it's possible these exist because of a previous run that exited unexpectedly\n    \n    \n\n    \
             -- drop the temp relations if they exist already in the database\n    {backup}\n    {intermediate}\n\n    {hooks}\n\n",
            &[("backup", &backup), ("intermediate", &intermediate), ("hooks", &hooks)],
        ))
    }),
    Row::code("materialized_view_teardown", |call| {
        let drop = |name: &str| call.ask("drop_relation_if_exists", vec![call.arg(name)]);
        let backup = drop("backup_relation")?;
        let intermediate = drop("intermediate_relation")?;
        let hooks = outside(call, "post_hooks")?;
        Ok(call.fill_with(
            "\n\n    -- drop the temp relations if they exist to leave the database clean for the next run\n    \
             {backup}\n    {intermediate}\n\n    {hooks}\n\n",
            &[("backup", &backup), ("intermediate", &intermediate), ("hooks", &hooks)],
        ))
    }),
    Row::code("materialized_view_get_build_sql", build_sql),
    Row::code("materialized_view_execute_no_op", |call| {
        let named = vec![
            ("name", "main".into()),
            ("message", call.fill("skip {target_relation}")),
            ("code", "skip".into()),
            ("rows_affected", "-1".into()),
        ];
        call.ask_with("store_raw_result", Vec::new(), named)?;
        Ok("\n    \n".into())
    }),
    Row::code("materialized_view_execute_build_sql", execute),
];

fn none_here(call: &Call<'_>) -> Result<Value, Error> {
    call.refuse("Materialized views have not been implemented for this adapter.")
}

/// The hooks of an argument that run outside of the transaction.
fn outside(call: &Call<'_>, name: &str) -> Result<Value, Error> {
    let named = vec![("inside_transaction", false.into())];
    call.ask_with("run_hooks", vec![call.arg(name)], named)
}

fn materialize(call: &Call<'_>) -> Result<Value, Error> {
    let this = call.cx.lookup("this");
    let existing = call.ask("load_cached_relation", vec![this.clone()])?;
    let kind = call.attr(&this, "MaterializedView")?;
    let target = with_type(call, &this, kind)?;
    let intermediate = call.ask("make_intermediate_relation", vec![target.clone()])?;
    let kind = if existing.is_none() {
        call.attr(&target, "MaterializedView")?
    } else {
        call.attr(&existing, "type")?
    };
    let backup = call.ask("make_backup_relation", vec![target.clone(), kind])?;
    let beside = vec![backup, intermediate];
    let with = |name: &str| [beside.clone(), vec![call.cx.lookup(name)]].concat();
    call.ask("materialized_view_setup", with("pre_hooks"))?;
    let args = [vec![existing.clone(), target.clone()], beside.clone()].concat();
    let sql = call.ask("materialized_view_get_build_sql", args)?;
    if sql.as_str().is_some_and(|sql| sql.is_empty()) {
        call.ask("materialized_view_execute_no_op", vec![target.clone()])?;
    } else {
        let args = vec![sql, existing, target.clone(), call.cx.lookup("post_hooks")];
        call.ask("materialized_view_execute_build_sql", args)?;
    }
    call.ask("materialized_view_teardown", with("post_hooks"))?;
    Ok(relations(target))
}

/// Which of its states the view is in: not there, to be made anew, or to be altered or refreshed.
fn build_sql(call: &Call<'_>) -> Result<Value, Error> {
    let anew = call.ask("should_full_refresh", Vec::new())?;
    let existing = call.arg("existing_relation");
    let target = call.arg("target_relation");
    let sql = call.cx.lookup("sql");
    if existing.is_none() {
        return call.ask("get_create_materialized_view_as_sql", vec![target, sql]);
    }
    if anew.truth() || !call.attr(&existing, "is_materialized_view")?.truth() {
        return call.ask("get_replace_sql", vec![existing, target, sql]);
    }
    let on_change = call.config("on_configuration_change")?;
    let config = call.cx.lookup("config");
    let args = vec![existing.clone(), config];
    let changes = call.ask("get_materialized_view_configuration_changes", args)?;
    if changes.is_none() {
        return call.ask("refresh_materialized_view", vec![target]);
    }
    let found = |choice: &str| -> Result<String, Error> {
        let place = call.cx.call_method(&target, "render", Args::default())?;
        Ok(format!(
            "Configuration changes were identified and `on_configuration_change` was set to `{choice}` for `{}`",
            fill::plain(&place)
        ))
    };
    match fill::plain(&on_change).as_str() {
        "apply" => {
            let [backup, intermediate] =
                ["backup_relation", "intermediate_relation"].map(|name| call.arg(name));
            let args = vec![target.clone(), changes, sql, existing, backup, intermediate];
            call.ask("get_alter_materialized_view_as_sql", args)
        }
        "continue" => {
            call.raise("warn", found("continue")?)?;
            Ok("".into())
        }
        "fail" => call.raise("raise_fail_fast_error", found("fail")?),
        _ => call.refuse("Unexpected configuration scenario"),
    }
}

fn execute(call: &Call<'_>) -> Result<Value, Error> {
    // The macro is given the hooks to run afterwards, and takes those to run before from the node.
    let before = hooks(call, "pre_hooks", Some(true))?;
    let grants = call.config("grants")?;
    run(call, "main", call.fill("\n        {build_sql}\n    "), &[])?;
    let target = call.arg("target_relation");
    grant(call, &target, grants, call.arg("existing_relation"))?;
    call.ask("persist_docs", vec![target, call.cx.lookup("model")])?;
    let inside = vec![("inside_transaction", true.into())];
    let after = call.ask_with("run_hooks", vec![call.arg("post_hooks")], inside)?;
    let done = call.method("adapter", "commit", Vec::new())?;
    Ok(call.fill_with(
        "\n\n    -- `BEGIN` happens here:\n    {before}\n\n    \n\n    \n\n    \n    \n\n    \n\n    {after}\n\n    {done}\n\n",
        &[("before", &before), ("after", &after), ("done", &done)],
    ))
}
