//! `comparison-with-null`.

use glueline_base::Safety;
use glueline_spark::analyze::Suspect;

use super::Told;
use crate::rule::{Check, Rule, rule};

pub(super) static RULE: Rule = rule!(
    "comparison-with-null",
    Data,
    Warning,
    "comparison_with_null.md",
    Check::Elsewhere
);

pub(super) fn tell(suspect: &Suspect) -> Option<Told> {
    Some(match suspect {
        Suspect::ComparedWithNull { operator } => {
            let meant = match *operator {
                "=" => " Write `is null`.",
                "<>" => " Write `is not null`.",
                _ => "",
            };
            let message =
                format!("`{operator}` with `null` gives null for every row, so that it never holds.{meant}");
            Told::new(message).fix("Ask for null with `is`", Safety::Safe)
        }
        Suspect::CaseOfNull => Told::new(
            "`when null` never matches: `case` compares as `=` does, and a comparison with null gives null. Write `case when .. is null`.",
        ),
        Suspect::NullInList => Told::new(
            "`null` in a list finds nothing: `in` compares as `=` does, and a comparison with null gives null. Ask for it with `or .. is null`.",
        ),
        _ => return None,
    })
}
