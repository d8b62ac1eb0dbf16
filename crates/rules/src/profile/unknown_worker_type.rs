//! `unknown-worker-type`.

use glueline_base::{Diagnostic, Fix, nearest};
use glueline_catalog::WorkerType;

use super::scalar::Scalar;
use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "unknown-worker-type",
    Fails,
    Warning,
    "unknown_worker_type.md",
    Check::Target(check)
);

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    let Some(worker) = Scalar::of(cx, "worker_type") else {
        return;
    };
    if WorkerType::parse(worker.text).is_some() {
        return;
    }
    let usable = WorkerType::ALL
        .iter()
        .filter(|worker| worker.facts().unusable.is_none());
    let names = usable.map(|worker| worker.name());
    let message = format!(
        "AWS knows no worker type `{}` and refuses the session; nothing looks at it before. Spark sessions take {}.",
        worker.text,
        super::list(names.clone())
    );
    let mut diagnostic = Diagnostic::new(&RULE.meta, worker.at(), message);
    let same = names.clone().find(|name| name.eq_ignore_ascii_case(worker.text));
    if let Some(meant) = same.or_else(|| nearest(worker.text, names).filter(|_| worker.text.len() > 3))
        && let Some(at) = worker.exact(0..worker.text.len())
    {
        let title = format!("Write `{meant}`");
        let fix = if same.is_some() {
            Fix::safe(title)
        } else {
            Fix::needs_consent(title)
        };
        diagnostic = diagnostic.fix(fix.replace(at, meant));
    }
    cx.report(sink, diagnostic);
}
