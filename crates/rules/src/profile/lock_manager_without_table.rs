//! `lock-manager-without-table`.

use glueline_base::Diagnostic;
use glueline_project::conf;

use super::scalar::Scalar;
use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "lock-manager-without-table",
    Fails,
    Warning,
    "lock_manager_without_table.md",
    Check::Target(check)
);

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    let Some(scalar) = Scalar::of(cx, "conf") else {
        return;
    };
    let managers = conf::settings(scalar.text).filter(|setting| setting.key.ends_with(".lock-impl"));
    for setting in managers.take(super::MOST_FINDINGS) {
        let Some(catalog) = setting.key.strip_suffix(".lock-impl") else {
            continue;
        };
        let table = format!("{catalog}.lock.table");
        if conf::setting(scalar.text, &table).is_some() {
            continue;
        }
        let message = format!(
            "A lock manager is set without `{table}`: it does not know which DynamoDB table holds the locks. Set it, or \
             take the lock manager out (Glue 4.0 and later need none)."
        );
        cx.report(
            sink,
            Diagnostic::new(&RULE.meta, scalar.place(setting.key_range()), message),
        );
    }
}
