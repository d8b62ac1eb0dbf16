//! `dead-profile-key`.

use glueline_base::{Diagnostic, Fix};
use glueline_catalog::profile_key;

use super::output;
use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "dead-profile-key",
    Ineffective,
    Warning,
    "dead_profile_key.md",
    Check::Target(check)
);

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    for entry in cx.target.value.value.as_map().unwrap_or_default() {
        let Some(spec) = profile_key(&entry.key.value) else {
            continue;
        };
        let Some(why) = spec.dead else { continue };
        // `database` is compared with the schema: two rules of its own are about it.
        if spec.name == "database" || spec.accepts(&entry.value.value) == Some(false) {
            continue;
        }
        let message = format!("`{}` does nothing: {why}. {}", spec.name, spec.body);
        let mut diagnostic = Diagnostic::new(&RULE.meta, output::key_at(cx, entry), message);
        // `target` still shows some of them to Jinja.
        let fix = Fix::needs_consent(format!("Take `{}` out", spec.name));
        if let Some(fix) = output::delete_entry(cx, entry, fix) {
            diagnostic = diagnostic.fix(fix);
        }
        cx.report(sink, diagnostic);
    }
}
