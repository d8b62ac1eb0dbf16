//! `threads-share-one-session`.

use glueline_base::Diagnostic;

use super::output;
use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "threads-share-one-session",
    Ineffective,
    Info,
    "threads_share_one_session.md",
    Check::Target(check)
);

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    let Some(threads) = output::threads(cx).filter(|threads| *threads > 1) else {
        return;
    };
    if output::flag(cx, "glue_session_reuse") != Some(true)
        || output::flag(cx, "enable_session_per_model") != Some(false)
    {
        return;
    }
    let message = format!(
        "All {threads} threads share one session, and a session runs one statement at a time: more threads bring no speed \
         here. `threads: 1` does the same with less waiting."
    );
    cx.report(
        sink,
        Diagnostic::new(&RULE.meta, cx.target.value_at("threads"), message),
    );
}
