//! `unsupported-glue-version`.

use glueline_base::{Diagnostic, Fix};
use glueline_catalog::GlueVersion;

use super::scalar::Scalar;
use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "unsupported-glue-version",
    Fails,
    Warning,
    "unsupported_glue_version.md",
    Check::Target(check)
);

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    let Some(version) = Scalar::of(cx, "glue_version") else {
        return;
    };
    let text = version.text;
    if text.is_empty() {
        return;
    }
    let message = if !GlueVersion::is_well_formed(text) {
        format!(
            "`{text}` is no Glue version: AWS wants two numbers with a dot, such as `\"{}\"`.",
            GlueVersion::DEFAULT
        )
    } else if is_too_old(text) {
        format!(
            "Glue {text} has no interactive sessions any more: AWS asks for a version above {}. Write `\"{}\"`, or \
             another release that your formats work on.",
            GlueVersion::V2_0,
            GlueVersion::DEFAULT
        )
    } else {
        return;
    };
    let mut diagnostic = Diagnostic::new(&RULE.meta, version.at(), message);
    let meant = format!("{}.0", text.trim());
    if GlueVersion::parse(&meant).is_some_and(|found| found > GlueVersion::V2_0)
        && let Some(at) = version.exact(0..text.len())
    {
        diagnostic = diagnostic.fix(Fix::safe(format!("Write `{meant}`")).replace(at, meant));
    }
    cx.report(sink, diagnostic);
}

fn is_too_old(version: &str) -> bool {
    let number = |text: &str| {
        let (major, minor) = text.split_once('.')?;
        Some((major.parse::<u32>().ok()?, minor.parse::<u32>().ok()?))
    };
    number(version).is_some_and(|found| Some(found) <= number(GlueVersion::V2_0.name()))
}
