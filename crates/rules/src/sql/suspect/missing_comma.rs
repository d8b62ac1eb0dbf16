//! `missing-comma`.

use glueline_base::Safety;
use glueline_spark::analyze::Suspect;

use super::Told;
use crate::rule::{Check, Rule, rule};

pub(super) static RULE: Rule = rule!(
    "missing-comma",
    Sql,
    Warning,
    "missing_comma.md",
    Check::Elsewhere
);

pub(super) fn tell(suspect: &Suspect) -> Option<Told> {
    Some(match suspect {
        Suspect::CommaBeforeColumn { expr, alias } => Told::new(format!(
            "Spark reads `{alias}` as the name of `{expr}`, not as a column: no comma stands between them."
        ))
        .related("What gets the name.")
        .fix("Add the comma", Safety::Safe),
        Suspect::CommaBetweenTexts { text } => Told::new(format!(
            "Spark makes one text of these, `'{text}'`: no comma stands between them."
        ))
        .fix("Add the comma", Safety::Safe),
        _ => return None,
    })
}
