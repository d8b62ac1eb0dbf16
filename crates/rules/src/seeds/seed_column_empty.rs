//! `seed-column-empty`.

use super::seed;
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "seed-column-empty",
    Fails,
    Warning,
    "seed_column_empty.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let Some(facts) = seed::facts(cx).filter(|facts| facts.rows > 0) else {
        return;
    };
    let mut columns = facts.columns.iter().filter(|column| column.is_empty);
    let Some(first) = columns.next() else { return };
    if seed::is_cast(cx) != Some(false) {
        return;
    }
    let names = seed::some(std::iter::once(first).chain(columns).map(|column| &*column.name));
    let message = format!(
        "No row has a value for {names}: Spark cannot tell a type, and refuses the seed with `CANNOT_DETERMINE_TYPE`. Set \
         `enable_spark_seed_casting: true` in the profile, or take the column out."
    );
    sink.push(cx.diagnostic(&RULE.meta, seed::at(cx, first.range), message));
}
