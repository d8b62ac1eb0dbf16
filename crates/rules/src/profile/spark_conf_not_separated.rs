//! `spark-conf-not-separated`.

use std::ops::Range;

use glueline_base::{Diagnostic, Fix};
use glueline_project::conf::{self, Setting};

use super::scalar::Scalar;
use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "spark-conf-not-separated",
    Ineffective,
    Warning,
    "spark_conf_not_separated.md",
    Check::Target(check)
);

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    let Some(scalar) = Scalar::of(cx, "conf") else {
        return;
    };
    let swallowed = conf::settings(scalar.text).filter_map(|setting| Some((setting, swallowed(&setting)?)));
    for (setting, part) in swallowed.take(super::MOST_FINDINGS) {
        let name = scalar
            .text
            .get(part.clone())
            .unwrap_or_default()
            .trim_start_matches([',', ' ']);
        let message = format!(
            "`{name}` has no `--conf` before it, so it is a part of the value of `{}` and no setting. Write `--conf` in \
             between.",
            setting.key
        );
        let mut diagnostic =
            Diagnostic::new(&RULE.meta, scalar.place(part.end - name.len()..part.end), message);
        if let Some(fix) = separate(&scalar, &part, name.len()) {
            diagnostic = diagnostic.fix(fix);
        }
        cx.report(sink, diagnostic);
    }
}

/// The separator and the key of a setting that stands inside the value of another.
fn swallowed(setting: &Setting<'_>) -> Option<Range<usize>> {
    let value = setting.text();
    if value.starts_with(['"', '\'']) {
        return None;
    }
    value.match_indices("spark.").find_map(|(at, _)| {
        let (before, name) = value.split_at_checked(at)?;
        let bare = before.trim_end().trim_end_matches(',').trim_end();
        let end = name.find(|c: char| c == '=' || c == ',' || c.is_whitespace())?;
        let is_setting = bare.len() < before.len() && name.get(end..)?.starts_with('=');
        let start = setting.value_range().start;
        is_setting.then(|| start + bare.len()..start + at + end)
    })
}

fn separate(scalar: &Scalar<'_>, part: &Range<usize>, name: usize) -> Option<Fix> {
    let key = scalar.exact(part.end - name..part.end)?;
    let between = scalar.text.get(part.start..part.end - name)?;
    let fix = Fix::safe("Write `--conf` in between");
    if between.contains(',') {
        let comma = part.start + between.find(',')?;
        return Some(
            fix.delete(scalar.exact(comma..comma + 1)?)
                .insert_before(key, " --conf "),
        );
    }
    Some(fix.insert_before(key, "--conf "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_inside_values() {
        for (text, expected) in [
            ("a=1 spark.b=2", Some(" spark.b")),
            ("a=1,spark.b=2", Some(",spark.b")),
            ("a=1, spark.b=2", Some(", spark.b")),
            ("a=x.spark.b=2", None),
            ("a=-Dspark.b=2 -Dc=3", None),
            ("a='1 spark.b=2'", None),
            ("a=org.spark.X,spark.y", None),
        ] {
            let setting = conf::settings(text).next().unwrap();
            assert_eq!(
                swallowed(&setting).and_then(|range| text.get(range)),
                expected,
                "{text}"
            );
        }
    }
}
