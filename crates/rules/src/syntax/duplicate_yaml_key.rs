//! `duplicate-yaml-key`.

use glueline_base::Diagnostic;

use crate::context::FileCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "duplicate-yaml-key",
    Project,
    Warning,
    "duplicate_yaml_key.md",
    Check::File(check)
);

fn check(cx: &FileCx<'_>, sink: &mut Sink) {
    let Some(facts) = cx.facts().yaml() else { return };
    for duplicate in &facts.duplicates {
        let message = format!(
            "`{}` stands twice in this mapping. The last one counts; the one above is lost without a word, \
             or with a deprecation warning. Keep one of them.",
            duplicate.name
        );
        sink.push(
            Diagnostic::new(&RULE.meta, cx.at(duplicate.at), message)
                .related(cx.at(duplicate.first), "this one is lost"),
        );
    }
}
