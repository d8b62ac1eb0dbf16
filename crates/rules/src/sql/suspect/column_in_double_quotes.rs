//! `column-in-double-quotes`.

use glueline_base::Safety;
use glueline_spark::analyze::Suspect;

use super::Told;
use crate::rule::{Check, Rule, rule};

pub(super) static RULE: Rule = rule!(
    "column-in-double-quotes",
    Sql,
    Warning,
    "column_in_double_quotes.md",
    Check::Elsewhere
);

pub(super) fn tell(suspect: &Suspect) -> Option<Told> {
    let Suspect::ColumnInQuotes { column } = suspect else {
        return None;
    };
    let message = format!(
        "Spark reads `\"{column}\"` as a text, the same for every row, not as the column of that name. Names stand in back-quotes."
    );
    Some(Told::new(message).fix("Write the name in back-quotes", Safety::Safe))
}
