//! `unit-tests-fail`.

use glueline_project::ResourceType;

use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "unit-tests-fail",
    Fails,
    Error,
    "unit_tests_fail.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let macros = cx.project.macros();
    let is_own = macros.materialization("unit").is_some()
        || macros.override_of("run_query", cx.node.package).is_some();
    if cx.node.kind != ResourceType::UnitTest || is_own {
        return;
    }
    let message = "Unit tests always fail on dbt-glue: dbt prepares them with a query that creates a table, and the adapter \
                   stops at its empty answer, `'NoneType' object is not iterable`. Disable it with `config: {enabled: \
                   false}`, or run it on another adapter.";
    sink.push(cx.diagnostic(&RULE.meta, cx.node.at, message));
}
