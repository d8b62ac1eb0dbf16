//! `relations-differ-in-case`.

use super::relations;
use crate::context::ProjectCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "relations-differ-in-case",
    Data,
    Warning,
    "relations_differ_in_case.md",
    Check::Project(check)
);

fn check(cx: &ProjectCx<'_>, sink: &mut Sink) {
    if !cx.project.is_glue() {
        return;
    }
    let mut named = relations::all(cx);
    // Only names with upper-case letters can have a twin; most projects have none, and are done.
    let is_upper = |name: &str| name.bytes().any(|b| b.is_ascii_uppercase());
    if !named
        .iter()
        .any(|one| is_upper(one.schema) || is_upper(one.identifier))
    {
        return;
    }
    let folded = |name: &str| name.to_ascii_lowercase();
    named.sort_by_cached_key(|one| {
        (
            folded(one.schema),
            folded(one.identifier),
            one.node.unique_id.clone(),
        )
    });
    let same = |a: &str, b: &str| a.eq_ignore_ascii_case(b);
    for group in named.chunk_by(|a, b| same(a.schema, b.schema) && same(a.identifier, b.identifier)) {
        for (one, other) in relations::pairs(group) {
            // The same letter by letter is refused by dbt.
            if (one.schema, one.identifier) == (other.schema, other.identifier) {
                continue;
            }
            let message = format!(
                "`{}.{}` and `{}.{}` of `{}` differ in case alone: Glue keeps names in lower case, so that these are one \
                 table and each run replaces the other's. Give one of them another `alias`.",
                one.schema, one.identifier, other.schema, other.identifier, other.node.unique_id
            );
            let finding = one.cx(cx).diagnostic(&RULE.meta, one.at(cx), message);
            sink.push(finding.related(other.at(cx), "the other one"));
        }
    }
}
