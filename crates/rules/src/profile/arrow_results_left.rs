//! `arrow-results-left`.

use glueline_base::Diagnostic;

use super::output;
use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "arrow-results-left",
    Cost,
    Warning,
    "arrow_results_left.md",
    Check::Target(check)
);

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    if output::flag(cx, "use_arrow") != Some(true) {
        return;
    }
    let mixed = output::threads(cx).is_some_and(|threads| threads > 1);
    let message = format!(
        "With `use_arrow` each result is written to `{{location}}/tmp-results/` and never deleted.{} Leave it out, or let \
         the bucket expire that path.",
        if mixed {
            " All threads fetch theirs into one local file, `result.feather`: a node can get the rows of another."
        } else {
            ""
        }
    );
    cx.report(
        sink,
        Diagnostic::new(&RULE.meta, cx.target.key_at("use_arrow"), message),
    );
}
