//! `name-needs-quoting`.

use glueline_project::ResourceType;

use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "name-needs-quoting",
    Sql,
    Error,
    "name_needs_quoting.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    for (name, chosen) in super::node::names(cx).into_iter().flatten() {
        let Some(odd) = name.chars().find(|c| !c.is_ascii_alphanumeric() && *c != '_') else {
            continue;
        };
        if cx.project.project_file().quoting.is_some() {
            return;
        }
        let what = match cx.node.kind {
            ResourceType::Snapshot => "snapshot",
            ResourceType::Seed => "seed",
            _ => "model",
        };
        let message = format!(
            "dbt-glue writes the name of the {what} into SQL without quotes, and Spark stops at the `{odd}` of `{name}`: \
             each run fails. Use letters, digits and `_` alone, with `alias` if the file keeps its name."
        );
        sink.push(super::node::name_finding(cx, &RULE.meta, chosen, message));
    }
}
