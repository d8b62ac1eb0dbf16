//! `seed-mode-means-append`.

use glueline_base::{Diagnostic, Fix, Value, nearest};
use glueline_catalog::profile_key;

use super::scalar::Scalar;
use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "seed-mode-means-append",
    Data,
    Warning,
    "seed_mode_means_append.md",
    Check::Target(check)
);

const KEY: &str = "seed_mode";

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    let Some(spec) = profile_key(KEY) else { return };
    let shown = match cx.target.get(KEY) {
        Some(Value::Null) => "null".to_owned(),
        Some(Value::Str(mode)) if !spec.allows(mode) => format!("`{mode}`"),
        _ => return,
    };
    let message = format!(
        "`{KEY}` is {shown}. Exactly `overwrite` replaces the rows of a seed; everything else appends them again on each \
         run. Write `overwrite`, or `append` if that is meant."
    );
    let mut diagnostic = Diagnostic::new(&RULE.meta, cx.target.value_at(KEY), message);
    if let Some(mode) = Scalar::of(cx, KEY)
        && let Some(meant) = nearest(mode.text, spec.allowed.iter().copied())
        && let Some(at) = mode.exact(0..mode.text.len())
    {
        diagnostic = diagnostic.fix(Fix::needs_consent(format!("Write `{meant}`")).replace(at, meant));
    }
    cx.report(sink, diagnostic);
}
