//! `threads-open-sessions`.

use glueline_base::{Diagnostic, Severity};

use super::output::{self, Dpus};
use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "threads-open-sessions",
    Cost,
    Info,
    "threads_open_sessions.md",
    Check::Target(check)
);

/// From here on the sum is worth a warning.
const MUCH: Dpus = Dpus::whole(20);

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    let Some(threads) = output::threads(cx).and_then(|threads| u64::try_from(threads).ok()) else {
        return;
    };
    if threads < 2
        || output::flag(cx, "glue_session_reuse") != Some(false)
        || output::flag(cx, "enable_session_per_model") != Some(false)
    {
        return;
    }
    let total = output::session_size(cx).map(|size| size.times(threads));
    let size = total.map_or(String::new(), |total| format!(", {total} in all"));
    let message = format!(
        "Each of the {threads} threads opens a Glue session of its own{size}, and waits for it to start; hooks of the run \
         take one more. With `glue_session_reuse: true` they share one, which runs one statement at a time."
    );
    let severity = if total >= Some(MUCH) {
        Severity::Warning
    } else {
        Severity::Info
    };
    cx.report(
        sink,
        Diagnostic::new(&RULE.meta, cx.target.value_at("threads"), message).severity(severity),
    );
}
