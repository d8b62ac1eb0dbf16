//! `meta-starts-session`.

use glueline_base::Severity;
use glueline_catalog::{NOTES_IN_META, is_session_setting, meta_needs};

use super::session_meta;
use crate::context::NodeCx;
use crate::incremental::model::at_setting;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "meta-starts-session",
    Cost,
    Warning,
    "meta_starts_session.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    // With a group, the node asks for a session that it shares.
    if session_meta::group(cx).is_none_or(|grouped| grouped) {
        return;
    }
    session_meta::each(cx, |set, entry| {
        let key = &*entry.key.value;
        let works = meta_needs(key).is_none_or(|needs| needs.accepts(&entry.value.value) == Some(true));
        if !is_session_setting(key) || entry.value.value.truthy() != Some(true) || !works {
            return;
        }
        let is_note = NOTES_IN_META.contains(&key);
        let advice = if is_note {
            "If it is meant as a note, give it another name."
        } else {
            ""
        };
        let message = format!(
            "`{key}` is a setting of the session: in `meta` it overrides the profile's, and this node gets a Glue session \
             of its own, started and paid for it alone. {advice}"
        );
        let severity = if is_note {
            Severity::Warning
        } else {
            Severity::Info
        };
        sink.push(
            at_setting(cx, &RULE.meta, set, set.at(entry.key.range), message.trim_end()).severity(severity),
        );
    });
}
