//! `seed-header`.

use glueline_seed::FaultKind;

use super::seed;
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "seed-header",
    Data,
    Warning,
    "seed_header.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let Some(facts) = seed::facts(cx) else { return };
    for fault in &facts.faults {
        let named = || {
            facts
                .columns
                .iter()
                .find(|column| column.range == fault.range)
                .map_or("", |column| &*column.name)
        };
        let message = match fault.kind {
            FaultKind::BlankHeader => {
                "The first line is blank: dbt calls the columns `a`, `b`, and so on, and takes the real header for a \
                 row. Take the line out."
                    .to_owned()
            }
            FaultKind::DuplicateColumn => {
                format!("This name stands twice in the header: dbt calls the column `{}`. Rename it.", named())
            }
            FaultKind::UnnamedColumn => format!(
                "This column has no name: dbt calls it `{}`. A delimiter at the end of each line makes such columns.",
                named()
            ),
            _ => continue,
        };
        sink.push(cx.diagnostic(&RULE.meta, seed::at(cx, fault.range), message));
    }
}
