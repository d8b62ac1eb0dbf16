//! `date-pattern-letter`.

use glueline_base::Safety;
use glueline_spark::analyze::Suspect;

use super::Told;
use crate::rule::{Check, Rule, rule};

pub(super) static RULE: Rule = rule!(
    "date-pattern-letter",
    Data,
    Warning,
    "date_pattern_letter.md",
    Check::Elsewhere
);

pub(super) fn tell(suspect: &Suspect) -> Option<Told> {
    let Suspect::PatternLetter {
        letters,
        means,
        meant: (meant, right),
        ..
    } = suspect
    else {
        return None;
    };
    let message = format!("`{letters}` means {means} in this pattern, and `{right}` {meant}.");
    Some(Told::new(message).fix("Write the letters that were meant", Safety::Unsafe))
}
