//! dbt's own materializations, which a project reaches by their names alone.

use glueline_template::{Error, Value};

use super::super::Row;
use super::super::call::Call;
use super::super::fill;
use super::super::statements::{run, run_made};
use super::{grant, hooks, relations, with_type};

pub(in super::super) const MACROS: &[Row] = &[
    Row::code("materialization_table_default", table),
    Row::code("materialization_view_default", view),
    Row::code("materialization_incremental_default", incremental),
];

/// The relations that dbt's own materializations work with.
struct Relations {
    /// The one that is there, or none.
    existing: Value,
    target: Value,
    /// Where it is made first.
    intermediate: Value,
    /// What the one that is there is called afterwards.
    backup: Value,
}

impl Relations {
    fn of(call: &Call<'_>, kind: &str) -> Result<Self, Error> {
        let this = call.cx.lookup("this");
        let existing = call.ask("load_cached_relation", vec![this.clone()])?;
        let target = with_type(call, &this, kind.into())?;
        let intermediate = call.ask("make_intermediate_relation", vec![target.clone()])?;
        let old = if existing.is_none() {
            kind.into()
        } else {
            call.attr(&existing, "type")?
        };
        let backup = call.ask("make_backup_relation", vec![target.clone(), old])?;
        Ok(Self {
            existing,
            target,
            intermediate,
            backup,
        })
    }

    /// What earlier runs left.
    fn leftovers(&self, call: &Call<'_>) -> Result<Vec<Value>, Error> {
        let beside = [&self.intermediate, &self.backup].into_iter();
        beside
            .map(|relation| call.ask("load_cached_relation", vec![relation.clone()]))
            .collect()
    }

    /// Renames what is there, if it still is, then puts the new relation in its place.
    fn swap(&mut self, call: &Call<'_>) -> Result<(), Error> {
        if !self.existing.is_none() {
            self.existing = call.ask("load_cached_relation", vec![self.existing.clone()])?;
            if !self.existing.is_none() {
                rename(call, &self.existing, &self.backup)?;
            }
        }
        rename(call, &self.intermediate, &self.target)
    }

    fn persist_docs(&self, call: &Call<'_>) -> Result<(), Error> {
        call.ask("persist_docs", vec![self.target.clone(), call.cx.lookup("model")])?;
        Ok(())
    }

    fn finish(self, call: &Call<'_>) -> Result<Value, Error> {
        call.method("adapter", "commit", Vec::new())?;
        drop_all(call, vec![self.backup])?;
        hooks(call, "post_hooks", Some(false))?;
        Ok(relations(self.target))
    }
}

fn drop_all(call: &Call<'_>, relations: Vec<Value>) -> Result<(), Error> {
    for relation in relations {
        call.ask("drop_relation_if_exists", vec![relation])?;
    }
    Ok(())
}

fn rename(call: &Call<'_>, from: &Value, to: &Value) -> Result<(), Error> {
    call.method("adapter", "rename_relation", vec![from.clone(), to.clone()])?;
    Ok(())
}

fn table(call: &Call<'_>) -> Result<Value, Error> {
    let mut plan = Relations::of(call, "table")?;
    let leftovers = plan.leftovers(call)?;
    let grants = call.config("grants")?;
    drop_all(call, leftovers)?;
    hooks(call, "pre_hooks", Some(false))?;
    hooks(call, "pre_hooks", Some(true))?;
    let args = vec![false.into(), plan.intermediate.clone(), call.cx.lookup("sql")];
    run_made(call, "main", &[], move |call| {
        Ok(fill::concat([call.ask("get_create_table_as_sql", args.clone())?]))
    })?;
    call.ask("create_indexes", vec![plan.intermediate.clone()])?;
    plan.swap(call)?;
    hooks(call, "post_hooks", Some(true))?;
    grant(call, &plan.target, grants, plan.existing.clone())?;
    plan.persist_docs(call)?;
    plan.finish(call)
}

fn view(call: &Call<'_>) -> Result<Value, Error> {
    let mut plan = Relations::of(call, "view")?;
    let leftovers = plan.leftovers(call)?;
    let grants = call.config("grants")?;
    hooks(call, "pre_hooks", Some(false))?;
    drop_all(call, leftovers)?;
    hooks(call, "pre_hooks", Some(true))?;
    let args = vec![plan.intermediate.clone(), call.cx.lookup("sql")];
    run_made(call, "main", &[], move |call| {
        Ok(fill::concat([call.ask("get_create_view_as_sql", args.clone())?]))
    })?;
    plan.swap(call)?;
    grant(call, &plan.target, grants, plan.existing.clone())?;
    plan.persist_docs(call)?;
    hooks(call, "post_hooks", Some(true))?;
    plan.finish(call)
}

fn incremental(call: &Call<'_>) -> Result<Value, Error> {
    let plan = Relations::of(call, "table")?;
    // dbt makes the name of the temporary relation before the others; nothing tells the difference.
    let staged = call.ask("make_temp_relation", vec![plan.target.clone()])?;
    let unique_key = call.config("unique_key")?;
    let anew = call.ask("should_full_refresh", Vec::new())?;
    let anew = if anew.truth() {
        anew
    } else {
        call.attr(&plan.existing, "is_view")?
    };
    let on_change = call.ask_with(
        "incremental_validate_on_schema_change",
        vec![call.config("on_schema_change")?],
        vec![("default", "ignore".into())],
    )?;
    let leftovers = plan.leftovers(call)?;
    let grants = call.config("grants")?;
    drop_all(call, leftovers)?;
    hooks(call, "pre_hooks", Some(false))?;
    hooks(call, "pre_hooks", Some(true))?;
    let strategy = match call.config("incremental_strategy")? {
        strategy if strategy.truth() => strategy,
        _ => "default".into(),
    };
    let args = vec![call.cx.lookup("context"), strategy];
    let strategy = call.method("adapter", "get_incremental_strategy_macro", args)?;
    let query = call.cx.lookup("sql");
    let create = |place: &Value| {
        let args = vec![false.into(), place.clone(), query.clone()];
        call.ask("get_create_table_as_sql", args)
    };
    let mut swaps = false;
    let (sql, indexed) = if plan.existing.is_none() {
        (create(&plan.target)?, &plan.target)
    } else if anew.truth() {
        swaps = true;
        (create(&plan.intermediate)?, &plan.intermediate)
    } else {
        let keyed = Keyed {
            strategy,
            unique_key,
            on_change,
        };
        (keyed.write(call, &plan, &staged, &query)?, &staged)
    };
    run(
        call,
        "main",
        call.fill_with("\n      {sql}\n  ", &[("sql", &sql)]),
        &[],
    )?;
    let replaced = plan.existing.is_none()
        || call.attr(&plan.existing, "is_view")?.truth()
        || call.ask("should_full_refresh", Vec::new())?.truth();
    if replaced {
        call.ask("create_indexes", vec![indexed.clone()])?;
    }
    if swaps {
        rename(call, &plan.target, &plan.backup)?;
        rename(call, &plan.intermediate, &plan.target)?;
    }
    let revoke = call.ask("should_revoke", vec![plan.existing.clone(), anew])?;
    let revoke = vec![("should_revoke", revoke)];
    call.ask_with("apply_grants", vec![plan.target.clone(), grants], revoke)?;
    plan.persist_docs(call)?;
    hooks(call, "post_hooks", Some(true))?;
    call.method("adapter", "commit", Vec::new())?;
    if swaps {
        call.method("adapter", "drop_relation", vec![plan.backup])?;
    }
    hooks(call, "post_hooks", Some(false))?;
    Ok(relations(plan.target))
}

/// How new rows get into a table that is there.
struct Keyed {
    strategy: Value,
    unique_key: Value,
    on_change: Value,
}

impl Keyed {
    fn write(self, call: &Call<'_>, plan: &Relations, staged: &Value, query: &Value) -> Result<Value, Error> {
        let args = vec![true.into(), staged.clone(), query.clone()];
        let sql = call.ask("get_create_table_as_sql", args)?;
        call.ask("run_query", vec![sql])?;
        let contract = call.config("contract")?;
        if !contract.truth() || !call.attr(&contract, "enforced")?.truth() {
            let sides = vec![
                ("from_relation", staged.clone()),
                ("to_relation", plan.target.clone()),
            ];
            call.method_with("adapter", "expand_target_column_types", sides)?;
        }
        let args = vec![self.on_change, staged.clone(), plan.existing.clone()];
        let mut columns = call.ask("process_schema_changes", args)?;
        if !columns.truth() {
            columns = call.method("adapter", "get_columns_in_relation", vec![plan.existing.clone()])?;
        }
        let predicates = match call.config_or("predicates", Value::None)? {
            predicates if predicates.truth() => predicates,
            _ => call.config_or("incremental_predicates", Value::None)?,
        };
        let dict = Value::dict([
            ("target_relation", plan.target.clone()),
            ("temp_relation", staged.clone()),
            ("unique_key", self.unique_key),
            ("dest_columns", columns),
            ("incremental_predicates", predicates),
        ]);
        call.cx
            .call(&self.strategy, glueline_template::Args::of(vec![dict]))
    }
}
