//! `run-hook-in-other-session`.

use glueline_base::Diagnostic;

use crate::context::ProjectCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "run-hook-in-other-session",
    Ineffective,
    Warning,
    "run_hook_in_other_session.md",
    Check::Project(check)
);

/// How statements begin that leave something in their session alone.
const OF_THE_SESSION: [&[&str]; 5] = [
    &["set"],
    &["create", "temporary"],
    &["create", "temp"],
    &["create", "or", "replace", "temporary"],
    &["create", "or", "replace", "temp"],
];

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
    let file = cx.project.project_file().file;
    for (key, hooks) in &cx.project.project_file().run_hooks {
        if &*key.value != "on-run-start" && &*key.value != "on_run_start" {
            continue;
        }
        for hook in hooks.iter().filter(|hook| is_of_the_session(&hook.value)) {
            let message = "This has no effect on models: hooks of the run have a Glue session of their own, and what they \
                           set or create for a session stays there. Use a `pre-hook` or `conf` of the profile, or set \
                           `glue_session_reuse: true`.";
            sink.push(Diagnostic::new(&RULE.meta, hook.in_file(file), message));
        }
    }
}

fn is_of_the_session(sql: &str) -> bool {
    let is_start = |words: &&[&str]| {
        let mut written = sql.split_whitespace();
        words.iter().all(|word| {
            written
                .next()
                .is_some_and(|found| found.eq_ignore_ascii_case(word))
        })
    };
    OF_THE_SESSION.iter().any(is_start)
}
