//! `contract-needs-schema-change`.

use glueline_base::{Fix, Value};
use glueline_catalog::{Materialization, SchemaChange};
use glueline_project::{Contribution, ResourceType, Setting};

use super::{edit, model};
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "contract-needs-schema-change",
    Fails,
    Error,
    "contract_needs_schema_change.md",
    Check::Node(check), Parse: "ValidationError"
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    if cx.node.kind != ResourceType::Model || cx.materialized() != Some(Materialization::Incremental.name()) {
        return;
    }
    let change = match cx.config("on_schema_change") {
        Setting::Unknown => return,
        Setting::Unset => SchemaChange::Ignore.name(),
        Setting::Set(set) => match &set.value.value {
            Value::Str(text) => text,
            Value::Null => "None",
            _ => return,
        },
    };
    let fits = SchemaChange::parse(change).is_some_and(SchemaChange::fits_contract);
    if fits || model::has_contract(cx) != Some(true) {
        return;
    }
    let message = format!(
        "`{}` has an enforced contract and `on_schema_change: {change}`: dbt stops every command. An incremental model \
         with a contract needs `append_new_columns` or `fail`.",
        cx.node.name
    );
    let set = cx.config("on_schema_change").set();
    let at = set.map_or_else(|| model::beside(cx, &["materialized"]), Contribution::value_at);
    let mut finding = cx.diagnostic(&RULE.meta, at, message);
    if let Some(fix) = fix(cx) {
        finding = finding.fix(fix);
    }
    sink.push(finding);
}

fn fix(cx: &NodeCx<'_>) -> Option<Fix> {
    let wanted = SchemaChange::AppendNewColumns.name();
    let fix = Fix::needs_consent(format!("Set `on_schema_change` to `{wanted}`"));
    if let Some(set) = cx.config("on_schema_change").set() {
        return Some(fix.replace(set.value_at(), edit::text(cx, set, wanted)));
    }
    let (at, text) = edit::another(
        cx,
        model::own_setting(cx, &["materialized"])?,
        "on_schema_change",
        wanted,
    )?;
    Some(fix.insert_after(at, text))
}
