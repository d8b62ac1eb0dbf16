//! `predicates-as-text`.

use glueline_base::Fix;

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
        None => match model::truthy(cx, "incremental_predicates") {
            Some(set) => set,
            None => return,
        },
    };
    let Some(predicate) = set.value.value.as_str() else {
        return;
    };
    if !model::merges_with_sql(cx) || model::replaces(cx, &["get_merge_sql"]) {
        return;
    }
    let Some(severity) = model::when_adding(cx) else {
        return;
    };
    let message = format!(
        "`{}` must be a list: the first run creates the table, every run after it fails with `can only concatenate list \
         (not \"str\") to list`. Put the text into brackets.",
        set.key.value
    );
    let list = edit::list(cx, set, [predicate]);
    let fix = Fix::safe("Make it a list").replace(set.value_at(), list);
    sink.push(
        cx.diagnostic(&RULE.meta, set.value_at(), message)
            .severity(severity)
            .fix(fix),
    );
}
