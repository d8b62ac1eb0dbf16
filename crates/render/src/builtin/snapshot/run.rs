//! The materializations of snapshots.

use glueline_catalog::Change;
use glueline_template::{Args, Error, Value};

use super::super::Row;
use super::super::call::Call;
use super::super::fill;
use super::super::materialize::{LakeFormation, grant_and_document, hooks, hooks_before, relations};
use super::super::statements::run;
use super::{column_names, is_list};

pub(in crate::builtin) const MACROS: &[Row] = &[
    Row::code("materialization_snapshot_default", |call| {
        materialize(call, Maker::Dbt)
    }),
    Row::code("materialization_snapshot_spark", |call| {
        materialize(call, Maker::Spark)
    }),
    Row::code("materialization_snapshot_glue", |call| {
        materialize(call, Maker::Glue)
    }),
];

/// Whose materialization it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Maker {
    Dbt,
    Spark,
    Glue,
}

/// The snapshot's relation, and what makes or changes it.
struct Snapshot {
    exists: bool,
    target: Value,
    strategy: Value,
}

fn materialize(call: &Call<'_>, maker: Maker) -> Result<Value, Error> {
    let model = call.cx.lookup("model");
    let alias = alias(call, &model)?;
    let named_strategy = call.config("strategy")?;
    let format = match call.config("file_format")? {
        format if format.truth() => format,
        _ => "parquet".into(),
    };
    let grants = call.config("grants")?;
    let database = match maker {
        Maker::Dbt => call.attr(&model, "database")?,
        Maker::Spark | Maker::Glue => Value::None,
    };
    let place = vec![
        ("database", database),
        ("schema", call.attr(&model, "schema")?),
        ("identifier", alias.clone()),
        ("type", "table".into()),
    ];
    let found = call.ask_with("get_or_create_relation", Vec::new(), place)?;
    let mut found = call.iterate(&found)?.into_iter();
    let exists = found.next().unwrap_or_default();
    let mut target = found.next().unwrap_or_default();
    if maker != Maker::Dbt {
        target = checked_target(call, maker, &exists, target, &format, &alias)?;
    }
    if !call.attr(&target, "is_table")?.truth() {
        let wrong = vec![target.clone(), "table".into()];
        call.method("exceptions", "relation_wrong_type", wrong)?;
    }
    hooks_before(call)?;
    let dispatch = call.ask("strategy_dispatch", vec![named_strategy])?;
    let args = vec![
        model.clone(),
        "snapshotted_data".into(),
        "source_data".into(),
        call.item(&model, "config")?,
        exists.clone(),
    ];
    let strategy = call.cx.call(&dispatch, Args::of(args))?;
    let snapshot = Snapshot {
        exists: exists.truth(),
        target,
        strategy,
    };
    let staged = make(call, maker, &snapshot, &model)?;
    let target = snapshot.target;
    // Nothing ever sets the mode for dbt-spark and dbt-glue.
    let revoking = match maker {
        Maker::Dbt => {
            let mode = vec![("full_refresh_mode", false.into())];
            call.ask_with("should_revoke", vec![exists], mode)?
        }
        Maker::Spark | Maker::Glue => {
            let mode = call.cx.lookup("full_refresh_mode");
            call.ask("should_revoke", vec![exists, mode])?
        }
    };
    let lake = call.config("lf_tags_config")?.is_none() && call.config("lf_grants")?.is_none();
    if maker == Maker::Glue && !lake && !call.has(Change::UntaggedSnapshots)? {
        LakeFormation::of(call)?.apply(call, &target)?;
    }
    grant_and_document(call, &target, grants, revoking)?;
    if maker == Maker::Dbt && !snapshot.exists {
        call.ask("create_indexes", vec![target.clone()])?;
    }
    hooks(call, "post_hooks", Some(true))?;
    call.method("adapter", "commit", Vec::new())?;
    if let Some(staged) = staged {
        call.ask("post_snapshot", vec![staged])?;
    }
    hooks(call, "post_hooks", Some(false))?;
    Ok(relations(target))
}

/// `model.get('alias', model.get('name'))`
fn alias(call: &Call<'_>, model: &Value) -> Result<Value, Error> {
    let name = call.invoke(model, "get", vec!["name".into()], Vec::new())?;
    call.invoke(model, "get", vec!["alias".into(), name], Vec::new())
}

/// The relation with its catalog, where its format is one that can be merged into.
fn checked_target(
    call: &Call<'_>,
    maker: Maker,
    exists: &Value,
    mut target: Value,
    format: &Value,
    alias: &Value,
) -> Result<Value, Error> {
    let name = fill::plain(format);
    let table_type =
        |target: &Value| call.method("adapter", "get_table_type", vec![target.clone(), format.clone()]);
    if maker == Maker::Glue {
        table_type(&target)?;
        if name == "iceberg" {
            target = call.ask("glue__make_target_relation", vec![target, format.clone()])?;
        }
    }
    if !["delta", "iceberg", "hudi"].contains(&name.as_str()) {
        call.refuse(format!(
            "Invalid file format: {name}\n      Snapshot functionality requires file_format be set to 'delta' or 'iceberg' or 'hudi'"
        ))?;
    }
    let model = call.cx.lookup("model");
    let schema = call.attr(&model, "schema")?;
    if exists.truth() {
        let mut mergeable = maker == Maker::Glue && fill::plain(&table_type(&target)?) == "iceberg_table";
        for flag in ["is_iceberg", "is_delta", "is_hudi"] {
            mergeable = mergeable || call.attr(&target, flag)?.truth();
        }
        if !mergeable {
            call.refuse(format!(
                "The existing table {}.{} is in another format than 'delta' or 'iceberg' or 'hudi'",
                fill::plain(&schema),
                fill::plain(alias)
            ))?;
        }
    }
    let place = vec![call.attr(&model, "database")?, schema.clone()];
    if !call.method("adapter", "check_schema_exists", place)?.truth() {
        call.ask("create_schema", vec![schema])?;
    }
    Ok(target)
}

/// Creates the snapshot, or stages what changed and merges it; gives the staging relation.
fn make(call: &Call<'_>, maker: Maker, snapshot: &Snapshot, model: &Value) -> Result<Option<Value>, Error> {
    let Snapshot {
        exists,
        target,
        strategy,
    } = snapshot;
    let (selected, sql, staged) = if *exists {
        merge(call, maker, target, strategy)?
    } else {
        let code = call.item(model, "compiled_code")?;
        let query = call.ask("build_snapshot_table", vec![strategy.clone(), code])?;
        let args = vec![false.into(), target.clone(), query.clone()];
        (query, call.ask("create_table_as", args)?, None)
    };
    if maker == Maker::Dbt {
        call.ask("check_time_data_types", vec![selected])?;
    }
    run(
        call,
        "main",
        call.fill_with("\n      {sql}\n  ", &[("sql", &sql)]),
        &[],
    )?;
    Ok(staged)
}

/// The query of what changed, the merge, and the staging relation.
fn merge(
    call: &Call<'_>,
    maker: Maker,
    target: &Value,
    strategy: &Value,
) -> Result<(Value, Value, Option<Value>), Error> {
    let columns = column_names(call)?;
    let (valid, mut args) = match maker {
        Maker::Dbt => (
            "assert_valid_snapshot_target_given_strategy",
            vec![strategy.clone()],
        ),
        Maker::Spark | Maker::Glue => ("valid_snapshot_target", Vec::new()),
    };
    args.splice(0..0, [target.clone(), columns]);
    call.method("adapter", valid, args)?;
    let args = vec![strategy.clone(), call.cx.lookup("sql"), target.clone()];
    let (selected, build) = match maker {
        Maker::Dbt => (
            call.ask("snapshot_staging_table", args.clone())?,
            "build_snapshot_staging_table",
        ),
        Maker::Spark => (Value::None, "spark_build_snapshot_staging_table"),
        Maker::Glue => (Value::None, "glue_build_snapshot_staging_table"),
    };
    let staged = call.ask(build, args)?;
    let places = vec![("from_relation", staged.clone()), ("to_relation", target.clone())];
    call.method_with("adapter", "expand_target_column_types", places)?;
    let helpers = helper_columns(call, maker, strategy)?;
    let missing = call.method(
        "adapter",
        "get_missing_columns",
        vec![staged.clone(), target.clone()],
    )?;
    let missing = without(call, &missing, &helpers)?;
    let any_missing = !missing.is_empty();
    call.ask("create_columns", vec![target.clone(), Value::list(missing)])?;
    if maker == Maker::Glue && any_missing {
        let sql = call.fill_with(
            "\n          refresh table {target}\n        ",
            &[("target", target)],
        );
        run(call, "refresh_table_metadata", sql, &[])?;
    }
    let inserted = call.method("adapter", "get_columns_in_relation", vec![staged.clone()])?;
    let mut names = Vec::new();
    for column in without(call, &inserted, &helpers)? {
        names.push(call.method("adapter", "quote", vec![call.attr(&column, "name")?])?);
    }
    let named = vec![
        ("target", target.clone()),
        ("source", staged.clone()),
        ("insert_cols", Value::list(names)),
    ];
    let sql = call.ask_with("snapshot_merge_sql", Vec::new(), named)?;
    Ok((selected, sql, Some(staged)))
}

/// The columns of the staging relation that the snapshot does not get.
fn helper_columns(call: &Call<'_>, maker: Maker, strategy: &Value) -> Result<Vec<String>, Error> {
    let known = [
        "dbt_change_type",
        "DBT_CHANGE_TYPE",
        "dbt_unique_key",
        "DBT_UNIQUE_KEY",
    ];
    let mut names: Vec<String> = known.map(str::to_owned).to_vec();
    if maker == Maker::Dbt && is_list(&call.config("unique_key")?) {
        let keys = call.iterate(&call.attr(strategy, "unique_key")?)?;
        for number in 1..=keys.len() {
            names.extend([
                format!("dbt_unique_key_{number}"),
                format!("DBT_UNIQUE_KEY_{number}"),
            ]);
        }
    }
    Ok(names)
}

/// The columns that bear none of these names.
fn without(call: &Call<'_>, columns: &Value, names: &[String]) -> Result<Vec<Value>, Error> {
    let mut kept = Vec::new();
    for column in call.iterate(columns)? {
        let name = call.attr(&column, "name")?;
        if !name
            .as_str()
            .is_some_and(|name| names.iter().any(|known| **known == *name))
        {
            kept.push(column);
        }
    }
    Ok(kept)
}
