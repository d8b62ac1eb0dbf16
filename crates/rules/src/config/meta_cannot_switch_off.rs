//! `meta-cannot-switch-off`.

use glueline_base::Value;
use glueline_catalog::is_session_setting;

use super::session_meta;
use crate::context::NodeCx;
use crate::incremental::model::at_setting;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "meta-cannot-switch-off",
    Ineffective,
    Warning,
    "meta_cannot_switch_off.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    session_meta::each(cx, |set, entry| {
        let value = &entry.value.value;
        let is_off = matches!(value, Value::Bool(false) | Value::Int(0) | Value::Str(_))
            && value.truthy() == Some(false);
        if !is_off || !is_session_setting(&entry.key.value) {
            return;
        }
        let message = format!(
            "`{}` in `meta` overrides the profile only with a value that Python takes for true: `{}` is passed over, and \
             the profile's value stays.",
            entry.key.value,
            value.repr()
        );
        sink.push(at_setting(
            cx,
            &RULE.meta,
            set,
            set.at(entry.value.range),
            message,
        ));
    });
}
