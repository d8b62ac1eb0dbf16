//! `profile-database-repeats-schema`.

use glueline_base::{Diagnostic, Fix};

use super::output;
use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "profile-database-repeats-schema",
    Ineffective,
    Hint,
    "profile_database_repeats_schema.md",
    Check::Target(check)
);

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    let (Some(entry), Some(database)) = (cx.target.entry("database"), cx.target.text("database")) else {
        return;
    };
    if cx.target.text("schema") != Some(database) {
        return;
    }
    let message = "`database` repeats `schema` and does nothing: dbt-glue compares the two and forgets it. Once `schema` \
                   changes, dbt stops until `database` follows. Take it out.";
    let mut diagnostic = Diagnostic::new(&RULE.meta, output::key_at(cx, entry), message);
    if let Some(fix) = output::delete_entry(cx, entry, Fix::safe("Take `database` out")) {
        diagnostic = diagnostic.fix(fix);
    }
    cx.report(sink, diagnostic);
}
