//! `python-packages-ignored`.

use super::model;
use crate::context::NodeCx;
use crate::incremental::model::at_setting;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "python-packages-ignored",
    Ineffective,
    Warning,
    "python_packages_ignored.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    if !model::is_python(cx) {
        return;
    }
    for set in cx.node.config.all("packages") {
        if set.value.value.truthy() != Some(true) {
            continue;
        }
        let message = "dbt-glue installs none of these `packages`: an import that the session does not have fails when the \
                       model runs. Put `--additional-python-modules=...` into `default_arguments` of the profile.";
        sink.push(at_setting(cx, &RULE.meta, set, set.key_at(), message));
    }
}
