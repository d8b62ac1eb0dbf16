//! `hudi-conf-incomplete`.

use glueline_catalog::FileFormat;

use super::lake;
use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "hudi-conf-incomplete",
    Fails,
    Warning,
    "hudi_conf_incomplete.md",
    Check::Target(check)
);

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    lake::report_missing(cx, sink, &RULE.meta, FileFormat::Hudi, |_| true);
}
