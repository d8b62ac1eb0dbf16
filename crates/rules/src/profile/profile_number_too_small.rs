//! `profile-number-too-small`.

use glueline_base::{Diagnostic, Value};
use glueline_catalog::profile_minimums;

use super::output;
use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "profile-number-too-small",
    Fails,
    Error,
    "profile_number_too_small.md",
    Check::Target(check), Profile: "DbtProfileError"
);

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    for minimum in profile_minimums() {
        let least = f64::from(minimum.min);
        let (is_small, shown) = match cx.target.get(minimum.key) {
            Some(Value::Int(value)) => (*value < i64::from(minimum.min), value.to_string()),
            Some(Value::Float(value)) => (*value < least, value.to_string()),
            _ => continue,
        };
        if is_small {
            let message = format!(
                "`{}` is `{shown}` and has to be at least {}: {}.",
                minimum.key, minimum.min, minimum.otherwise
            );
            let found = Diagnostic::new(&RULE.meta, cx.target.value_at(minimum.key), message);
            // dbt asks for some of these itself; for the others it is AWS or boto3 that does, when a session is asked for.
            let said = minimum
                .otherwise
                .strip_prefix("dbt stops with `")
                .and_then(|rest| rest.strip_suffix('`'));
            let found = match said {
                Some(said) => found.words(output::refused(cx, &format!("Runtime Error\n    {said}"))),
                None => found.stop(None),
            };
            cx.report(sink, found);
        }
    }
}
