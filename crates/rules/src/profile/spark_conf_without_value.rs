//! `spark-conf-without-value`.

use glueline_base::Diagnostic;
use glueline_project::conf;

use super::scalar::Scalar;
use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "spark-conf-without-value",
    Fails,
    Warning,
    "spark_conf_without_value.md",
    Check::Target(check)
);

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    let Some(scalar) = Scalar::of(cx, "conf") else {
        return;
    };
    for setting in conf::settings(scalar.text)
        .filter(|setting| setting.value.is_none())
        .take(super::MOST_FINDINGS)
    {
        let message = format!(
            "`{}` has no `=` and no value: Spark refuses to start with such a setting. Write `KEY=VALUE`.",
            setting.key
        );
        cx.report(
            sink,
            Diagnostic::new(&RULE.meta, scalar.place(setting.key_range()), message),
        );
    }
}
