//! `predicates-as-text`.

use glueline_base::{Fix, Value};

use super::{edit, model};
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "predicates-as-text",
    Fails,
    Error,
    "predicates_as_text.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    // The older name wins where it holds something.
    let set = match model::truthy(cx, "predicates") {
        Some(set) => set,
        None if !model::is_falsy(cx, "predicates") => return,
        None => match cx.config("incremental_predicates").set() {
            Some(set) => set,
            None => return,
        },
    };
    let value = &set.value.value;
    if matches!(value, Value::List(_) | Value::Null | Value::Unknown)
        || !model::merges_with_sql(cx)
        || model::replaces(cx, &["get_merge_sql"])
    {
        return;
    }
    let Some(severity) = model::when_adding(cx) else {
        return;
    };
    let message = format!(
        "`{}` must be a list, and this is {}: the first run creates the table, every run after it fails with `can only \
         concatenate list`. Put it into brackets.",
        set.key.value,
        value.kind()
    );
    let mut finding = cx
        .diagnostic(&RULE.meta, set.value_at(), message)
        .severity(severity);
    if let Some(predicate) = value.as_str().filter(|text| !text.is_empty()) {
        let list = edit::list(cx, set, [predicate]);
        finding = finding.fix(Fix::safe("Make it a list").replace(set.value_at(), list));
    }
    sink.push(finding);
}
