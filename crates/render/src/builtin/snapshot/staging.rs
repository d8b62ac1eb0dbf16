//! Snapshots: the query of what changed, where it is staged, and how it is merged
//! (`macros/materializations/snapshots/helpers.sql`, `snapshot_merge.sql`, and `snapshot.sql` of dbt-spark and dbt-glue).

use glueline_template::{Args, Error, Value, equal};

use super::super::Row;
use super::super::Run::Write;
use super::super::call::Call;
use super::super::fill;
use super::super::statements::{run, run_made};
use super::{column_names, is_list};

pub(in crate::builtin) const MACROS: &[Row] = &[
    Row::new("snapshot_staging_table", Write("", "\n")),
    Row::code("default__snapshot_staging_table", staging_table),
    Row::new("snapshot_merge_sql", Write("", "")),
    Row::code("default__snapshot_merge_sql", default_merge),
    Row::code("spark__snapshot_merge_sql", spark_merge),
    Row::code("glue__snapshot_merge_sql", spark_merge),
    Row::code("build_snapshot_staging_table", |call| {
        let temporary = call.ask("make_temp_relation", vec![call.arg("target_relation")])?;
        let query = call.ask("snapshot_staging_table", call.values())?;
        stage(
            call,
            "create_table_as",
            vec![true.into(), temporary.clone(), query],
        )?;
        Ok(temporary)
    }),
    Row::code("spark_build_snapshot_staging_table", |call| {
        let target = call.arg("target_relation");
        let schema = if call.attr(&target, "is_iceberg")?.truth() {
            Value::None
        } else {
            call.attr(&target, "schema")?
        };
        stage_view(call, "view", schema, Value::None)
    }),
    Row::code("glue_build_snapshot_staging_table", |call| {
        let target = call.arg("target_relation");
        let schema = call.attr(&target, "schema")?;
        if call.attr(&target, "is_iceberg")?.truth() {
            let database = call.attr(&target, "database")?;
            return stage_view(call, "table", schema, database);
        }
        stage_view(call, "view", schema, Value::None)
    }),
    Row::new("post_snapshot", Write("\n  ", "\n")),
    Row::text("default__post_snapshot", "\n    \n"),
    Row::code("spark__post_snapshot", |call| {
        call.method("adapter", "drop_relation", call.values())?;
        Ok("\n    \n".into())
    }),
    Row::code("glue__post_snapshot", |call| {
        call.ask("glue__drop_view", call.values())?;
        Ok("\n    \n".into())
    }),
    Row::new("create_columns", Write("\n  ", "\n")),
    Row::code("default__create_columns", |call| {
        let relation = call.arg("relation");
        let columns = call.iterate(&call.arg("columns"))?;
        let count = columns.len();
        for column in columns {
            let place = call.cx.call_method(&relation, "render", Args::default())?;
            let name = call.method("adapter", "quote", vec![call.attr(&column, "name")?])?;
            let kind = call.attr(&column, "expanded_data_type")?;
            let sql = call.fill_with(
                "\n      alter table {place} add column {name} {kind};\n    ",
                &[("place", &place), ("name", &name), ("kind", &kind)],
            );
            run(call, "", sql, &[])?;
        }
        Ok(format!("\n  {}\n", "\n    \n  ".repeat(count)).into())
    }),
    Row::code("spark__create_columns", |call| {
        let columns = call.iterate(&call.arg("columns"))?;
        if columns.is_empty() {
            return Ok("\n    \n".into());
        }
        add_columns(call, &columns, "    ")?;
        Ok("\n    \n    \n    \n".into())
    }),
    Row::code("glue__create_columns", glue_columns),
];

/// Adds columns, but none whose name starts with `dbt_`: those that number the parts of a key belong to the staging relation.
fn glue_columns(call: &Call<'_>) -> Result<Value, Error> {
    let columns = call.iterate(&call.arg("columns"))?;
    if columns.is_empty() {
        return Ok("\n    \n".into());
    }
    let mut text = String::from("\n    \n      ");
    let mut kept = Vec::new();
    for column in columns {
        let is_own = fill::plain(&call.attr(&column, "name")?).starts_with("dbt_");
        if !is_own {
            text += "\n        \n          ";
            kept.push(column);
        }
        text += "\n        \n      ";
    }
    text += "\n\n      ";
    if !kept.is_empty() {
        add_columns(call, &kept, "        ")?;
        text += "\n        \n      ";
    }
    Ok((text + "\n    \n").into())
}

/// `alter table ... add columns (...)` with the indentation of the `call` block.
fn add_columns(call: &Call<'_>, columns: &[Value], indent: &str) -> Result<(), Error> {
    let mut written = Vec::new();
    for column in columns {
        let name = call.attr(column, "name")?;
        let kind = call.attr(column, "data_type")?;
        let start = format!("\n      {indent}`");
        written.push(fill::concat([start.into(), name, "` ".into(), kind]));
    }
    let written = fill::join(",", written);
    let text = format!(
        "\n  {indent}alter table {{relation}} add columns (\n    {indent}{{written}}\n  {indent});\n{indent}"
    );
    run(call, "", call.fill_with(&text, &[("written", &written)]), &[])?;
    Ok(())
}

/// Stages by the statement that a macro gives.
fn stage(call: &Call<'_>, name: &'static str, args: Vec<Value>) -> Result<(), Error> {
    run_made(call, "build_snapshot_staging_relation", &[], move |call| {
        let create = call.ask(name, args.clone())?;
        Ok(call.fill_with("\n        {create}\n    ", &[("create", &create)]))
    })?;
    Ok(())
}

/// Stages what changed in a relation beside the snapshot's, which stays so that its columns can be described.
fn stage_view(call: &Call<'_>, kind: &str, schema: Value, database: Value) -> Result<Value, Error> {
    let identifier = call.attr(&call.arg("target_relation"), "identifier")?;
    let staged = call.create_relation(vec![
        ("identifier", fill::concat([identifier, "__dbt_tmp".into()])),
        ("schema", schema),
        ("database", database),
        ("type", kind.into()),
    ])?;
    let query = call.ask("snapshot_staging_table", call.values())?;
    stage(call, "create_view_as", vec![staged.clone(), query])?;
    Ok(staged)
}

/// The config `dbt_valid_to_current`, where there is one.
fn valid_to_current(call: &Call<'_>) -> Result<Option<Value>, Error> {
    Ok(Some(call.config("dbt_valid_to_current")?).filter(Value::truth))
}

const SOURCES: &str = "
    {prelude}
    with snapshot_query as (

        {source_sql}

    ),

    snapshotted_data as (

        select *, {fields}
        from {target_relation}
        where
            {current}

    ),

    insertions_source_data as (

        select *, {fields},
            {updated} as {updated_at},
            {updated} as {valid_from},
            {new_valid_to},
            {scd} as {scd_id}

        from snapshot_query
    ),

    updates_source_data as (

        select *, {fields},
            {updated} as {updated_at},
            {updated} as {valid_from},
            {updated} as {valid_to}

        from snapshot_query
    ),{deletes_source}

    insertions as (

        select
            'insert' as dbt_change_type,
            source_data.*{new_deleted}

        from insertions_source_data as source_data
        left outer join snapshotted_data
            on {join}
            where {missing}
            or ({there} and (
               {changed}{or_deleted}
            )

        )

    ),

    updates as (

        select
            'update' as dbt_change_type,
            source_data.*,
            snapshotted_data.{scd_id}{old_deleted}

        from updates_source_data as source_data
        join snapshotted_data
            on {join}
        where (
            {changed}{or_deleted}
        )
    ){deletes}

    select * from insertions
    union all
    select * from updates{unions}";

const DELETES_SOURCE: &str = "

    deletes_source_data as (

        select *, {fields}
        from snapshot_query
    ),
    ";

const DELETES: &str = "
    ,
    deletes as (

        select
            'delete' as dbt_change_type,
            source_data.*,
            {now} as {valid_from},
            {now} as {updated_at},
            {now} as {valid_to},
            snapshotted_data.{scd_id}{old_deleted}
        from snapshotted_data
        left join deletes_source_data as source_data
            on {join}
            where {gone}{not_again}
    ){records}";

const NOT_AGAIN: &str = "
            and not (
                --avoid updating the record's valid_to if the latest entry is marked as deleted
                snapshotted_data.{is_deleted} = 'True'
                and
                snapshotted_data.{valid_to}{open}
            )";

const RECORDS: &str = "
        
        
    ,
    deletion_records as (

        select
            'insert' as dbt_change_type,{columns}{keys}{now} as {valid_from},
            {now} as {updated_at},
            snapshotted_data.{valid_to} as {valid_to},
            {new_scd} as {scd_id},
            'True' as {is_deleted}
        from snapshotted_data
        left join deletes_source_data as source_data
            on {join}
        where {gone}
        and not (
            --avoid inserting a new record if the latest one is marked as deleted
            snapshotted_data.{is_deleted} = 'True'
            and
            snapshotted_data.{valid_to}{open}
            )

    )";

/// What becomes of rows that the source no longer has: the config `hard_deletes`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deletes {
    Ignore,
    Invalidate,
    NewRecord,
}

impl Deletes {
    fn of(call: &Call<'_>, strategy: &Value) -> Result<Self, Error> {
        Ok(match &*fill::plain(&call.attr(strategy, "hard_deletes")?) {
            "invalidate" => Self::Invalidate,
            "new_record" => Self::NewRecord,
            _ => Self::Ignore,
        })
    }
}

/// The values of the places in the texts above, by name.
struct Places<'a> {
    call: &'a Call<'a>,
    values: Vec<(&'static str, Value)>,
}

impl Places<'_> {
    fn set(&mut self, name: &'static str, value: Value) {
        self.values.push((name, value));
    }

    /// Sets a place to a text with the places that are known so far.
    fn fill(&mut self, name: &'static str, text: &str) {
        let value = self.text(text);
        self.set(name, value);
    }

    fn text(&self, text: &str) -> Value {
        let values: Vec<(&str, &Value)> = self.values.iter().map(|(name, value)| (*name, value)).collect();
        self.call.fill_with(text, &values)
    }
}

/// The rows to insert, to close and to mark as deleted, each with what is to be done.
fn staging_table(call: &Call<'_>) -> Result<Value, Error> {
    let columns = column_names(call)?;
    let strategy = call.arg("strategy");
    let deletes = Deletes::of(call, &strategy)?;
    let mut places = Places {
        call,
        values: Vec::new(),
    };
    for (place, key) in [
        ("valid_to", "dbt_valid_to"),
        ("valid_from", "dbt_valid_from"),
        ("scd_id", "dbt_scd_id"),
        ("updated_at", "dbt_updated_at"),
        ("is_deleted", "dbt_is_deleted"),
    ] {
        places.set(place, call.attr(&columns, key)?);
    }
    for (place, key) in [
        ("updated", "updated_at"),
        ("scd", "scd_id"),
        ("changed", "row_changed"),
    ] {
        places.set(place, call.attr(&strategy, key)?);
    }
    if deletes == Deletes::NewRecord {
        let now = call.ask("snapshot_get_time", Vec::new())?;
        let parts = Value::list(vec![call.attr(&columns, "dbt_scd_id")?, now]);
        places.set("new_scd", call.ask("snapshot_hash_arguments", vec![parts])?);
    }
    let records = deletes == Deletes::NewRecord;
    places.set("prelude", if records { "\n        \n    " } else { "" }.into());
    keys(&mut places, &strategy)?;
    current(&mut places, &columns)?;
    places.set(
        "new_valid_to",
        call.ask("get_dbt_valid_to_current", vec![strategy.clone(), columns])?,
    );
    for (place, text) in [
        ("new_deleted", ",'False' as {is_deleted}"),
        ("or_deleted", "or snapshotted_data.{is_deleted} = 'True' "),
        ("old_deleted", ", snapshotted_data.{is_deleted}"),
        ("not_again", NOT_AGAIN),
    ] {
        places.fill(place, if records { text } else { "" });
    }
    let is_kept = deletes == Deletes::Ignore;
    places.fill("deletes_source", if is_kept { "" } else { DELETES_SOURCE });
    if !is_kept {
        places.set("now", call.ask("snapshot_get_time", Vec::new())?);
    }
    if records {
        record_columns(&mut places, &strategy)?;
    }
    places.fill("records", if records { RECORDS } else { "" });
    places.fill("deletes", if is_kept { "" } else { DELETES });
    places.set(
        "unions",
        match deletes {
            Deletes::Ignore => "",
            Deletes::Invalidate => "\n    union all\n    select * from deletes",
            Deletes::NewRecord => {
                "\n    union all\n    select * from deletes\n    union all\n    select * from deletion_records"
            }
        }
        .into(),
    );
    Ok(places.text(SOURCES))
}

/// What is said of the key.
fn keys(places: &mut Places<'_>, strategy: &Value) -> Result<(), Error> {
    let call = places.call;
    let key = call.attr(strategy, "unique_key")?;
    places.set("fields", call.ask("unique_key_fields", vec![key.clone()])?);
    let sides: Vec<Value> = vec![key.clone(), "snapshotted_data".into(), "source_data".into()];
    places.set("join", call.ask("unique_key_join_on", sides)?);
    for (place, name, side) in [
        ("missing", "unique_key_is_null", "snapshotted_data"),
        ("there", "unique_key_is_not_null", "snapshotted_data"),
        ("gone", "unique_key_is_null", "source_data"),
    ] {
        places.set(place, call.ask(name, vec![key.clone(), side.into()])?);
    }
    Ok(())
}

/// How the rows are told that are valid now.
fn current(places: &mut Places<'_>, columns: &Value) -> Result<(), Error> {
    let call = places.call;
    let Some(value) = valid_to_current(call)? else {
        places.fill("current", "\n                {valid_to} is null\n            ");
        places.set("open", " is null".into());
        return Ok(());
    };
    let column = fill::trim(&call.attr(columns, "dbt_valid_to")?);
    let same = call.ask("equals", vec![column.clone(), fill::trim(&value)])?;
    places.set("same", same);
    places.set("bare_valid_to", column);
    places.fill(
        "current",
        "\n\t\t\n\t\t\n\n\t\t\n                ( {same} or {bare_valid_to} is null )\n            ",
    );
    places.set("open", fill::concat([" = ".into(), value]));
    Ok(())
}

/// The columns of a record that tells of a deletion: old values where the snapshot has the column.
fn record_columns(places: &mut Places<'_>, strategy: &Value) -> Result<(), Error> {
    let call = places.call;
    let described = call.ask("get_columns_in_relation", vec![call.arg("target_relation")])?;
    let known = call.ask("get_list_of_column_names", vec![described])?;
    let known = call.iterate(&known)?;
    let names = call.ask("get_columns_in_query", vec![call.arg("source_sql")])?;
    let mut columns = Vec::new();
    for name in call.iterate(&names)? {
        let side = if known.iter().any(|known| equal(known, &name)) {
            "snapshotted_data."
        } else {
            "source_data."
        };
        let quoted = call.method("adapter", "quote", vec![name])?;
        columns.push(fill::concat([side.into(), quoted, ",".into()]));
    }
    places.set("columns", fill::concat(columns));
    let key = call.attr(strategy, "unique_key")?;
    if !is_list(&key) {
        let text = "snapshotted_data.dbt_unique_key as dbt_unique_key,\n            ";
        places.set("keys", text.into());
        return Ok(());
    }
    let keys = call.iterate(&key)?.into_iter().enumerate().map(|(index, key)| {
        let end = format!(" as dbt_unique_key_{},\n                ", index + 1);
        fill::concat(["snapshotted_data.".into(), key, end.into()])
    });
    places.set("keys", fill::concat(keys));
    Ok(())
}

/// The texts that the two merges share.
fn merge(
    call: &Call<'_>,
    text: &str,
    columns: &Value,
    values: &[(&'static str, Value)],
) -> Result<Value, Error> {
    let mut places = Places {
        call,
        values: values.to_vec(),
    };
    places.set("scd_id", call.attr(columns, "dbt_scd_id")?);
    places.set("valid_to", call.attr(columns, "dbt_valid_to")?);
    Ok(places.text(text))
}

fn default_merge(call: &Call<'_>) -> Result<Value, Error> {
    let names = fill::join(", ", call.iterate(&call.arg("insert_cols"))?);
    let columns = column_names(call)?;
    let column = call.attr(&columns, "dbt_valid_to")?;
    let place = call
        .cx
        .call_method(&call.arg("target"), "render", Args::default())?;
    let open = match valid_to_current(call)? {
        Some(current) => {
            let column = fill::trim(&fill::concat(["DBT_INTERNAL_DEST.".into(), column]));
            let same = call.ask("equals", vec![column.clone(), fill::trim(&current)])?;
            call.fill_with(
                "\n\t\n\t\n\tand ({same} or {column} is null)\n\n     ",
                &[("same", &same), ("column", &column)],
            )
        }
        None => call.fill_with(
            "\n       and DBT_INTERNAL_DEST.{column} is null\n     ",
            &[("column", &column)],
        ),
    };
    merge(
        call,
        "merge into {place} as DBT_INTERNAL_DEST
    using {source} as DBT_INTERNAL_SOURCE
    on DBT_INTERNAL_SOURCE.{scd_id} = DBT_INTERNAL_DEST.{scd_id}

    when matched
     {open}
     and DBT_INTERNAL_SOURCE.dbt_change_type in ('update', 'delete')
        then update
        set {valid_to} = DBT_INTERNAL_SOURCE.{valid_to}

    when not matched
     and DBT_INTERNAL_SOURCE.dbt_change_type = 'insert'
        then insert ({names})
        values ({names})

",
        &columns,
        &[("place", place), ("open", open), ("names", names)],
    )
}

/// The merge of dbt-spark, and of dbt-glue.
fn spark_merge(call: &Call<'_>) -> Result<Value, Error> {
    let columns = column_names(call)?;
    let column = call.attr(&columns, "dbt_valid_to")?;
    let source = call.arg("source");
    let using = if call.attr(&call.arg("target"), "is_iceberg")?.truth() {
        let name = call.attr(&source, "identifier")?;
        fill::concat([
            "\n      \n      using ".into(),
            name,
            " as DBT_INTERNAL_SOURCE\n    ".into(),
        ])
    } else {
        fill::concat([
            "\n      using ".into(),
            source,
            " as DBT_INTERNAL_SOURCE\n    ".into(),
        ])
    };
    let open = match valid_to_current(call)? {
        Some(current) => call.fill_with(
            "\n       and ( DBT_INTERNAL_DEST.{column} = {current} or\n             DBT_INTERNAL_DEST.{column} is null )\n     ",
            &[("column", &column), ("current", &current)],
        ),
        None => call.fill_with(
            "\n       and DBT_INTERNAL_DEST.{column} is null\n     ",
            &[("column", &column)],
        ),
    };
    merge(
        call,
        "merge into {target} as DBT_INTERNAL_DEST
    {using}
    on DBT_INTERNAL_SOURCE.{scd_id} = DBT_INTERNAL_DEST.{scd_id}
    when matched
     {open}
     and DBT_INTERNAL_SOURCE.dbt_change_type in ('update', 'delete')
        then update
        set {valid_to} = DBT_INTERNAL_SOURCE.{valid_to}

    when not matched
     and DBT_INTERNAL_SOURCE.dbt_change_type = 'insert'
        then insert *
    ;
",
        &columns,
        &[("using", using), ("open", open)],
    )
}
