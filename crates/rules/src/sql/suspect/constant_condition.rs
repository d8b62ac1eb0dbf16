//! `constant-condition`.

use glueline_spark::analyze::Suspect;

use super::Told;
use crate::rule::{Check, Rule, rule};

pub(super) static RULE: Rule = rule!(
    "constant-condition",
    Data,
    Warning,
    "constant_condition.md",
    Check::Elsewhere
);

pub(super) fn tell(suspect: &Suspect) -> Option<Told> {
    const BEFORE: &str = "The condition before it.";
    Some(match suspect {
        Suspect::EmptyRange => {
            Told::new("Nothing is in this range: the first bound is greater than the second. Swap them.")
        }
        Suspect::NeverBoth { expr } => Told::new(format!(
            "`{expr}` cannot equal both constants, so that this never holds. `or`, or `in`, would take either."
        ))
        .related(BEFORE),
        Suspect::AlwaysEither { expr } => Told::new(format!(
            "`{expr}` always differs from one of the two constants, so that this holds for every row where it is not null. `and`, or \
             `not in`, would leave both out."
        ))
        .related(BEFORE),
        Suspect::ComparedWithItself { expr } => {
            Told::new(format!("`{expr}` is compared with itself. The other side was most likely another column."))
        }
        _ => return None,
    })
}
