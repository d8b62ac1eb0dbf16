//! `conf-too-long`.

use glueline_base::Diagnostic;

use super::output;
use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "conf-too-long",
    Fails,
    Warning,
    "conf_too_long.md",
    Check::Target(check)
);

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    let Some(most) = output::limit("CreateSession.DefaultArguments.value").and_then(|limit| limit.max) else {
        return;
    };
    for key in ["conf", "extra_jars", "extra_py_files"] {
        let Some(length) = cx.target.text(key).map(|text| text.chars().count()) else {
            continue;
        };
        if length > most as usize {
            let message = format!(
                "`{key}` has {length} characters, and AWS takes at most {most} in an argument of a session: it refuses \
                 to start one. Shorten it."
            );
            cx.report(sink, Diagnostic::new(&RULE.meta, cx.target.key_at(key), message));
        }
    }
}
