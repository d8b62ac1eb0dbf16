//! `long-idle-timeout`.

use glueline_base::Diagnostic;

use super::output;
use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "long-idle-timeout",
    Cost,
    Warning,
    "long_idle_timeout.md",
    Check::Target(check)
);

/// Minutes that are dbt-glue's default; a shared session lives on so long after each run.
const WHEN_SHARED: i64 = 10;
/// Minutes that are never needed within a run.
const EVER: i64 = 60;

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    let Some(minutes) = output::number(cx, "idle_timeout") else {
        return;
    };
    let shared = output::flag(cx, "glue_session_reuse") == Some(true);
    if minutes <= WHEN_SHARED || (!shared && minutes <= EVER) {
        return;
    }
    let size = output::session_size(cx).map_or(String::new(), |size| format!(" of {size}"));
    let why = if shared {
        "after every run, since the session is left running"
    } else {
        "when a run is cut off"
    };
    let message = format!(
        "An idle session{size} costs as much as a busy one, and this pays for {minutes} idle minutes {why}. dbt-glue's \
         default is {WHEN_SHARED}."
    );
    cx.report(
        sink,
        Diagnostic::new(&RULE.meta, cx.target.value_at("idle_timeout"), message),
    );
}
