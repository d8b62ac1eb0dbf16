//! `two-nodes-one-relation`.

use super::relations::{self, Named};
use crate::context::ProjectCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "two-nodes-one-relation",
    Fails,
    Error,
    "two_nodes_one_relation.md",
    Check::Project(check), Link: "AmbiguousAliasError"
);

fn check(cx: &ProjectCx<'_>, sink: &mut Sink) {
    let mut named = relations::all(cx);
    named.sort_by(|a, b| (a.schema, a.identifier).cmp(&(b.schema, b.identifier)));
    for group in named.chunk_by(|a, b| (a.schema, a.identifier) == (b.schema, b.identifier)) {
        for (one, other) in relations::pairs(group) {
            let message = format!(
                "`{}` and `{}` are both made as `{}.{}`: dbt stops every command. Give one of them another `alias` or \
                 `schema`.",
                one.node.unique_id, other.node.unique_id, one.schema, one.identifier
            );
            sink.push(finding(cx, one, other, message));
        }
    }
}

fn finding(
    cx: &ProjectCx<'_>,
    one: &Named<'_>,
    other: &Named<'_>,
    message: String,
) -> glueline_base::Diagnostic {
    let finding = one.cx(cx).diagnostic(&RULE.meta, one.at(cx), message);
    let path = |named: &Named<'_>| &cx.project.files().info(named.node.file()).original;
    let words = format!(
        "Compilation Error\n  dbt found two resources with the database representation \"{}.{}\".\n  dbt cannot create two \
         resources with identical database representations. To fix this,\n  change the configuration of one of these \
         resources:\n  - {} ({})\n  - {} ({})",
        one.schema,
        one.identifier,
        one.node.unique_id,
        path(one),
        other.node.unique_id,
        path(other)
    );
    finding.related(other.at(cx), "the other one").words(words)
}
