//! `session-id-without-reuse`.

use glueline_base::{Diagnostic, Fix};

use super::output;
use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "session-id-without-reuse",
    Ineffective,
    Warning,
    "session_id_without_reuse.md",
    Check::Target(check)
);

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    let named = cx.target.text("glue_session_id").is_some_and(|id| !id.is_empty());
    if !named
        || output::flag(cx, "glue_session_reuse") != Some(false)
        || output::flag(cx, "enable_session_per_model") != Some(false)
    {
        return;
    }
    let message = "`glue_session_id` alone keeps no session: a random part is added to it, and each run starts a new one. \
                   Set `glue_session_reuse: true` as well, or take it for the label that it is.";
    let mut diagnostic = Diagnostic::new(&RULE.meta, cx.target.key_at("glue_session_id"), message);
    if cx.target.entry("glue_session_reuse").is_none() {
        let line = "glue_session_reuse: true";
        if let Some(fix) = output::insert_line(cx, line, Fix::needs_consent(format!("Add `{line}`"))) {
            diagnostic = diagnostic.fix(fix);
        }
    }
    cx.report(sink, diagnostic);
}
