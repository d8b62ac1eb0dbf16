//! `distinct-of-all`.

use glueline_spark::analyze::Suspect;

use super::Told;
use crate::rule::{Check, Rule, rule};

pub(super) static RULE: Rule = rule!(
    "distinct-of-all",
    Sql,
    Info,
    "distinct_of_all.md",
    Check::Elsewhere
);

pub(super) fn tell(suspect: &Suspect) -> Option<Told> {
    let Suspect::DistinctOfAll { expr } = suspect else {
        return None;
    };
    Some(Told::new(format!(
        "`distinct` is no function of `{expr}`: rows are told apart by all of their columns. Leave the parentheses out, or group by `{expr}`."
    )))
}
