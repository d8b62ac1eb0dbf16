//! `unique-key-unused`.

use glueline_catalog::{FileFormat, Strategy};

use super::model;
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "unique-key-unused",
    Ineffective,
    Info,
    "unique_key_unused.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let Some(set) = model::truthy(cx, "unique_key").filter(|set| !model::is_folder_wide(set)) else {
        return;
    };
    let Some(strategy) = model::strategy(cx).filter(|strategy| *strategy != Strategy::Merge) else {
        return;
    };
    if model::format(cx).is_none_or(|format| format == FileFormat::Hudi) || !model::is_sql_incremental(cx) {
        return;
    }
    let message = format!(
        "`unique_key` is not used with `{strategy}`: rows that are there already are not updated. Use `merge` on a lake \
         format if they should be, or take the key out."
    );
    sink.push(cx.diagnostic(&RULE.meta, set.key_at(), message));
}
