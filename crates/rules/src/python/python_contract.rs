//! `python-contract`.

use super::model;
use crate::context::NodeCx;
use crate::incremental::model::{at_setting, inner};
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "python-contract",
    Fails,
    Error,
    "python_contract.md",
    Check::Node(check), Parse: "ParsingError"
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    if !model::is_python(cx) {
        return;
    }
    // Without an entry in a properties file dbt does not come as far as the check.
    if cx
        .project
        .patch(cx.node)
        .is_none_or(|patch| patch.columns.is_empty())
    {
        return;
    }
    let Some((set, enforced)) = inner(cx, "contract", "enforced") else {
        return;
    };
    if enforced.value.as_bool() != Some(true) {
        return;
    }
    let message = "A Python model cannot have an enforced contract: dbt refuses to read the project with `Language Error: \
                   Expected 'sql' but found 'python'`. Take it out, or test the columns.";
    sink.push(at_setting(cx, &RULE.meta, set, set.at(enforced.range), message));
}
