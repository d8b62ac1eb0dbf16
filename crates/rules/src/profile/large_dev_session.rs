//! `large-dev-session`.

use glueline_base::Diagnostic;

use super::output::{self, Dpus};
use super::scalar::Scalar;
use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "large-dev-session",
    Cost,
    Warning,
    "large_dev_session.md",
    Check::Target(check)
);

/// More than development needs, as a rule.
const LARGE: Dpus = Dpus::whole(20);

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    let Some(size) = output::session_size(cx).filter(|size| *size >= LARGE) else {
        return;
    };
    let scales =
        Scalar::of(cx, "default_arguments").is_some_and(|text| text.text.contains("--enable-auto-scaling"));
    if scales || !is_for_development(&cx.target.name.value) {
        return;
    }
    let message = format!(
        "A session of the output `{}` takes {size} from its start to the end of its idle time. For development a few \
         workers usually do; with `--enable-auto-scaling=true` in `default_arguments`, `workers` is only the most.",
        cx.target.name.value
    );
    let diagnostic = Diagnostic::new(&RULE.meta, cx.target.value_at("workers"), message);
    cx.report(
        sink,
        diagnostic.related(cx.target.value_at("worker_type"), "the size of each worker"),
    );
}

fn is_for_development(name: &str) -> bool {
    let words = ["dev", "development", "ci", "test", "local", "sandbox"];
    name.split(['_', '-', '.'])
        .any(|part| words.iter().any(|word| part.eq_ignore_ascii_case(word)))
}
