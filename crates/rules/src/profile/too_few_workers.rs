//! `too-few-workers`.

use glueline_base::{Diagnostic, Fix};
use glueline_catalog::LEAST_WORKERS;

use super::output;
use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "too-few-workers",
    Fails,
    Warning,
    "too_few_workers.md",
    Check::Target(check)
);

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    let Some(workers) = output::number(cx, "workers").filter(|workers| *workers < i64::from(LEAST_WORKERS))
    else {
        return;
    };
    let at = cx.target.value_at("workers");
    let message = format!(
        "A session has at least {LEAST_WORKERS} workers, a driver and an executor, and this asks for {workers}: AWS \
         refuses it. Nothing looks at the number before."
    );
    let mut diagnostic = Diagnostic::new(&RULE.meta, at, message);
    if output::written(cx, at.range) == workers.to_string() {
        let fix = Fix::needs_consent(format!("Write `{LEAST_WORKERS}`"));
        diagnostic = diagnostic.fix(fix.replace(at, LEAST_WORKERS.to_string()));
    }
    cx.report(sink, diagnostic);
}
