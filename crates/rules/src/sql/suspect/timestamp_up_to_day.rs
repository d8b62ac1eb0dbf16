//! `timestamp-up-to-day`.

use glueline_spark::analyze::Suspect;

use super::Told;
use crate::rule::{Check, Rule, rule};

pub(super) static RULE: Rule = rule!(
    "timestamp-up-to-day",
    Data,
    Warning,
    "timestamp_up_to_day.md",
    Check::Elsewhere
);

pub(super) fn tell(suspect: &Suspect) -> Option<Told> {
    let Suspect::DayCutOff { column, day, next } = suspect else {
        return None;
    };
    Some(Told::new(format!(
        "`{column}` is a timestamp, and {day} is the first instant of that day: all but midnight is left out. Write `< '{next}'`."
    )))
}
