//! `packages-not-installed`.

use glueline_base::{Diagnostic, FileRange};

use crate::context::ProjectCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "packages-not-installed",
    Fails,
    Warning,
    "packages_not_installed.md",
    Check::Project(check)
);

fn check(cx: &ProjectCx<'_>, sink: &mut Sink) {
    let requested = cx.project.requested_packages();
    if cx.project.all_packages_present() {
        return;
    }
    let Some((file, first)) = requested.first() else {
        return;
    };
    let message = format!(
        "{} packages are asked for and {} are there: run `dbt deps`, or no command runs. Until then nothing is said of \
         what they may bring: refs, sources, macros.",
        requested.len(),
        cx.project.packages().len().saturating_sub(1)
    );
    sink.push(Diagnostic::new(
        &RULE.meta,
        FileRange {
            file: *file,
            range: first.range,
        },
        message,
    ));
}
