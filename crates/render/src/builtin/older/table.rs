//! Tables before 1.9.0 (`materializations/table/table.sql` of dbt-glue 1.7.0 to 1.8.6).

use glueline_template::{Error, Value};

use super::super::call::Call;
use super::super::fill;
use super::super::materialize::{LakeFormation, existing, finish_table, hooks, new_relation, with_type};
use super::super::merge::is_one_of;
use super::super::statements::run;

pub(super) fn table(call: &Call<'_>) -> Result<Value, Error> {
    let identifier = call.item(&call.cx.lookup("model"), "alias")?;
    let grants = call.config("grants")?;
    let lake = LakeFormation::of(call)?;
    let old = existing(call, identifier.clone(), &Value::None)?;
    let target = new_relation(call, identifier, "table")?;
    hooks(call, "pre_hooks", None)?;
    let format = call.config("file_format")?;
    let is = |flag: &str, name: &str| -> Result<bool, Error> {
        Ok(!old.is_none() && is_one_of(&format, &[name]) && call.attr(&old, flag)?.truth())
    };
    if !is("is_delta", "delta")? && !is("is_iceberg", "iceberg")? {
        let kind = if old.is_none() {
            "table".into()
        } else {
            call.attr(&old, "type")?
        };
        let dropped = with_type(call, &target, kind)?;
        call.method("adapter", "drop_relation", vec![dropped])?;
    }
    let args = vec![false.into(), target.clone(), call.cx.lookup("compiled_code")];
    let sql = call.ask("create_table_as", args)?;
    run(call, "main", fill::concat([sql]), &[])?;
    finish_table(call, target, old, grants, lake)
}
