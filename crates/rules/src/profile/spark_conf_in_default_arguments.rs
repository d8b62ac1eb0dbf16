//! `spark-conf-in-default-arguments`.

use glueline_base::Diagnostic;

use super::arguments;
use super::pairs;
use super::scalar::Scalar;
use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "spark-conf-in-default-arguments",
    Ineffective,
    Warning,
    "spark_conf_in_default_arguments.md",
    Check::Target(check)
);

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    let Some(scalar) = Scalar::of(cx, "default_arguments") else {
        return;
    };
    let settings =
        pairs::pairs(scalar.text).filter(|pair| pair.fault().is_none() && arguments::is_spark_conf(pair));
    for pair in settings.take(super::MOST_FINDINGS) {
        let name = pair.key().trim_start_matches('-');
        let message = format!(
            "`{}` is sent as an argument of the session, where Spark does not look. Put it into `conf`: \
             `{name}={}`.",
            pair.key(),
            pair.value().unwrap_or_default()
        );
        cx.report(
            sink,
            Diagnostic::new(&RULE.meta, scalar.place(pair.key_range()), message),
        );
    }
}
