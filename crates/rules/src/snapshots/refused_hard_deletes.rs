//! `refused-hard-deletes`.

use glueline_base::{Diagnostic, Fix, Value, nearest};
use glueline_catalog::{KeySpec, Scope, SnapshotStrategy, lookup};
use glueline_project::Contribution;

use crate::context::NodeCx;
use crate::incremental::edit;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "refused-hard-deletes",
    Fails,
    Error,
    "refused_hard_deletes.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    // A strategy of the project's own need not look at it.
    let is_own = cx.text("strategy").is_some_and(|name| {
        let builtin = SnapshotStrategy::parse(name).is_some();
        let replaced = cx
            .project
            .macros()
            .override_of(&format!("snapshot_{name}_strategy"), cx.node.package);
        builtin && replaced.is_none()
    });
    let Some(key) = lookup(Scope::SnapshotConfig, "hard_deletes") else {
        return;
    };
    let Some(set) = given(cx, key.name).filter(|_| is_own && cx.is_snapshot()) else {
        return;
    };
    if given(cx, "invalidate_hard_deletes").is_some() {
        let message = "`hard_deletes` and `invalidate_hard_deletes` stand together: each run of the snapshot stops with \
                       `You cannot set both`. Keep `hard_deletes`.";
        sink.push(cx.diagnostic(&RULE.meta, set.value_at(), message));
    } else if !set.value.value.as_str().is_some_and(|word| key.allows(word)) {
        sink.push(unknown(cx, set, key));
    }
}

/// A setting that is known and not null.
fn given<'a>(cx: &NodeCx<'a>, key: &str) -> Option<&'a Contribution> {
    cx.config(key)
        .set()
        .filter(|set| !matches!(set.value.value, Value::Null | Value::Unknown))
}

fn unknown(cx: &NodeCx<'_>, set: &Contribution, key: &KeySpec) -> Diagnostic {
    let words: Vec<String> = key.allowed.iter().map(|word| format!("`{word}`")).collect();
    let message = format!(
        "`hard_deletes` cannot be {}: each run of the snapshot stops with `Invalid setting for property hard_deletes`. It \
         takes {}.",
        set.value.value.repr(),
        words.join(", ")
    );
    let finding = cx.diagnostic(&RULE.meta, set.value_at(), message);
    let meant = set
        .value
        .value
        .as_str()
        .and_then(|word| nearest(word, key.allowed.iter().copied()));
    match meant {
        Some(meant) => {
            let fix =
                Fix::safe(format!("Write `{meant}`")).replace(set.value_at(), edit::text(cx, set, meant));
            finding.fix(fix)
        }
        None => finding,
    }
}
