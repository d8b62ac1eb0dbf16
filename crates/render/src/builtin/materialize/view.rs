//! Views (`create_or_replace_view` of dbt-glue's `macros/adapters.sql`).

use glueline_template::{Error, Value};

use super::super::Row;
use super::super::call::Call;
use super::super::fill;
use super::super::statements::run_made;
use super::{LakeFormation, existing, grant, hooks, new_relation, relations};

pub(in super::super) const MACROS: &[Row] = &[
    Row::code("materialization_view_glue", |call| {
        call.ask("create_or_replace_view", Vec::new())
    }),
    Row::code("materialization_view_spark", |call| {
        call.ask("create_or_replace_view", Vec::new())
    }),
    Row::code("create_or_replace_view", create_or_replace),
];

fn create_or_replace(call: &Call<'_>) -> Result<Value, Error> {
    let identifier = call.item(&call.cx.lookup("model"), "alias")?;
    let format = call.config("file_format")?;
    let old = existing(call, identifier.clone(), &format)?;
    let is_there = if old.is_none() {
        false.into()
    } else {
        call.attr(&old, "is_view")?
    };
    let lake = LakeFormation::of(call)?;
    let target = new_relation(call, identifier, "view")?;
    let grants = call.config("grants")?;
    hooks(call, "pre_hooks", None)?;
    if !old.is_none() && call.attr(&old, "is_table")?.truth() {
        let anew = call.ask("should_full_refresh", Vec::new())?;
        call.ask("handle_existing_table", vec![anew, old])?;
    }
    let args = vec![target.clone(), call.cx.lookup("sql")];
    run_made(call, "main", &[], move |call| {
        Ok(fill::concat([call.ask("get_create_view_as_sql", args.clone())?]))
    })?;
    grant(call, &target, grants, is_there)?;
    lake.apply(call, &target)?;
    hooks(call, "post_hooks", None)?;
    Ok(relations(target))
}
