//! `misspelt-class-in-conf`.

use glueline_base::{Diagnostic, Fix};
use glueline_catalog::class_near_miss;
use glueline_project::conf;

use super::pairs;
use super::scalar::Scalar;
use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "misspelt-class-in-conf",
    Fails,
    Warning,
    "misspelt_class_in_conf.md",
    Check::Target(check)
);

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    let Some(scalar) = Scalar::of(cx, "conf") else {
        return;
    };
    // Which lock manager is right depends on the release of Glue: that is the matter of another rule.
    let settings = conf::settings(scalar.text).filter(|setting| !setting.key.ends_with(".lock-impl"));
    for setting in settings.take(super::MOST_SETTINGS) {
        for class in pairs::pairs(setting.text()).take(super::MOST_FINDINGS) {
            let name = class.text.trim();
            let Some(meant) = class_near_miss(name) else {
                continue;
            };
            let message = format!(
                "There is no class `{name}`: Spark does not find it when the session starts. The class is called \
                 `{meant}`."
            );
            let from = setting.value_range().start;
            let part = class.trimmed_range();
            let part = from + part.start..from + part.end;
            let mut diagnostic = Diagnostic::new(&RULE.meta, scalar.place(part.clone()), message);
            if let Some(at) = scalar.exact(part) {
                diagnostic = diagnostic.fix(Fix::safe(format!("Write `{meant}`")).replace(at, meant));
            }
            cx.report(sink, diagnostic);
        }
    }
}
