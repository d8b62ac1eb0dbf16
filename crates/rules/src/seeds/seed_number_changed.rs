//! `seed-number-changed`.

use glueline_base::Severity;
use glueline_seed::Column;

use super::seed;
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "seed-number-changed",
    Data,
    Warning,
    "seed_number_changed.md",
    Check::GlueNode(check)
);

/// The largest whole number up to which a double holds every one.
const EXACT: u128 = 1 << 53;

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let Some(facts) = seed::facts(cx) else { return };
    for column in &facts.columns {
        let Some((severity, what)) = change(column) else {
            continue;
        };
        let message = format!(
            "Numbers of `{}` are changed on their way to Spark: {what}. Give the column a type in `column_types`, so that \
             it is read as text.",
            column.name
        );
        sink.push(
            cx.diagnostic(&RULE.meta, seed::at(cx, column.range), message)
                .severity(severity),
        );
    }
}

/// The worst that happens to the numbers of a column.
pub(crate) fn change(column: &Column) -> Option<(Severity, &'static str)> {
    if column.largest_whole.is_some_and(|largest| largest > EXACT) {
        return Some((
            Severity::Error,
            "beyond 9,007,199,254,740,992 the last digits are lost",
        ));
    }
    if column.has_infinite_numbers {
        return Some((
            Severity::Warning,
            "`nan` and `inf` are sent as names that Python does not know, and the seed fails",
        ));
    }
    if column.has_decorated_numbers {
        return Some((
            Severity::Warning,
            "signs and commas are dropped, so that `1,5` becomes 15",
        ));
    }
    column.has_padded_numbers.then_some((
        Severity::Warning,
        "leading zeros are dropped, so that `007` becomes 7",
    ))
}
