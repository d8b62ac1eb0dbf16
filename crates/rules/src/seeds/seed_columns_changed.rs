//! `seed-columns-changed`.

use glueline_base::Severity;

use super::seed;
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "seed-columns-changed",
    Data,
    Error,
    "seed_columns_changed.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let Some(state) = cx.project.state().filter(|_| seed::is_loaded(cx)) else {
        return;
    };
    let (Some(facts), Some(schema), Some(is_cast)) = (seed::facts(cx), &cx.node.schema, seed::is_cast(cx))
    else {
        return;
    };
    // The table has the name of the file, whatever the alias.
    let Some(table) = state
        .table(schema, &cx.node.name)
        .filter(|table| !table.is_view() && table.known_columns().is_some())
    else {
        return;
    };
    let mut sent: Vec<&str> = facts.columns.iter().map(|column| &*column.name).collect();
    if !is_cast {
        // Spark sorts the keys of the rows when it guesses their types.
        sent.sort_unstable();
    }
    let there = table.columns.iter().map(|column| &*column.name);
    let at = seed::at(
        cx,
        facts
            .columns
            .first()
            .map_or_else(Default::default, |column| column.range),
    );
    if sent.len() != table.columns.len() {
        let message = format!(
            "The seed has {} columns, and its table in the catalog has {}: rows are inserted by position, and Spark refuses \
             them with `INSERT_COLUMN_ARITY_MISMATCH`. `--full-refresh` changes nothing: drop the table.",
            sent.len(),
            table.columns.len()
        );
        sink.push(cx.diagnostic(&RULE.meta, at, message).severity(Severity::Warning));
        return;
    }
    let Some((new, old)) = sent
        .iter()
        .zip(there)
        .find(|(new, old)| !new.eq_ignore_ascii_case(old))
    else {
        return;
    };
    let message = format!(
        "Rows are inserted by position into the table that exists: the values of `{new}` go into its column `{old}`, and \
         the seed succeeds. `--full-refresh` changes nothing: drop the table."
    );
    sink.push(cx.diagnostic(&RULE.meta, at, message));
}
