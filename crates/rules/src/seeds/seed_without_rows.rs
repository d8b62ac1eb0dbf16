//! `seed-without-rows`.

use glueline_seed::FaultKind;

use super::seed;
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "seed-without-rows",
    Fails,
    Warning,
    "seed_without_rows.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let Some(facts) = seed::facts(cx) else { return };
    if !facts.faults.iter().any(|fault| fault.kind == FaultKind::NoRows) || seed::is_cast(cx) != Some(false) {
        return;
    }
    let message = "A header without rows: Spark cannot tell types from nothing, and refuses the seed with \
                   `CANNOT_INFER_EMPTY_SCHEMA`. Set `enable_spark_seed_casting: true` in the profile, or add a row.";
    let header = facts
        .columns
        .first()
        .map_or_else(Default::default, |column| column.range);
    sink.push(cx.diagnostic(&RULE.meta, seed::at(cx, header), message));
}
