//! `not-in-with-null`.

use glueline_base::Safety;
use glueline_spark::analyze::Suspect;

use super::Told;
use crate::rule::{Check, Rule, rule};

pub(super) static RULE: Rule = rule!(
    "not-in-with-null",
    Data,
    Warning,
    "not_in_with_null.md",
    Check::Elsewhere
);

pub(super) fn tell(suspect: &Suspect) -> Option<Told> {
    Some(match suspect {
        Suspect::NotInNull => Told::new(
            "With `null` in the list `not in` never holds: what is not in the rest of the list gives null. Take it out of the list.",
        )
        .related("The condition that never holds.")
        .fix("Take `null` out of the list", Safety::Unsafe),
        Suspect::NotInNullable { column } => Told::new(format!(
            "`not in` holds for no row once the query gives a single null, and `{column}` is made so that it may be null. Leave nulls out \
             with `where`, or use `not exists`."
        )),
        _ => return None,
    })
}
