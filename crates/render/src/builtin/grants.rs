//! Grants.

use glueline_template::{Args, Error, Value};

use super::call::Call;
use super::{Row, fill};

pub(super) const MACROS: &[Row] = &[
    Row::dispatch("copy_grants"),
    Row::code("default__copy_grants", |_| Ok(true.into())),
    Row::code("spark__copy_grants", |call| {
        // `config.materialized` is no config: it is undefined, and never equal to `view`.
        let kind = call.path("config", &["materialized"])?;
        Ok((kind.as_str().as_deref() != Some("view")).into())
    }),
    Row::dispatch("support_multiple_grantees_per_dcl_statement"),
    Row::code("default__support_multiple_grantees_per_dcl_statement", |_| {
        Ok(true.into())
    }),
    Row::code("spark__support_multiple_grantees_per_dcl_statement", |_| {
        Ok(false.into())
    }),
    Row::dispatch("get_show_grant_sql"),
    Row::code("default__get_show_grant_sql", |call| {
        let place = rendered(call)?;
        Ok(call.fill_with("\n    show grants on {place}\n", &[("place", &place)]))
    }),
    Row::dispatch("get_grant_sql"),
    Row::code("default__get_grant_sql", |call| {
        let names = fill::join(", ", call.iterate(&call.arg("grantees"))?);
        let place = rendered(call)?;
        Ok(call.fill_with(
            "grant {privilege} on {place} to {names}",
            &[("place", &place), ("names", &names)],
        ))
    }),
    Row::code("spark__get_grant_sql", |call| {
        let name = first_quoted(call)?;
        Ok(call.fill_with("grant {privilege} on {relation} to {name}", &[("name", &name)]))
    }),
    Row::dispatch("get_revoke_sql"),
    Row::code("default__get_revoke_sql", |call| {
        let names = call.iterate(&call.arg("grantees"))?;
        let quoted: Result<Vec<_>, _> = names
            .into_iter()
            .map(|name| call.method("adapter", "quote", vec![name]))
            .collect();
        let names = fill::join(", ", quoted?);
        let place = rendered(call)?;
        Ok(call.fill_with(
            "revoke {privilege} on {place} from {names}",
            &[("place", &place), ("names", &names)],
        ))
    }),
    Row::code("spark__get_revoke_sql", |call| {
        let name = first_quoted(call)?;
        Ok(call.fill_with("revoke {privilege} on {relation} from {name}", &[("name", &name)]))
    }),
    Row::dispatch("get_dcl_statement_list"),
    Row::code("default__get_dcl_statement_list", dcl_statements),
];

fn rendered(call: &Call<'_>) -> Result<Value, Error> {
    call.cx
        .call_method(&call.arg("relation"), "render", Args::default())
}

fn first_quoted(call: &Call<'_>) -> Result<Value, Error> {
    let first = call.cx.item(&call.arg("grantees"), &0.into())?;
    call.method("adapter", "quote", vec![first])
}

fn dcl_statements(call: &Call<'_>) -> Result<Value, Error> {
    let one_for_all = call
        .ask("support_multiple_grantees_per_dcl_statement", Vec::new())?
        .truth();
    let items = call
        .cx
        .call_method(&call.arg("grant_config"), "items", Args::default())?;
    let write = call.arg("get_dcl_macro");
    let mut statements = Vec::new();
    for entry in call.iterate(&items)? {
        let mut parts = call.iterate(&entry)?.into_iter();
        let privilege = parts.next().unwrap_or_default();
        let grantees = parts.next().unwrap_or_default();
        let groups = if one_for_all && grantees.truth() {
            vec![grantees]
        } else {
            let each = call.iterate(&grantees)?.into_iter();
            each.map(|grantee| Value::list(vec![grantee])).collect()
        };
        for group in groups {
            let args = vec![call.arg("relation"), privilege.clone(), group];
            statements.push(call.cx.call(&write, Args::of(args))?);
        }
    }
    Ok(Value::list(statements))
}
