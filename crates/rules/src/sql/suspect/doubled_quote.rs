//! `doubled-quote`.

use glueline_base::Safety;
use glueline_spark::analyze::Suspect;

use super::Told;
use crate::rule::{Check, Rule, rule};

pub(super) static RULE: Rule = rule!(
    "doubled-quote",
    Sql,
    Warning,
    "doubled_quote.md",
    Check::Elsewhere
);

pub(super) fn tell(suspect: &Suspect) -> Option<Told> {
    let Suspect::DoubledQuote { text } = suspect else {
        return None;
    };
    let message = format!(
        "Spark reads two texts here and joins them to `{text}`: a doubled quote is no quote. Write the text in the other kind of quotes."
    );
    Some(Told::new(message).fix("Write the text in double quotes", Safety::Unsafe))
}
