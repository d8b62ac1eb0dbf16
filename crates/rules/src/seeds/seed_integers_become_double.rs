//! `seed-integers-become-double`.

use super::seed;
use super::seed_number_changed::change;
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "seed-integers-become-double",
    Data,
    Info,
    "seed_integers_become_double.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let Some(facts) = seed::facts(cx) else { return };
    let mut columns = facts
        .columns
        .iter()
        .filter(|column| column.is_whole && change(column).is_none());
    let Some(first) = columns.next() else { return };
    if seed::is_cast(cx) != Some(false) {
        return;
    }
    let names = seed::some(std::iter::once(first).chain(columns).map(|column| &*column.name));
    let message = format!(
        "Whole numbers of a seed are sent as `1.0`, and Spark makes `double` of {names}. Set \
         `enable_spark_seed_casting: true` in the profile to get `bigint`."
    );
    sink.push(cx.diagnostic(&RULE.meta, seed::at(cx, first.range), message));
}
