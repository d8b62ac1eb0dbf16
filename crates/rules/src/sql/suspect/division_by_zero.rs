//! `division-by-zero`.

use glueline_spark::analyze::Suspect;

use super::Told;
use crate::rule::{Check, Rule, rule};

pub(super) static RULE: Rule = rule!(
    "division-by-zero",
    Data,
    Warning,
    "division_by_zero.md",
    Check::Elsewhere
);

pub(super) fn tell(suspect: &Suspect) -> Option<Told> {
    matches!(suspect, Suspect::DivisionByZero).then(|| {
        Told::new("Division by zero gives null in every row: with ANSI mode off Spark raises no error.")
    })
}
