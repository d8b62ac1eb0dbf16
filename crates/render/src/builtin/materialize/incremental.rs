//! Incremental models (`macros/materializations/incremental/incremental.sql` of dbt-glue).

use glueline_catalog::Change;
use glueline_template::{Error, Value};

use super::super::Row;
use super::super::call::Call;
use super::super::fill;
use super::super::merge::{is_one_of, names};
use super::super::python_models::run_python;
use super::super::statements::{run, run_made};
use super::{LakeFormation, existing, hooks, relations, with_type};

pub(in super::super) const MACROS: &[Row] = &[Row::code("materialization_incremental_glue", incremental)];

/// What the configs and the catalog say before anything runs.
struct Plan {
    format: Value,
    strategy: Value,
    is_python: bool,
    /// What the catalog calls the relation that is there: `table`, `view`, `iceberg_table`; none where there is none.
    existing_kind: Value,
    target: Value,
    /// Where new rows are staged.
    staged: Value,
    unique_key: Value,
    partition_by: Value,
    predicates: Value,
    location: Value,
    /// Whether snapshots of Iceberg tables are expired.
    expires: bool,
    lake: LakeFormation,
    write_options: Value,
    substitute_variables: Value,
    on_schema_change: Value,
    /// Whether the columns of the table follow those of the model: Iceberg alone.
    follows_schema: bool,
}

/// What has been done before the main statement.
#[derive(Default)]
struct Built {
    /// The main statement of a model in SQL.
    sql: Value,
    /// Whether rows are added to a table that was there.
    is_incremental: bool,
    is_staged: bool,
}

fn incremental(call: &Call<'_>) -> Result<Value, Error> {
    let plan = Plan::of(call)?;
    if plan.unique_key.is_none() && plan.is(&["hudi"]) {
        call.refuse("unique_key model configuration is required for HUDI incremental materializations.")?;
    }
    hooks(call, "pre_hooks", None)?;
    let built = plan.build(call)?;
    let drops_staged = built.is_incremental && Plan::drops_staged(call, &built)?;
    plan.run_main(call, built.sql)?;
    let target = &plan.target;
    if plan.is(&["iceberg"]) && plan.expires && !plan.is_python {
        call.method("adapter", "iceberg_expire_snapshots", vec![target.clone()])?;
    }
    hooks(call, "post_hooks", None)?;
    let is_delta = plan.is(&["delta"]);
    let target = plan.target;
    plan.lake.apply(call, &target)?;
    if built.is_incremental {
        if drops_staged {
            call.ask("glue__drop_relation", vec![plan.staged])?;
        }
        if is_delta {
            let args = vec![target.clone(), plan.location, plan.partition_by];
            call.method("adapter", "delta_update_manifest", args)?;
        }
    }
    Ok(relations(target))
}

impl Plan {
    fn of(call: &Call<'_>) -> Result<Self, Error> {
        let format = call.config_or("file_format", "parquet".into())?;
        let strategy = call.config_or("incremental_strategy", "insert_overwrite".into())?;
        let format = call.ask("dbt_glue_validate_get_file_format", vec![format])?;
        let args = vec![strategy, format.clone()];
        let strategy = call.ask("dbt_glue_validate_get_incremental_strategy", args)?;
        let language = call.item(&call.cx.lookup("model"), "language")?;
        let this = call.cx.lookup("this");
        let existing_kind = call.method("adapter", "get_table_type", vec![this.clone(), format.clone()])?;
        // No macro sets `identifier`, so that the adapter finds no relation.
        let existing = existing(call, call.cx.lookup("identifier"), &format)?;
        let mut target = if existing.truth() {
            existing
        } else {
            let args = vec![this.clone(), call.config("file_format")?];
            call.ask("glue__make_target_relation", args)?
        };
        if !existing_kind.is_none() {
            let kind = if is_one_of(&existing_kind, &["iceberg_table"]) {
                "table".into()
            } else {
                existing_kind.clone()
            };
            target = with_type(call, &target, kind)?;
        }
        let suffix = match call.config_or("custom_temp_suffix", "tmp".into())? {
            own if !is_one_of(&own, &["tmp"]) && !call.has(Change::TypedStaging)? => "tmp".into(),
            suffix => suffix,
        };
        let suffix = fill::concat(["_".into(), suffix]);
        let staged = call.ask("make_temp_relation", vec![this, suffix])?;
        let unique_key = call.config_or("unique_key", Value::None)?;
        let partition_by = call.config_or("partition_by", Value::None)?;
        let predicates = match call.config_or("predicates", Value::None)? {
            predicates if predicates.truth() => predicates,
            _ => call.config_or("incremental_predicates", Value::None)?,
        };
        let location = call.config_or("custom_location", "empty".into())?;
        let expires = call.config_or("iceberg_expire_snapshots", "True".into())?;
        let lake = LakeFormation::of(call)?;
        let write_options = call.config_or("write_options", Value::dict::<&str>([]))?;
        let substitute_variables = call.config_or("substitute_variables", Value::list(Vec::new()))?;
        let on_schema_change = call.ask_with(
            "incremental_validate_on_schema_change",
            vec![call.config("on_schema_change")?],
            vec![("default", "ignore".into())],
        )?;
        let mode = call.config_or("on_schema_change", "ignore".into())?;
        let follows_schema = (is_one_of(&format, &["iceberg"])
            || is_one_of(&format, &["s3tables"]) && call.has(Change::S3Tables)?)
            && is_one_of(&mode, &["append_new_columns", "sync_all_columns"]);
        Ok(Self {
            format,
            strategy,
            is_python: is_one_of(&language, &["python"]),
            existing_kind,
            target,
            staged,
            unique_key,
            partition_by,
            predicates,
            location,
            expires: is_one_of(&expires, &["True"]),
            lake,
            write_options,
            substitute_variables,
            on_schema_change,
            follows_schema,
        })
    }

    /// Whether what was staged is dropped in the end: always before dbt-glue looked whether it is there, never while it could not tell.
    fn drops_staged(call: &Call<'_>, built: &Built) -> Result<bool, Error> {
        Ok(if call.has(Change::TypedStaging)? {
            built.is_staged
        } else {
            !call.host()?.version().has(Change::S3Tables)
        })
    }

    /// Whether the file format is one of these.
    fn is(&self, formats: &[&str]) -> bool {
        is_one_of(&self.format, formats)
    }

    /// Does all that comes before the main statement, and writes that.
    fn build(&self, call: &Call<'_>) -> Result<Built, Error> {
        if self.is(&["hudi"]) {
            return self.merge_hudi(call);
        }
        if self.existing_kind.is_none() {
            return self.create(call);
        }
        let is_view = is_one_of(&self.existing_kind, &["view"]);
        if is_view || call.ask("should_full_refresh", Vec::new())?.truth() {
            call.ask("drop_relation", vec![self.target.clone()])?;
            return self.create(call);
        }
        let mut built = Built {
            is_incremental: true,
            ..Built::default()
        };
        if !self.is_python {
            built.sql = self.merge(call)?;
            built.is_staged = true;
        }
        Ok(built)
    }

    fn merge_hudi(&self, call: &Call<'_>) -> Result<Built, Error> {
        let options = call.config_or("hudi_options", Value::dict::<&str>([]))?;
        let args = vec![
            self.target.clone(),
            call.cx.lookup("sql"),
            self.unique_key.clone(),
            self.partition_by.clone(),
            self.location.clone(),
            options,
            self.substitute_variables.clone(),
        ];
        call.method("adapter", "hudi_merge_table", args)?;
        self.look(call)
    }

    /// The table is made from nothing.
    fn create(&self, call: &Call<'_>) -> Result<Built, Error> {
        let query = call.cx.lookup("sql");
        if self.is(&["delta"]) {
            let args = vec![
                self.target.clone(),
                query,
                self.unique_key.clone(),
                self.partition_by.clone(),
                self.location.clone(),
                self.write_options.clone(),
            ];
            call.method("adapter", "delta_create_table", args)?;
            return self.look(call);
        }
        let args = vec![false.into(), self.target.clone(), query];
        Ok(Built {
            sql: call.ask("create_table_as", args)?,
            ..Built::default()
        })
    }

    /// A main statement where all the work has been done already.
    fn look(&self, call: &Call<'_>) -> Result<Built, Error> {
        let parts = [
            call.attr(&self.target, "schema")?,
            ".".into(),
            call.attr(&self.target, "identifier")?,
            " limit 1 ".into(),
        ];
        let mut sql = Value::from("select * from ");
        for part in parts {
            sql = call.cx.add(&sql, &part)?;
        }
        Ok(Built {
            sql,
            ..Built::default()
        })
    }

    /// The rows are staged, then added or merged.
    fn merge(&self, call: &Call<'_>) -> Result<Value, Error> {
        let mut args = vec![
            self.strategy.clone(),
            self.staged.clone(),
            self.target.clone(),
            self.unique_key.clone(),
            self.predicates.clone(),
        ];
        if self.follows_schema {
            self.stage(call, "create_tmp_table", |call, query| {
                call.ask("add_iceberg_timestamp_column", vec![query])
            })?;
            let changed = vec![
                self.on_schema_change.clone(),
                self.staged.clone(),
                self.target.clone(),
            ];
            call.ask("process_schema_changes", changed)?;
            if !call.has(Change::MergesNewColumns)? {
                return self.insert(call);
            }
            args.push(call.method("adapter", "get_columns_in_relation", vec![self.target.clone()])?);
        } else {
            self.stage(call, "create_tmp_relation", |_, query| Ok(query))?;
        }
        call.ask("dbt_glue_get_incremental_sql", args)
    }

    /// The staged rows are inserted, column by column.
    fn insert(&self, call: &Call<'_>) -> Result<Value, Error> {
        let columns = call.method("adapter", "get_columns_in_relation", vec![self.target.clone()])?;
        let names = fill::join(", ", names(call, &columns)?);
        let mut places = [&self.staged, &self.target].map(Clone::clone);
        for place in &mut places {
            let args = vec![place.clone(), self.format.clone()];
            *place = call.ask("glue__make_target_relation", args)?;
        }
        let [staged, target] = places;
        Ok(call.fill_with(
            "\n          insert into {target} ({names}) select {names} from {staged}\n          ",
            &[("target", &target), ("names", &names), ("staged", &staged)],
        ))
    }

    fn stage(
        &self,
        call: &Call<'_>,
        name: &str,
        query: fn(&Call<'_>, Value) -> Result<Value, Error>,
    ) -> Result<(), Error> {
        let staged = self.staged.clone();
        run_made(call, name, &[], move |call| {
            let query = query(call, call.cx.lookup("sql"))?;
            let sql = call.ask("create_temporary_view", vec![staged.clone(), query])?;
            Ok(fill::concat([sql]))
        })?;
        Ok(())
    }

    fn run_main(&self, call: &Call<'_>, sql: Value) -> Result<(), Error> {
        if !self.is_python {
            run(call, "main", fill::concat([sql]), &[])?;
            return Ok(());
        }
        // Both branches of the original do the same, but one of them asks first.
        if !self.existing_kind.is_none() {
            call.ask("should_full_refresh", Vec::new())?;
        }
        run_python(call, "python".into(), self.target.clone())
    }
}
