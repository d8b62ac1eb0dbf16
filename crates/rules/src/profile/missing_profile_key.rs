//! `missing-profile-key`.

use glueline_base::{Diagnostic, Fix};
use glueline_catalog::{KeySpec, profile_keys};

use super::output;
use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "missing-profile-key",
    Fails,
    Error,
    "missing_profile_key.md",
    Check::Target(check), Profile: "DictParseError"
);

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    for key in profile_keys() {
        let Some(why) = key.required else { continue };
        // Without `type` this would be no output of dbt-glue, and whether `location` is needed is for the nodes to say.
        if matches!(key.name, "type" | "location") || !is_missing(cx, key) {
            continue;
        }
        let message = format!(
            "`{}` is not set: {why}. Add it, for instance `{}`.",
            key.name, key.example
        );
        let mut diagnostic = Diagnostic::new(&RULE.meta, cx.target.key_at(key.name), message);
        // dbt itself asks for the schema; without the others it is the session that is not made.
        if key.name == "schema" && cx.target.lacks(key.name) {
            diagnostic =
                diagnostic.words("Parsing Error\n  at path ['schema']: None is not of type 'string'");
        } else {
            diagnostic = diagnostic.stop(None);
        }
        if let Some(fix) = example(cx, key) {
            diagnostic = diagnostic.fix(fix);
        }
        cx.report(sink, diagnostic);
    }
}

fn is_missing(cx: &TargetCx<'_>, key: &KeySpec) -> bool {
    // The adapter asks whether the schema is true, so that an empty text is as good as none.
    cx.target.lacks(key.name) || (key.name == "schema" && cx.target.text(key.name) == Some(""))
}

/// The smallest session there is serves as an example; a role or a schema cannot be made up.
fn example(cx: &TargetCx<'_>, key: &KeySpec) -> Option<Fix> {
    let harmless = matches!(key.name, "workers" | "worker_type") && cx.target.entry(key.name).is_none();
    harmless.then_some(())?;
    output::insert_line(
        cx,
        key.example,
        Fix::needs_consent(format!("Add `{}`", key.example)),
    )
}
