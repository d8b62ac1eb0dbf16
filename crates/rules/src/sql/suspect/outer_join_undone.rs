//! `outer-join-undone`.

use glueline_spark::analyze::Suspect;

use super::Told;
use crate::rule::{Check, Rule, rule};

pub(super) static RULE: Rule = rule!(
    "outer-join-undone",
    Data,
    Info,
    "outer_join_undone.md",
    Check::Elsewhere
);

pub(super) fn tell(suspect: &Suspect) -> Option<Told> {
    let Suspect::OuterJoinUndone { relation } = suspect else {
        return None;
    };
    let message = format!(
        "This drops the rows that the outer join kept: without a partner the columns of `{relation}` are null, and the condition does not \
         hold. Move it into `on`, or write an inner join."
    );
    Some(Told::new(message).related("Rows may have no partner here."))
}
