//! `refused-check-cols`.

use glueline_base::{Fix, Value};
use glueline_catalog::SnapshotStrategy;
use glueline_project::ResourceType;

use crate::context::NodeCx;
use crate::incremental::{edit, model};
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "refused-check-cols",
    Fails,
    Error,
    "refused_check_cols.md",
    Check::Node(check), Parse: "ValidationError"
);

/// The word that stands for every column.
const EVERY_COLUMN: &str = "all";

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    if cx.node.kind != ResourceType::Snapshot {
        return;
    }
    let (Some(set), Some(strategy)) = (
        model::truthy(cx, "check_cols"),
        cx.text("strategy").and_then(SnapshotStrategy::parse),
    ) else {
        return;
    };
    match (&set.value.value, strategy) {
        (Value::Str(columns), SnapshotStrategy::Check) if **columns != *EVERY_COLUMN => {
            let list = edit::list(cx, set, columns.split(',').map(str::trim));
            let message = format!(
                "`check_cols` is a list of columns, or the word `all`; dbt refuses `{columns}` and stops every command. \
                 Write `{list}`."
            );
            let fix = Fix::safe(format!("Write `{list}`")).replace(set.value_at(), list);
            sink.push(cx.diagnostic(&RULE.meta, set.value_at(), message).fix(fix));
        }
        (_, SnapshotStrategy::Timestamp) => {
            let message = "A snapshot with `strategy: timestamp` must not have `check_cols`: dbt stops every command. Take \
                           it out, or use `strategy: check`.";
            sink.push(cx.diagnostic(&RULE.meta, set.key_at(), message));
        }
        (_, SnapshotStrategy::Check) => {}
    }
}
