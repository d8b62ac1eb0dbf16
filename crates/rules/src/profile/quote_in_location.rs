//! `quote-in-location`.

use glueline_base::Diagnostic;

use super::scalar::Scalar;
use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "quote-in-location",
    Fails,
    Error,
    "quote_in_location.md",
    Check::Target(check)
);

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    let Some(location) = Scalar::of(cx, "location") else {
        return;
    };
    let Some(at) = location.text.find('\'') else {
        return;
    };
    let message = "`location` contains a `'`. dbt-glue puts it between such quotes into the Python code of each \
                   statement, which Python then cannot read: every statement fails. Choose another path.";
    cx.report(
        sink,
        Diagnostic::new(&RULE.meta, location.place(at..at + 1), message),
    );
}
