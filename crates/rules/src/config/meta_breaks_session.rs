//! `meta-breaks-session`.

use glueline_catalog::meta_needs;

use super::session_meta;
use crate::context::NodeCx;
use crate::incremental::model::at_setting;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "meta-breaks-session",
    Fails,
    Error,
    "meta_breaks_session.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    session_meta::each(cx, |set, entry| {
        let Some(needs) = meta_needs(&entry.key.value) else {
            return;
        };
        let value = &entry.value.value;
        if value.truthy() != Some(true) || needs.accepts(value) != Some(false) {
            return;
        }
        let message = format!(
            "`{}` in `meta` overrides the session setting of that name, and has to be {}: no session starts with this \
             value, and the node fails. If it is meant as a note, give it another name.",
            entry.key.value,
            needs.words()
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
