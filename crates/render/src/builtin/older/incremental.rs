//! Incremental models before 1.9.0 (`materializations/incremental/incremental.sql` of dbt-glue 1.7.0 to 1.8.6).

use glueline_catalog::Change;
use glueline_template::{Error, Value};

use super::super::call::Call;
use super::super::fill;
use super::super::materialize::{LakeFormation, hooks, relations};
use super::super::merge::is_one_of;
use super::super::statements::run;
use super::before_own_merge::location;

/// What the configs say.
struct Plan {
    format: Value,
    strategy: Value,
    unique_key: Value,
    partition_by: Value,
    location: Value,
    expires: bool,
    properties: Value,
    write_options: Value,
    target: Value,
}

pub(super) fn incremental(call: &Call<'_>) -> Result<Value, Error> {
    let plan = Plan::of(call)?;
    let changes = call.has(Change::ReadsSchemaChange)?;
    call.has(Change::StagesInSession)?;
    let existing = if changes {
        call.ask("load_relation", vec![plan.target.clone()])?
    } else {
        Value::None
    };
    let kind = call.method("adapter", "get_table_type", vec![plan.target.clone()])?;
    let staged = call.ask("make_temp_relation", vec![plan.target.clone(), "_tmp".into()])?;
    let lake = LakeFormation::of(call)?;
    let on_schema_change = if changes {
        call.ask_with(
            "incremental_validate_on_schema_change",
            vec![call.config("on_schema_change")?],
            vec![("default", "ignore".into())],
        )?
    } else {
        Value::None
    };
    set(call, "\n    set spark.sql.autoBroadcastJoinThreshold=-1\n  ")?;
    hooks(call, "pre_hooks", None)?;
    let mut is_incremental = false;
    let sql = if plan.is("hudi") {
        plan.merge_hudi(call)?
    } else {
        if is_one_of(&plan.strategy, &["insert_overwrite"]) && plan.partition_by.truth() {
            set(
                call,
                "\n          set spark.sql.sources.partitionOverwriteMode = DYNAMIC\n        ",
            )?;
        }
        let anew = is_one_of(&kind, &["view"])
            || !kind.is_none() && call.ask("should_full_refresh", Vec::new())?.truth();
        if anew {
            call.ask("drop_relation", vec![plan.target.clone()])?;
        }
        if anew || kind.is_none() {
            plan.create(call)?
        } else if plan.is("iceberg") {
            let sql = plan.write_iceberg(call)?;
            if plan.expires {
                call.method("adapter", "iceberg_expire_snapshots", vec![plan.target.clone()])?;
            }
            sql
        } else {
            is_incremental = true;
            stage(call, &staged)?;
            let args = [
                &plan.strategy,
                &staged,
                &plan.target,
                &plan.unique_key,
                &Value::None,
            ];
            let sql = call.ask("dbt_glue_get_incremental_sql", args.map(Clone::clone).into())?;
            if changes {
                let args = vec![on_schema_change, staged.clone(), existing];
                call.ask("process_schema_changes", args)?;
            }
            sql
        }
    };
    run(call, "main", fill::concat([sql]), &[])?;
    hooks(call, "post_hooks", None)?;
    lake.apply(call, &plan.target)?;
    if is_incremental {
        call.ask("glue__drop_relation", vec![staged])?;
        if plan.is("delta") {
            let args = vec![plan.target.clone(), plan.location, plan.partition_by];
            call.method("adapter", "delta_update_manifest", args)?;
        }
    }
    Ok(relations(plan.target))
}

/// A statement without a name.
fn set(call: &Call<'_>, sql: &str) -> Result<(), Error> {
    run(call, "", call.fill_with(sql, &[]), &[])?;
    Ok(())
}

/// The rows are put into a table beside that of the model (`glue__create_tmp_table_as`).
fn stage(call: &Call<'_>, staged: &Value) -> Result<(), Error> {
    let place = if call.has(Change::OwnStagingLocation)? {
        call.method("adapter", "get_location", vec![staged.clone()])?
    } else {
        location(call, staged)?
    };
    let sql = call.fill_with(
        "\n    set spark.sql.legacy.allowNonEmptyLocationInCTAS=true\n    dbt_next_query\n    DROP TABLE IF EXISTS {staged}\n    \
         dbt_next_query\n    create table {staged}\n    {place}\n    as\n      {query}\n  ",
        &[("staged", staged), ("place", &place), ("query", &call.cx.lookup("sql"))],
    );
    run(call, "create_tmp_table_as", sql, &[("auto_begin", false.into())])?;
    Ok(())
}

impl Plan {
    fn of(call: &Call<'_>) -> Result<Self, Error> {
        let mut format = call.config_or("file_format", "parquet".into())?;
        let mut strategy = call.config_or("incremental_strategy", "insert_overwrite".into())?;
        if is_one_of(&format, &["iceberg"]) {
            call.has(Change::IcebergInMacros)?;
        } else {
            // dbt-spark of that time had the same checks, and the same words.
            format = call.ask("dbt_glue_validate_get_file_format", vec![format])?;
            let args = vec![strategy, format.clone()];
            strategy = call.ask("dbt_glue_validate_get_incremental_strategy", args)?;
        }
        let unique_key = call.config_or("unique_key", Value::None)?;
        if unique_key.is_none() && is_one_of(&format, &["hudi"]) {
            call.refuse("unique_key model configuration is required for HUDI incremental materializations.")?;
        }
        let expires = call.config_or("iceberg_expire_snapshots", "True".into())?;
        Ok(Self {
            format,
            strategy,
            unique_key,
            partition_by: call.config_or("partition_by", Value::None)?,
            location: call.config_or("custom_location", "empty".into())?,
            expires: is_one_of(&expires, &["True"]),
            properties: call.config_or("table_properties", "empty".into())?,
            write_options: call.config_or("write_options", Value::dict::<&str>([]))?,
            target: call.cx.lookup("this"),
        })
    }

    fn is(&self, format: &str) -> bool {
        is_one_of(&self.format, &[format])
    }

    fn create(&self, call: &Call<'_>) -> Result<Value, Error> {
        let query = call.cx.lookup("sql");
        if self.is("iceberg") {
            return self.write_iceberg(call);
        }
        if !self.is("delta") {
            return call.ask("create_table_as", vec![false.into(), self.target.clone(), query]);
        }
        let mut args = vec![
            self.target.clone(),
            query,
            self.unique_key.clone(),
            self.partition_by.clone(),
            self.location.clone(),
        ];
        if call.host()?.version().has(Change::ReplacesTables) {
            args.push(self.write_options.clone());
        }
        call.method("adapter", "delta_create_table", args)?;
        self.look(call, "select * from ")
    }

    fn write_iceberg(&self, call: &Call<'_>) -> Result<Value, Error> {
        let args = vec![
            self.target.clone(),
            call.cx.lookup("sql"),
            self.unique_key.clone(),
            self.partition_by.clone(),
            self.location.clone(),
            self.strategy.clone(),
            self.properties.clone(),
        ];
        call.method("adapter", "iceberg_write", args)?;
        self.look(call, "select * from glue_catalog.")
    }

    fn merge_hudi(&self, call: &Call<'_>) -> Result<Value, Error> {
        let options = call.config_or("hudi_options", Value::dict::<&str>([]))?;
        let variables = call.config_or("substitute_variables", Value::list(Vec::new()))?;
        let args = vec![
            self.target.clone(),
            call.cx.lookup("sql"),
            self.unique_key.clone(),
            self.partition_by.clone(),
            self.location.clone(),
            options,
            variables,
        ];
        call.method("adapter", "hudi_merge_table", args)?;
        self.look(call, "select * from ")
    }

    /// A main statement where all the work has been done already.
    fn look(&self, call: &Call<'_>, start: &'static str) -> Result<Value, Error> {
        Ok(fill::concat([
            start.into(),
            call.attr(&self.target, "schema")?,
            ".".into(),
            call.attr(&self.target, "identifier")?,
            " limit 1 ".into(),
        ]))
    }
}
