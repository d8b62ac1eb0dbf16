//! `unknown-boto-retry-mode`.

use glueline_base::{Diagnostic, Fix, nearest};
use glueline_catalog::profile_key;

use super::scalar::Scalar;
use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "unknown-boto-retry-mode",
    Fails,
    Error,
    "unknown_boto_retry_mode.md",
    Check::Target(check)
);

const KEY: &str = "boto_retry_mode";

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    let (Some(spec), Some(mode)) = (profile_key(KEY), Scalar::of(cx, KEY)) else {
        return;
    };
    // An empty text leaves the choice to boto3.
    if mode.text.is_empty() || spec.allows(mode.text) {
        return;
    }
    let message = format!(
        "boto3 has no retry mode `{}`: the first statement fails with `Invalid value provided to \"mode\"`. Write one \
         of {}.",
        mode.text,
        super::list(spec.allowed.iter().copied()),
    );
    let mut diagnostic = Diagnostic::new(&RULE.meta, mode.at(), message);
    let meant = nearest(mode.text, spec.allowed.iter().copied());
    if let (Some(meant), Some(at)) = (meant, mode.exact(0..mode.text.len())) {
        diagnostic = diagnostic.fix(Fix::safe(format!("Write `{meant}`")).replace(at, meant));
    }
    cx.report(sink, diagnostic);
}
