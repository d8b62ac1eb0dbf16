//! `invalid-selectors`.

use glueline_base::{Diagnostic, FileRange, range};

use crate::context::ProjectCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "invalid-selectors",
    Fails,
    Error,
    "invalid_selectors.md",
    Check::Project(check), Project: "DbtSelectorsError"
);

fn check(cx: &ProjectCx<'_>, sink: &mut Sink) {
    let Some((file, selectors)) = cx.project.selectors() else {
        return;
    };
    let is_readable = cx
        .project
        .facts(file)
        .yaml()
        .is_some_and(|facts| facts.errors.is_empty());
    // dbt stops at the first; what follows may only follow from it.
    let Some(error) = selectors.errors.first().filter(|_| is_readable) else {
        return;
    };
    let message = format!(
        "{}. dbt reads the selectors whatever the command, and none runs.",
        crate::syntax::capitalized(&error.message)
    );
    let at = FileRange {
        file,
        range: error.range.unwrap_or(range(0, 0)),
    };
    sink.push(Diagnostic::new(&RULE.meta, at, message));
}
