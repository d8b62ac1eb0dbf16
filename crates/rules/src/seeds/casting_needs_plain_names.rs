//! `casting-needs-plain-names`.

use super::seed;
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "casting-needs-plain-names",
    Fails,
    Warning,
    "casting_needs_plain_names.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let Some(facts) = seed::facts(cx) else { return };
    let mut columns = facts.columns.iter().filter(|column| !is_plain(&column.name));
    let Some(first) = columns.next() else { return };
    if seed::is_cast(cx) != Some(true) {
        return;
    }
    let names = seed::some(std::iter::once(first).chain(columns).map(|column| &*column.name));
    let message = format!(
        "With `enable_spark_seed_casting`, dbt-glue writes column names into SQL without quotes, and Spark refuses {names}. \
         Use letters, digits and underscores."
    );
    sink.push(cx.diagnostic(&RULE.meta, seed::at(cx, first.range), message));
}

/// A name that Spark's SQL takes without quotes.
fn is_plain(name: &str) -> bool {
    !name.is_empty()
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && !name.bytes().all(|b| b.is_ascii_digit())
}
