//! `unique-key-with-comma`.

use glueline_base::Fix;

use super::{edit, model};
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "unique-key-with-comma",
    Sql,
    Error,
    "unique_key_with_comma.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let Some(set) = cx.config("unique_key").set() else {
        return;
    };
    let Some(key) = set.value.value.as_str().filter(|key| key.contains(',')) else {
        return;
    };
    if !key.split(',').all(is_name) || !model::merges_with_sql(cx) || model::replaces(cx, &["get_merge_sql"])
    {
        return;
    }
    let Some(severity) = model::when_adding(cx) else {
        return;
    };
    let list = edit::list(cx, set, key.split(',').map(str::trim));
    let message = format!(
        "A `unique_key` of several columns must be a list. As a text it is pasted into the merge as it stands, `on \
         DBT_INTERNAL_SOURCE.{key} = ...`, which Spark cannot read: the second run fails. Write `{list}`."
    );
    let fix = Fix::safe(format!("Write `{list}`")).replace(set.value_at(), list);
    sink.push(
        cx.diagnostic(&RULE.meta, set.value_at(), message)
            .severity(severity)
            .fix(fix),
    );
}

fn is_name(part: &str) -> bool {
    let part = part.trim();
    !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '_')
}
