//! dbt-spark's tables and incremental models, which a project reaches by their names alone.

use glueline_template::{Args, Error, Value};

use super::super::Row;
use super::super::call::Call;
use super::super::fill;
use super::super::merge::is_one_of;
use super::super::statements::{run, run_made};
use super::{grant_given, hooks, relations, with_type};

pub(in super::super) const MACROS: &[Row] = &[
    Row::code("materialization_table_spark", table),
    Row::code("materialization_incremental_spark", incremental),
];

/// The statement that makes a table of the model, under a name.
fn create(
    call: &Call<'_>,
    name: &str,
    temporary: bool,
    place: &Value,
    language: &Value,
) -> Result<(), Error> {
    let args = vec![
        temporary.into(),
        place.clone(),
        call.cx.lookup("compiled_code"),
        language.clone(),
    ];
    run_made(call, name, &[("language", language.clone())], move |call| {
        Ok(fill::concat([call.ask("create_table_as", args.clone())?]))
    })?;
    Ok(())
}

fn about_model(call: &Call<'_>, name: &str, target: &Value) -> Result<(), Error> {
    call.ask(name, vec![target.clone(), call.cx.lookup("model")])?;
    Ok(())
}

fn table(call: &Call<'_>) -> Result<Value, Error> {
    let model = call.cx.lookup("model");
    let language = call.item(&model, "language")?;
    let identifier = call.item(&model, "alias")?;
    let grants = call.config("grants")?;
    let place = [
        ("database", call.cx.lookup("database")),
        ("schema", call.cx.lookup("schema")),
        ("identifier", identifier),
    ];
    let old = call.method_with("adapter", "get_relation", place.to_vec())?;
    let mut keywords: Vec<_> = place
        .iter()
        .map(|(name, value)| ((*name).into(), value.clone()))
        .collect();
    keywords.push(("type".into(), "table".into()));
    let class = call.path("api", &["Relation"])?;
    let parts = Args {
        positional: Vec::new(),
        keywords,
    };
    let target = call.cx.call_method(&class, "create", parts)?;
    hooks(call, "pre_hooks", None)?;
    let (kind, replaced) = if old.is_none() {
        (call.attr(&target, "type")?, false)
    } else {
        let format = call.config("file_format")?;
        let is = |name: &str, text: &str| -> Result<bool, Error> {
            Ok(call.attr(&old, name)?.truth() && is_one_of(&format, &[text]))
        };
        let replaced = is("is_delta", "delta")? || is("is_iceberg", "iceberg")?;
        (call.attr(&old, "type")?, replaced)
    };
    if !replaced {
        let dropped = with_type(call, &target, kind)?;
        call.method("adapter", "drop_relation", vec![dropped])?;
    }
    create(call, "main", false, &target, &language)?;
    let anew = vec![("full_refresh_mode", true.into())];
    let revoke = call.ask_with("should_revoke", vec![old], anew)?;
    grant_given(call, &target, grants, revoke)?;
    about_model(call, "persist_docs", &target)?;
    about_model(call, "persist_constraints", &target)?;
    hooks(call, "post_hooks", None)?;
    Ok(relations(target))
}

fn incremental(call: &Call<'_>) -> Result<Value, Error> {
    let format = call.config_or("file_format", "parquet".into())?;
    let strategy = match call.config("incremental_strategy")? {
        strategy if strategy.truth() => strategy,
        _ => "append".into(),
    };
    let grants = call.config("grants")?;
    let format = call.ask("dbt_spark_validate_get_file_format", vec![format])?;
    let args = vec![strategy, format.clone()];
    let strategy = call.ask("dbt_spark_validate_get_incremental_strategy", args)?;
    let unique_key = call.config_or("unique_key", Value::None)?;
    let partition_by = call.config_or("partition_by", Value::None)?;
    let language = call.item(&call.cx.lookup("model"), "language")?;
    let on_change = call.ask_with(
        "incremental_validate_on_schema_change",
        vec![call.config("on_schema_change")?],
        vec![("default", "ignore".into())],
    )?;
    let predicates = match call.config_or("predicates", Value::None)? {
        predicates if predicates.truth() => predicates,
        _ => call.config_or("incremental_predicates", Value::None)?,
    };
    let target = call.cx.lookup("this");
    let existing = call.ask("load_relation", vec![target.clone()])?;
    let staged = staged(call, &target, &language)?;
    if is_one_of(&strategy, &["insert_overwrite", "microbatch"]) && partition_by.truth() {
        run(
            call,
            "",
            "set spark.sql.sources.partitionOverwriteMode = DYNAMIC".into(),
            &[],
        )?;
    }
    hooks(call, "pre_hooks", None)?;
    let replaces = if existing.is_none() || call.attr(&existing, "is_view")?.truth() {
        true
    } else {
        call.ask("should_full_refresh", Vec::new())?.truth()
    };
    if replaces {
        let keeps = is_one_of(&format, &["delta"]) && call.attr(&existing, "is_delta")?.truth();
        if !existing.is_none() && !keeps {
            call.method("adapter", "drop_relation", vec![existing.clone()])?;
        }
        create(call, "main", false, &target, &language)?;
        about_model(call, "persist_constraints", &target)?;
    } else {
        create(call, "create_tmp_relation", true, &staged, &language)?;
        let args = vec![on_change, staged.clone(), existing.clone()];
        call.ask("process_schema_changes", args)?;
        let args = vec![
            strategy,
            staged.clone(),
            target.clone(),
            existing.clone(),
            unique_key,
            predicates,
        ];
        run_made(call, "main", &[], move |call| {
            Ok(fill::concat([
                call.ask("dbt_spark_get_incremental_sql", args.clone())?
            ]))
        })?;
        if is_one_of(&language, &["python"]) {
            let sql = call.fill_with("drop table if exists {staged}", &[("staged", &staged)]);
            run(call, "drop_relation", sql, &[])?;
        }
    }
    // No macro sets `full_refresh_mode`.
    let args = vec![existing, call.cx.lookup("full_refresh_mode")];
    let revoke = call.ask("should_revoke", args)?;
    grant_given(call, &target, grants, revoke)?;
    about_model(call, "persist_docs", &target)?;
    hooks(call, "post_hooks", None)?;
    Ok(relations(target))
}

/// Where new rows are staged: a temporary view of the session, but for a Python model.
fn staged(call: &Call<'_>, target: &Value, language: &Value) -> Result<Value, Error> {
    let name = call.attr(target, "identifier")?;
    let path = Value::dict([("identifier", fill::concat([name, "__dbt_tmp".into()]))]);
    let path = Args {
        positional: Vec::new(),
        keywords: vec![("path".into(), path)],
    };
    let staged = call.cx.call_method(target, "incorporate", path)?;
    if !is_one_of(language, &["sql"]) {
        return Ok(staged);
    }
    let bare = Args {
        positional: Vec::new(),
        keywords: vec![("database".into(), false.into()), ("schema".into(), false.into())],
    };
    call.cx.call_method(&staged, "include", bare)
}
