//! `trailing-semicolon`.

use glueline_base::{FileRange, Fix};
use glueline_project::ResourceType;

use super::semicolons;
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "trailing-semicolon",
    Sql,
    Warning,
    "trailing_semicolon.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let file = cx.node.file();
    let Some(facts) = cx.project.facts(file).sql() else {
        return;
    };
    if !cx.project.files().text(file).contains(';') {
        return;
    }
    let Some(nested) = nested(cx) else { return };
    for semicolon in semicolons::of(cx, facts)
        .iter()
        .filter(|semicolon| semicolon.is_last)
    {
        let message =
            format!("{nested}, where Spark takes no `;`: the statement does not parse. Take it out.");
        let at = FileRange {
            file,
            range: semicolon.range,
        };
        let fix = Fix::safe("Take the `;` out").delete(at);
        sink.push(cx.diagnostic(&RULE.meta, at, message).fix(fix));
    }
}

/// What puts the node's SQL between parentheses.
fn nested(cx: &NodeCx<'_>) -> Option<&'static str> {
    match cx.node.kind {
        ResourceType::Test if cx.node.generic_test.is_none() => {
            Some("dbt counts the rows of a test with its SQL between parentheses")
        }
        ResourceType::Snapshot if cx.is_snapshot() => {
            Some("dbt puts the SQL of a snapshot between parentheses")
        }
        ResourceType::Model if cx.materialized() == Some("ephemeral") => {
            Some("dbt puts the SQL of an ephemeral model between parentheses, into what reads it")
        }
        ResourceType::Model => {
            let contract = cx.node.config.nested("contract", "enforced");
            if contract.is_some_and(|(_, enforced)| enforced.value.as_bool() == Some(true)) {
                return Some("With an enforced contract dbt puts the SQL of the model between parentheses");
            }
            let with_timestamp = cx
                .config("add_iceberg_timestamp")
                .value()
                .and_then(glueline_base::Value::truthy);
            (with_timestamp == Some(true) && cx.file_format() == Some("iceberg")).then_some(
                "With `add_iceberg_timestamp` dbt-glue puts the SQL of the model between parentheses",
            )
        }
        _ => None,
    }
}
