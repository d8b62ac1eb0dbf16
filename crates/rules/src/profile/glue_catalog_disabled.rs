//! `glue-catalog-disabled`.

use glueline_base::Diagnostic;
use glueline_catalog::default_arguments;

use super::pairs;
use super::scalar::Scalar;
use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "glue-catalog-disabled",
    Fails,
    Warning,
    "glue_catalog_disabled.md",
    Check::Target(check)
);

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    let Some(scalar) = Scalar::of(cx, "default_arguments") else {
        return;
    };
    let Some(argument) = default_arguments()
        .iter()
        .find(|argument| argument.fixed == Some("true"))
    else {
        return;
    };
    let mut pairs = pairs::pairs(scalar.text);
    let found = pairs.find(|pair| {
        pair.key() == argument.name
            && pair
                .value()
                .is_some_and(|value| value.eq_ignore_ascii_case("false"))
    });
    if let Some(pair) = found {
        let message = format!(
            "This turns the Glue Data Catalog off in the session, while dbt-glue asks the catalog what exists: what the \
             session makes is not found again. Take `{}` out; dbt-glue sets it to `true` itself.",
            argument.name
        );
        cx.report(
            sink,
            Diagnostic::new(&RULE.meta, scalar.place(pair.trimmed_range()), message),
        );
    }
}
