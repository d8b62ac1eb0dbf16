//! `database-config`.

use glueline_base::{Diagnostic, FileRange, Fix};
use glueline_project::{Contribution, ResourceType};

use super::setting;
use crate::context::NodeCx;
use crate::incremental::model;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "database-config",
    Ineffective,
    Warning,
    "database_config.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    if cx.node.kind == ResourceType::Source {
        source(cx, sink);
        return;
    }
    for set in cx.node.config.entries() {
        let is_named = matches!(&*set.key.value, "database" | "target_database")
            && set.value.value.truthy() == Some(true);
        if is_named && !has_own_names(cx) {
            setting_of_node(cx, set, sink);
        }
    }
}

/// Whether the project decides itself what databases mean.
fn has_own_names(cx: &NodeCx<'_>) -> bool {
    model::replaces(cx, &["generate_database_name"])
}

fn setting_of_node(cx: &NodeCx<'_>, set: &Contribution, sink: &mut Sink) {
    let message = format!(
        "`{}` does nothing: Glue has no level above the schema, and the node is made in its schema all the same. Use \
         `schema` to move it to another Glue database.",
        set.key.value
    );
    let mut finding = model::at_setting(cx, &RULE.meta, set, set.key_at(), message);
    if let Some(fix) = setting::without_line(cx.project, set.whole_at(), taken_out(&set.key.value)) {
        finding = finding.fix(fix);
    }
    sink.push(finding);
}

/// Once for all tables of the source.
fn source(cx: &NodeCx<'_>, sink: &mut Sink) {
    let Some((source, 0)) = cx.project.source_entry(cx.node) else {
        return;
    };
    let Some((key, value)) = &source.database else {
        return;
    };
    if has_own_names(cx) {
        return;
    }
    let message = format!(
        "`database` does nothing: Glue has no level above the schema, and `source('{0}', ...)` renders the schema and \
         the table alone. Name the Glue database with `schema`.",
        source.name.value
    );
    let at = |range| FileRange {
        file: cx.node.file(),
        range,
    };
    let mut finding = Diagnostic::new(&RULE.meta, at(*key), message);
    let whole = at(key.cover(value.range));
    if let Some(fix) = setting::without_line(cx.project, whole, taken_out("database")) {
        finding = finding.fix(fix);
    }
    sink.push(finding);
}

fn taken_out(key: &str) -> Fix {
    Fix::safe(format!("Take `{key}` out"))
}
