//! `conf-starts-with-flag`.

use glueline_base::{Diagnostic, FileRange, Fix, TextRange};
use glueline_project::conf;

use super::scalar::Scalar;
use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "conf-starts-with-flag",
    Ineffective,
    Info,
    "conf_starts_with_flag.md",
    Check::Target(check)
);

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    let Some(scalar) = Scalar::of(cx, "conf") else {
        return;
    };
    let Some(first) = conf::settings(scalar.text).next() else {
        return;
    };
    let start = scalar.text.len() - scalar.text.trim_start().len();
    if first.start <= start {
        return;
    }
    let flag = start..start + "--conf".len();
    let message = format!(
        "`conf` begins with `--conf`. Glue writes that itself in front of the value, and users have seen the first \
         setting, `{}`, go missing. Begin with the setting.",
        first.key
    );
    let mut diagnostic = Diagnostic::new(&RULE.meta, scalar.place(flag.clone()), message);
    if let (Some(flag), Some(key)) = (scalar.exact(flag), scalar.exact(first.key_range())) {
        let range = TextRange::new(flag.range.start(), key.range.start());
        diagnostic = diagnostic
            .fix(Fix::needs_consent("Take the first `--conf` out").delete(FileRange { range, ..flag }));
    }
    cx.report(sink, diagnostic);
}
