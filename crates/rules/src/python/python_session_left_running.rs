//! `python-session-left-running`.

use glueline_base::Diagnostic;

use super::model;
use crate::context::{NodeCx, ProjectCx};
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "python-session-left-running",
    Cost,
    Info,
    "python_session_left_running.md",
    Check::Project(check)
);

fn check(cx: &ProjectCx<'_>, sink: &mut Sink) {
    let Some(target) = cx.project.target().filter(|target| target.is_glue()) else {
        return;
    };
    let reuses = target
        .get("glue_session_reuse")
        .map_or(Some(false), glueline_base::Value::truthy);
    if reuses != Some(false) {
        return;
    }
    let is_run = |node: &&glueline_project::Node| {
        let cx = NodeCx {
            project: cx.project,
            node,
        };
        node.enabled && model::is_python(&cx) && (cx.is_model("python_model") || cx.is_incremental())
    };
    let mut models = cx.project.nodes().iter().filter(is_run);
    let Some(first) = models.next() else { return };
    let count = models.count() + 1;
    let message = format!(
        "Each Python model opens a Glue session of its own and leaves it running until `idle_timeout`: {count} here, \
         `{}` among them. With `glue_session_reuse: true` they share the session of the run.",
        first.name
    );
    sink.push(Diagnostic::new(
        &RULE.meta,
        target.key_at("glue_session_reuse"),
        message,
    ));
}
