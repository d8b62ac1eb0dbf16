//! `last-value-of-current-row`.

use glueline_spark::analyze::Suspect;

use super::Told;
use crate::rule::{Check, Rule, rule};

pub(super) static RULE: Rule = rule!(
    "last-value-of-current-row",
    Data,
    Warning,
    "last_value_of_current_row.md",
    Check::Elsewhere
);

pub(super) fn tell(suspect: &Suspect) -> Option<Told> {
    let Suspect::LastOfCurrent { function } = suspect else {
        return None;
    };
    let message = format!(
        "With `order by` a window ends at the current row, so that `{function}` gives the value of that row itself. Add `rows between \
         unbounded preceding and unbounded following`."
    );
    Some(Told::new(message).related("The window, without a frame."))
}
