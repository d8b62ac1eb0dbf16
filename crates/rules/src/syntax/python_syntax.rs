//! `python-syntax`.

use super::fault;
use crate::context::FileCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "python-syntax",
    Fails,
    Error,
    "python_syntax.md",
    Check::File(check), Parse: "PythonParsingError"
);

fn check(cx: &FileCx<'_>, sink: &mut Sink) {
    let Some(model) = cx.facts().python() else { return };
    for error in &model.errors {
        sink.push(fault(
            cx,
            &RULE.meta,
            error,
            "dbt cannot parse this model, and no command runs.",
        ));
    }
}
