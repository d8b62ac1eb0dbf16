//! `count-of-condition`.

use glueline_spark::analyze::Suspect;

use super::Told;
use crate::rule::{Check, Rule, rule};

pub(super) static RULE: Rule = rule!(
    "count-of-condition",
    Data,
    Warning,
    "count_of_condition.md",
    Check::Elsewhere
);

pub(super) fn tell(suspect: &Suspect) -> Option<Told> {
    let Suspect::CountsAll { case } = suspect else {
        return None;
    };
    let told = if *case {
        Told::new(
            "`count` counts what is not null, and no branch of this `case` is null: every row is counted. Use `sum`, or leave out `else`.",
        )
    } else {
        Told::new(
            "`count` counts what is not null, and a condition that does not hold is `false`, not null: rows are counted whether or not it holds. Use `count_if`.",
        )
    };
    Some(told)
}
