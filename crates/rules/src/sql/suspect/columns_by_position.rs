//! `columns-by-position`.

use glueline_spark::analyze::Suspect;

use super::Told;
use crate::rule::{Check, Rule, rule};

pub(super) static RULE: Rule = rule!(
    "columns-by-position",
    Data,
    Warning,
    "columns_by_position.md",
    Check::Elsewhere
);

pub(super) fn tell(suspect: &Suspect) -> Option<Told> {
    let Suspect::Swapped {
        first,
        second,
        operator,
    } = suspect
    else {
        return None;
    };
    let message = format!(
        "`{operator}` goes by position, not by name: `{second}` of this query comes into the column `{first}`, though both queries have \
         both. Put the columns into one order."
    );
    Some(Told::new(message).related("The column of the first query."))
}
