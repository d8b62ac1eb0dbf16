//! `location-not-s3`.

use glueline_base::Diagnostic;

use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "location-not-s3",
    Fails,
    Warning,
    "location_not_s3.md",
    Check::Target(check)
);

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    let Some(location) = cx.target.text("location") else {
        return;
    };
    let scheme = location.split_once("://").map_or("", |(scheme, _)| scheme);
    if matches!(scheme, "s3" | "s3a" | "s3n") {
        return;
    }
    let message = format!(
        "`location` is `{location}`, which is no S3 path: tables go below it, and nothing else can be reached from a \
         session. Write `s3://BUCKET/PATH`."
    );
    cx.report(
        sink,
        Diagnostic::new(&RULE.meta, cx.target.value_at("location"), message),
    );
}
