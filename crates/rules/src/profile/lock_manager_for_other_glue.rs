//! `lock-manager-for-other-glue`.

use glueline_base::{Diagnostic, Fix};
use glueline_catalog::{LOCK_MANAGERS, class_near_miss};
use glueline_project::conf;

use super::output;
use super::scalar::Scalar;
use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "lock-manager-for-other-glue",
    Fails,
    Warning,
    "lock_manager_for_other_glue.md",
    Check::Target(check)
);

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    let (Some(scalar), Some(glue)) = (Scalar::of(cx, "conf"), output::glue_version(cx)) else {
        return;
    };
    let Some(right) = LOCK_MANAGERS
        .iter()
        .find(|manager| manager.since <= glue && glue <= manager.until)
    else {
        return;
    };
    let managers = conf::settings(scalar.text).filter(|setting| setting.key.ends_with(".lock-impl"));
    for setting in managers.take(super::MOST_FINDINGS) {
        let class = setting.text().trim();
        let known = LOCK_MANAGERS.iter().any(|manager| manager.class == class);
        let misspelt = class_near_miss(class).is_some();
        if class == right.class || !(known || misspelt) {
            continue;
        }
        let why = if known {
            format!("belongs to another release than Glue {glue}")
        } else {
            "does not exist".to_owned()
        };
        let message = format!(
            "The lock manager `{class}` {why}: Iceberg does not find the class. On Glue {glue} it is `{}`{}.",
            right.class,
            if right.needed { "" } else { ", and none is needed" }
        );
        let mut diagnostic = Diagnostic::new(&RULE.meta, scalar.place(setting.value_range()), message);
        if let Some(at) = scalar.exact(setting.value_range()) {
            diagnostic =
                diagnostic.fix(Fix::safe(format!("Write `{}`", right.class)).replace(at, right.class));
        }
        cx.report(sink, diagnostic);
    }
}
