//! `corrupted-default-arguments`.

use glueline_base::Diagnostic;

use super::arguments;
use super::pairs;
use super::scalar::Scalar;
use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "corrupted-default-arguments",
    Ineffective,
    Warning,
    "corrupted_default_arguments.md",
    Check::Target(check)
);

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    let Some(scalar) = Scalar::of(cx, "default_arguments") else {
        return;
    };
    let sound = pairs::pairs(scalar.text).filter(|pair| {
        // Other rules say that these do not belong here at all.
        pair.fault().is_none()
            && !arguments::is_spark_conf(pair)
            && arguments::overriding_key(cx, pair).is_none()
    });
    for pair in sound.take(super::MOST_FINDINGS) {
        let Some(value) = pair.value() else { continue };
        let sent = value.replace(' ', "");
        let (message, part) = if let Some(lost) = pair.lost() {
            let message = format!(
                "The value of `{}` is cut at its second `=`: the session gets `{}={sent}`. dbt-glue has no way to write \
                 such a value.",
                pair.key(),
                pair.key()
            );
            (message, lost)
        } else if pair.key().contains(' ') || value.contains(' ') {
            let message = format!(
                "dbt-glue deletes every blank in `default_arguments`: the session gets `{}={sent}`. It has no way to \
                 write such a value.",
                pair.key().replace(' ', "")
            );
            (message, pair.trimmed_range())
        } else {
            continue;
        };
        cx.report(sink, Diagnostic::new(&RULE.meta, scalar.place(part), message));
    }
}
