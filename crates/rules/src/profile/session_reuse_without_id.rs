//! `session-reuse-without-id`.

use glueline_base::{Diagnostic, Fix};

use super::output;
use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "session-reuse-without-id",
    Cost,
    Warning,
    "session_reuse_without_id.md",
    Check::Target(check)
);

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    if output::flag(cx, "glue_session_reuse") != Some(true)
        || output::flag(cx, "enable_session_per_model") != Some(false)
        || !(cx.target.lacks("glue_session_id") || cx.target.text("glue_session_id") == Some(""))
    {
        return;
    }
    let message = "The session is shared and has no `glue_session_id`, so it is called `dbt-glue`, for everyone in the \
                   account and region: runs of other people and projects land in it, with its size and settings. Give it \
                   a name of its own.";
    let at = cx.target.key_at("glue_session_reuse");
    let mut diagnostic = Diagnostic::new(&RULE.meta, at, message);
    if cx.target.entry("glue_session_id").is_none()
        && let Some(project) = &cx.project.project_file().name
        && project
            .value
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_')
    {
        let line = format!("glue_session_id: {}-{}", project.value, cx.target.name.value);
        if let Some(fix) = output::insert_line(cx, &line, Fix::needs_consent(format!("Add `{line}`"))) {
            diagnostic = diagnostic.fix(fix);
        }
    }
    cx.report(sink, diagnostic);
}
