//! `python-is-incremental-not-called`.

use glueline_base::{FileRange, Fix};

use super::model;
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "python-is-incremental-not-called",
    Data,
    Error,
    "python_is_incremental_not_called.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    if !model::writes_as_shipped(cx) {
        return;
    }
    let Some(facts) = model::facts(cx) else { return };
    let text = cx.project.files().text(cx.node.file());
    for name in facts
        .accesses
        .iter()
        .filter(|name| &*name.value == "is_incremental")
    {
        let behind = text
            .get(usize::from(name.range.end())..)
            .unwrap_or_default()
            .trim_start();
        if behind.starts_with('(') {
            continue;
        }
        let at = FileRange {
            file: cx.node.file(),
            range: name.range,
        };
        let message = "On dbt-glue `is_incremental` is a function, and a function that is not called is always true: the \
                       model takes the incremental way on the first run too, and on a full refresh. Write \
                       `dbt.is_incremental()`.";
        let fix = Fix::safe("Call it").insert_after(at, "()");
        sink.push(cx.diagnostic(&RULE.meta, at, message).fix(fix));
    }
}
