//! `jinja-in-sql-comment`.

use glueline_base::{FileRange, TextRange, slice};
use glueline_project::SqlFacts;

use super::texts::{Lexed, Lexer, of_node};
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "jinja-in-sql-comment",
    Project,
    Hint,
    "jinja_in_sql_comment.md",
    Check::Node(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let file = cx.node.file();
    let Some(facts) = cx.project.facts(file).sql() else {
        return;
    };
    let text = cx.project.files().text(file);
    if !may_stand_in_comment(text, facts) {
        return;
    }
    let mut lexer = Lexer::default();
    let mut parts = of_node(cx.node, facts).peekable();
    while let Some(part) = parts.next() {
        lexer.read(slice(text, part), |_, _, _| {});
        if !matches!(lexer.state, Lexed::LineComment | Lexed::BlockComment) || is_hint_to_dbt(text, part) {
            continue;
        }
        let Some(next) = parts.peek().filter(|next| part.end() <= next.start()) else {
            continue;
        };
        let tag = TextRange::new(part.end(), next.start());
        if slice(text, tag).starts_with("{{") && names_a_node(facts, tag) {
            let message = "dbt evaluates this although it stands in a comment of SQL: it counts as something that the node \
                           reads. Comment it out with `{# #}`, or write `-- depends_on:` if that is meant.";
            sink.push(cx.diagnostic(&RULE.meta, FileRange { file, range: tag }, message));
        }
    }
}

/// A cheap look before the text is read sign by sign: hardly any file passes it.
fn may_stand_in_comment(text: &str, facts: &SqlFacts) -> bool {
    let has_block = text.contains("/*");
    let refs = facts.refs.iter().map(|call| &call.site);
    let sources = facts.sources.iter().map(|call| &call.site);
    refs.chain(sources).any(|site| {
        let before = text.get(..usize::from(site.range.start())).unwrap_or_default();
        has_block || before.rsplit('\n').next().is_some_and(|line| line.contains("--"))
    })
}

fn names_a_node(facts: &SqlFacts, tag: TextRange) -> bool {
    let refs = facts.refs.iter().map(|call| &call.site);
    let sources = facts.sources.iter().map(|call| &call.site);
    refs.chain(sources).any(|site| tag.contains_range(site.range))
}

/// Whether the comment is dbt's own way to name what a node reads: `-- depends_on: {{ ref('x') }}`.
fn is_hint_to_dbt(text: &str, part: TextRange) -> bool {
    let before = slice(text, part);
    let line = before.rsplit('\n').next().unwrap_or(before);
    line.contains("depends_on")
}
