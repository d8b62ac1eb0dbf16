//! `accidental-cross-join`.

use glueline_base::Severity;
use glueline_spark::analyze::Suspect;

use super::Told;
use crate::rule::{Check, Rule, rule};

pub(super) static RULE: Rule = rule!(
    "accidental-cross-join",
    Data,
    Warning,
    "accidental_cross_join.md",
    Check::Rendered(super::check)
);

pub(super) fn tell(suspect: &Suspect) -> Option<Told> {
    Some(match suspect {
        Suspect::Unlinked {
            relation, join: true, ..
        } => Told::new(format!(
            "`{relation}` is joined without a condition: each of its rows meets every row before it. Add `on`, or write `cross join`."
        )),
        Suspect::Unlinked {
            relation, filtered, ..
        } => {
            let told = Told::new(format!(
                "No condition links `{relation}` with what stands before it: each of its rows meets every row there. Add the condition, or \
                 write `cross join`."
            ));
            // a comma in a query without any condition is an old way to write a cross join
            if *filtered {
                told
            } else {
                told.severity(Severity::Hint)
            }
        }
        Suspect::OneSided {
            relation,
            names_it: true,
        } => Told::new(format!(
            "This condition names columns of `{relation}` alone: each of its rows that meets it is joined with every row before it."
        )),
        Suspect::OneSided { relation, .. } => Told::new(format!(
            "This condition names no column of `{relation}`: every row of `{relation}` is joined with each row that meets it."
        )),
        _ => return None,
    })
}
