//! `lf-not-enabled`.

use glueline_base::{Fix, Spanned, Value};
use glueline_project::Contribution;

use super::acts;
use crate::context::NodeCx;
use crate::incremental::model::at_setting;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "lf-not-enabled",
    Access,
    Warning,
    "lf_not_enabled.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    if let Some(set) = acts::applied(cx, "lf_tags_config") {
        look(cx, set, "lf_tags_config", &set.value, sink);
    }
    if let Some(set) = acts::applied(cx, "lf_grants")
        && let Some(filters) = set.value.value.get("data_cell_filters")
    {
        look(cx, set, "data_cell_filters", filters, sink);
    }
}

/// Only where `enabled` is forgotten: `enabled: false` says itself what it does.
fn look(cx: &NodeCx<'_>, set: &Contribution, name: &str, config: &Spanned<Value>, sink: &mut Sink) {
    let Some(first) = config.value.as_map().and_then(|entries| entries.first()) else {
        return;
    };
    if config.value.entry("enabled").is_some() {
        return;
    }
    let message = format!(
        "`{name}` has no `enabled: true`: it is read and passed over, so that nothing is tagged or granted."
    );
    let key = set.at(first.key.range);
    let mut finding = at_setting(cx, &RULE.meta, set, key, message);
    if let Some(text) = switch(cx, set, key.range) {
        finding = finding.fix(Fix::needs_consent("Add `enabled`").insert_before(key, text));
    }
    sink.push(finding);
}

/// What to write before the first entry, in the manner of that entry.
fn switch(cx: &NodeCx<'_>, set: &Contribution, key: glueline_base::TextRange) -> Option<String> {
    let text = cx.project.files().text(set.file);
    let start = usize::from(key.start());
    let line_start = text.get(..start)?.rfind('\n').map_or(0, |newline| newline + 1);
    let indent = text.get(line_start..start)?;
    let written = glueline_base::slice(text, key);
    match written.chars().next()? {
        '\'' => Some("'enabled': true, ".to_owned()),
        '"' if cx.node.file() == set.file => Some("\"enabled\": true, ".to_owned()),
        _ if indent.bytes().all(|b| b == b' ') => Some(format!("enabled: true\n{indent}")),
        _ => None,
    }
}
