//! `short-session-lifetime`.

use glueline_base::Diagnostic;

use super::output;
use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "short-session-lifetime",
    Ineffective,
    Info,
    "short_session_lifetime.md",
    Check::Target(check)
);

/// Minutes that a run of any size may take.
const SHORT: i64 = 30;

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    let Some(minutes) = output::number(cx, "query_timeout_in_minutes") else {
        return;
    };
    if !(1..SHORT).contains(&minutes) {
        return;
    }
    let message = format!(
        "`query_timeout_in_minutes` limits no query but the life of the whole session: after {minutes} minutes it ends in \
         the middle of a run. Set it to more than the longest run takes; dbt-glue's default is 300."
    );
    cx.report(
        sink,
        Diagnostic::new(
            &RULE.meta,
            cx.target.value_at("query_timeout_in_minutes"),
            message,
        ),
    );
}
