//! Tables (`macros/materializations/table.sql` of dbt-glue).

use glueline_catalog::Change;
use glueline_template::{Error, Value};

use super::super::Row;
use super::super::call::Call;
use super::super::merge::is_one_of;
use super::super::statements::run_made;
use super::{LakeFormation, existing, finish_table, hooks, with_type};

pub(in super::super) const MACROS: &[Row] = &[Row::code("materialization_table_glue", table)];

fn table(call: &Call<'_>) -> Result<Value, Error> {
    let identifier = call.item(&call.cx.lookup("model"), "alias")?;
    let grants = call.config("grants")?;
    let lake = LakeFormation::of(call)?;
    let format = call.config("file_format")?;
    let this = call.cx.lookup("this");
    let mut kind = call.method("adapter", "get_table_type", vec![this.clone(), format.clone()])?;
    let existing = existing(call, identifier, &format)?;
    let target = if existing.truth() {
        existing.clone()
    } else {
        call.ask(
            "glue__make_target_relation",
            vec![this, call.config("file_format")?],
        )?
    };
    hooks(call, "pre_hooks", None)?;
    let replaced = if existing.is_none() {
        kind = "table".into();
        false
    } else {
        is_replaced(call, &existing, &kind, &format)?
    };
    if !replaced {
        call.ask("drop_relation", vec![with_type(call, &target, kind)?])?;
    }
    let args = vec![false.into(), target.clone(), call.cx.lookup("compiled_code")];
    run_made(call, "main", &[], move |call| {
        Ok(super::super::fill::concat([
            call.ask("create_table_as", args.clone())?
        ]))
    })?;
    // No macro sets the name: nothing is ever revoked.
    let old = call.cx.lookup("old_relation");
    finish_table(call, target, old, grants, lake)
}

/// Whether the table is made in place of the one that is there, without dropping it first.
fn is_replaced(call: &Call<'_>, existing: &Value, kind: &Value, format: &Value) -> Result<bool, Error> {
    let is = |name: &str| Ok::<_, Error>(call.attr(existing, name)?.truth());
    Ok(match format.as_str().as_deref() {
        Some("delta") => is("is_delta")?,
        Some("iceberg") => is_one_of(kind, &["iceberg_table"]) || is("is_iceberg")?,
        Some("s3tables") => call.has(Change::S3Tables)?,
        _ => false,
    })
}
