//! `seed-rows`.

use glueline_base::Severity;
use glueline_seed::FaultKind;

use super::seed;
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!("seed-rows", Data, Warning, "seed_rows.md", Check::GlueNode(check));

/// Rows of one file that are named; who has made more such rows has made them all alike.
const MAX_NAMED: usize = 5;

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let Some(facts) = seed::facts(cx) else { return };
    let mut left = MAX_NAMED;
    for fault in &facts.faults {
        let (severity, message) = match fault.kind {
            FaultKind::TooFewFields { found, expected } => (
                Severity::Warning,
                format!(
                    "This row has {found} fields of {expected}: dbt fills it up with nulls and says nothing. Write the \
                     missing delimiters, or the value that a line break has cut off."
                ),
            ),
            FaultKind::BlankLine => (
                Severity::Warning,
                "A blank line: dbt makes a row of nulls of it. Take it out.".to_owned(),
            ),
            FaultKind::UnclosedQuote => (
                Severity::Error,
                "This quote is not closed: all that follows becomes one value, and its rows are missing from the table. \
                 Close it, or double it if it is part of the value."
                    .to_owned(),
            ),
            _ => continue,
        };
        if severity == Severity::Warning {
            if left == 0 {
                continue;
            }
            left -= 1;
        }
        sink.push(
            cx.diagnostic(&RULE.meta, seed::at(cx, fault.range), message)
                .severity(severity),
        );
    }
}
