//! `malformed-connections`.

use glueline_base::{Diagnostic, Fix};

use super::output;
use super::pairs;
use super::scalar::Scalar;
use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "malformed-connections",
    Fails,
    Warning,
    "malformed_connections.md",
    Check::Target(check)
);

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    let Some(scalar) = Scalar::of(cx, "connections") else {
        return;
    };
    let untidy = |name: &pairs::Pair<'_>| name.text.trim().is_empty() || name.text.trim() != name.text;
    let Some(first) = pairs::pairs(scalar.text).find(untidy) else {
        return;
    };
    let message = if scalar.text.trim().is_empty() {
        "`connections` is an empty text: the session asks for a connection without a name. Leave the key out."
            .to_owned()
    } else if first.text.trim().is_empty() {
        "There is nothing between two commas: the session asks for a connection without a name as well."
            .to_owned()
    } else {
        format!(
            "Blanks are kept: the session asks for a connection called `\"{}\"`. Write no blanks around the comma.",
            first.text
        )
    };
    let mut diagnostic = Diagnostic::new(&RULE.meta, scalar.place(first.trimmed_range()), message);
    if let Some(fix) = tidy(cx, &scalar) {
        diagnostic = diagnostic.fix(fix);
    }
    cx.report(sink, diagnostic);
}

fn tidy(cx: &TargetCx<'_>, scalar: &Scalar<'_>) -> Option<Fix> {
    let names = pairs::pairs(scalar.text)
        .map(|name| name.text.trim())
        .filter(|name| !name.is_empty());
    let names: Vec<&str> = names.collect();
    if names.is_empty() {
        return output::delete_entry(
            cx,
            cx.target.entry("connections")?,
            Fix::safe("Take `connections` out"),
        );
    }
    let at = scalar.exact(0..scalar.text.len())?;
    Some(Fix::safe("Write the names without blanks").replace(at, names.join(",")))
}
