//! `hudi-unique-key-list`.

use glueline_base::{Fix, Value};
use glueline_catalog::FileFormat;

use super::{edit, model};
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "hudi-unique-key-list",
    Data,
    Warning,
    "hudi_unique_key_list.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    if model::format(cx) != Some(FileFormat::Hudi) {
        return;
    }
    let Some(set) = cx.config("unique_key").set() else {
        return;
    };
    let Value::List(items) = &set.value.value else {
        return;
    };
    let names: Vec<&str> = items.iter().filter_map(|item| item.value.as_str()).collect();
    if items.is_empty() || names.len() != items.len() || sets_record_key(cx) || !model::is_sql_incremental(cx)
    {
        return;
    }
    let joined = names.join(",");
    let message = format!(
        "Hudi gets this list as the text `{}` and takes it for the name of one column, so that rows are not matched by \
         their key. Write the columns as one text: `{joined}`.",
        set.value.value.repr()
    );
    let fix = Fix::safe(format!("Write `{joined}`")).replace(set.value_at(), edit::text(cx, set, &joined));
    sink.push(cx.diagnostic(&RULE.meta, set.value_at(), message).fix(fix));
}

/// `hudi_options` come last and may set the key themselves.
fn sets_record_key(cx: &NodeCx<'_>) -> bool {
    let options = cx.config("hudi_options");
    options.is_unknown()
        || options
            .value()
            .is_some_and(|map| map.get("hoodie.datasource.write.recordkey.field").is_some())
}
