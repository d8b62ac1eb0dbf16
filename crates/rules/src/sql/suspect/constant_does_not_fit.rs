//! `constant-does-not-fit`.

use glueline_spark::analyze::Suspect;

use super::Told;
use crate::rule::{Check, Rule, rule};

pub(super) static RULE: Rule = rule!(
    "constant-does-not-fit",
    Data,
    Warning,
    "constant_does_not_fit.md",
    Check::Elsewhere
);

pub(super) fn tell(suspect: &Suspect) -> Option<Told> {
    Some(match suspect {
        Suspect::CastToNull { constant, ty } => Told::new(format!(
            "`{constant}` is no value of the type `{ty}`: Spark gives null, and no error."
        )),
        Suspect::CastWraps { constant, ty } => Told::new(format!(
            "`{constant}` does not fit into the type `{ty}`: Spark cuts its upper bits off and gives another number, and no error."
        )),
        Suspect::NeverCompares { constant, ty } => Told::new(format!(
            "Spark casts `{constant}` to `{ty}` to compare it, and that gives null: the condition never holds."
        )),
        _ => return None,
    })
}
