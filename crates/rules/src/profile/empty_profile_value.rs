//! `empty-profile-value`.

use glueline_base::{Diagnostic, Fix};
use glueline_catalog::SESSION_ARGUMENTS;

use super::output;
use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "empty-profile-value",
    Fails,
    Error,
    "empty_profile_value.md",
    Check::Target(check)
);

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    for argument in SESSION_ARGUMENTS {
        let [key] = argument.keys else { continue };
        // A role has a rule of its own.
        if *key == "role_arn" || cx.target.text(key) != Some("") {
            continue;
        }
        let Some(limit) = output::limit(&format!("CreateSession.{}", argument.field)) else {
            continue;
        };
        if limit.numeric || limit.min == 0 {
            continue;
        }
        let message = format!(
            "`{key}` is an empty text, which is sent all the same: the first statement fails with `Invalid length for \
             parameter {}, value: 0`. Leave the key out.",
            argument.field
        );
        let mut diagnostic = Diagnostic::new(&RULE.meta, cx.target.value_at(key), message);
        if let Some(entry) = cx.target.entry(key)
            && let Some(fix) = output::delete_entry(cx, entry, Fix::safe(format!("Take `{key}` out")))
        {
            diagnostic = diagnostic.fix(fix);
        }
        cx.report(sink, diagnostic);
    }
}
