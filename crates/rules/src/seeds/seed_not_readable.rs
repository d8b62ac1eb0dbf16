//! `seed-not-readable`.

use glueline_seed::FaultKind;

use super::seed;
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "seed-not-readable",
    Fails,
    Error,
    "seed_not_readable.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let Some(facts) = seed::facts(cx) else { return };
    // dbt stops at the first.
    for fault in &facts.faults {
        let message = match fault.kind {
            FaultKind::EmptyFile => {
                "The file is empty: the seed fails with `a callable raised a StopIteration exception`. Write a header \
                 and rows, or remove the file."
                    .to_owned()
            }
            FaultKind::TooManyFields { found, expected } => format!(
                "This row has {found} fields, and the header has {expected}: the seed fails with `Row {} has {found} \
                 values, but Table only has {expected} columns`. Quote a value that contains the delimiter.",
                fault.line.saturating_sub(2)
            ),
            FaultKind::FieldTooLarge => {
                "This field has more than 131,072 characters: the seed fails with `CSV contains a field longer than the \
                 maximum length`. A quote that is not closed makes such fields."
                    .to_owned()
            }
            _ => continue,
        };
        sink.push(cx.diagnostic(&RULE.meta, seed::at(cx, fault.range), message));
        return;
    }
}
