//! `fine-grained-access-argument`.

use glueline_base::Diagnostic;
use glueline_catalog::FINE_GRAINED_ACCESS;

use super::pairs;
use super::scalar::Scalar;
use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "fine-grained-access-argument",
    Fails,
    Warning,
    "fine_grained_access_argument.md",
    Check::Target(check)
);

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    let Some(scalar) = Scalar::of(cx, "default_arguments") else {
        return;
    };
    let mut pairs = pairs::pairs(scalar.text);
    let found = pairs.find(|pair| {
        pair.key() == FINE_GRAINED_ACCESS
            && pair
                .value()
                .is_some_and(|value| value.eq_ignore_ascii_case("true"))
    });
    if let Some(pair) = found {
        let message = format!(
            "Users report that sessions of dbt-glue end in the state FAILED with `{FINE_GRAINED_ACCESS}`. Grant access \
             in Lake Formation to the session's role instead."
        );
        cx.report(
            sink,
            Diagnostic::new(&RULE.meta, scalar.place(pair.trimmed_range()), message),
        );
    }
}
