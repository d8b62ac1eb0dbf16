//! `default-arguments-overridden`.

use glueline_base::Diagnostic;

use super::arguments;
use super::pairs;
use super::scalar::Scalar;
use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "default-arguments-overridden",
    Ineffective,
    Warning,
    "default_arguments_overridden.md",
    Check::Target(check)
);

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    let Some(scalar) = Scalar::of(cx, "default_arguments") else {
        return;
    };
    for pair in pairs::pairs(scalar.text)
        .filter(|pair| pair.fault().is_none())
        .take(super::MOST_SETTINGS)
    {
        let Some(key) = arguments::overriding_key(cx, &pair) else {
            continue;
        };
        let message = format!(
            "`{}` is set here and by `{key}`, which wins: what stands here is never sent. Keep it in `{key}`.",
            pair.key()
        );
        let diagnostic = Diagnostic::new(&RULE.meta, scalar.place(pair.key_range()), message);
        cx.report(sink, diagnostic.related(cx.target.key_at(key), "this wins"));
    }
}
