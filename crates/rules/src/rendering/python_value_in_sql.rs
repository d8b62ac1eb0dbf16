//! `python-value-in-sql`.

use glueline_base::Severity;

use super::report::{Findings, is_sent, known};
use super::sql::{self, Kind, Token};
use crate::context::RenderedCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "python-value-in-sql",
    Sql,
    Error,
    "python_value_in_sql.md",
    Check::Rendered(check)
);

/// What shows Python's values: without any of it, no closer look is needed.
const MARKS: [&str; 9] = [
    "None",
    "[",
    "{'",
    "{\"",
    "{}",
    " object at 0x",
    "<macro ",
    "<function ",
    "<b",
];

fn check(cx: &RenderedCx<'_>, sink: &mut Sink) {
    if !cx.project.is_glue() {
        return;
    }
    let mut findings = Findings::default();
    for (node, life, compiled, code) in known(cx) {
        if !MARKS.iter().any(|mark| code.contains(mark)) || !is_sent(&node) {
            continue;
        }
        let (tokens, _) = sql::tokens(code);
        let empty = &[][..];
        for (index, token) in tokens.iter().enumerate() {
            let (before, after) = tokens.split_at_checked(index).unwrap_or((empty, empty));
            let Some((message, severity)) = fault(before, after, code) else {
                continue;
            };
            // Text that stands in a file as it is was meant.
            if compiled.map.at(token.start).is_none_or(|from| from.literal) {
                continue;
            }
            let at = sql::place(cx.project, compiled, token.start, token.end()).unwrap_or(node.node.at);
            findings.add_with(node.node, life, at, message, Some(severity));
            // Each node once: what follows is often the same fault.
            break;
        }
    }
    findings.report(cx, &RULE.meta, sink);
}

/// What is wrong with the first token of `after`.
fn fault(before: &[Token<'_>], after: &[Token<'_>], code: &str) -> Option<(String, Severity)> {
    let token = after.first()?;
    let last = before.last();
    match token.text {
        "None" if token.kind == Kind::Word => none(last, after.get(1)),
        "[" => {
            // Behind a name or a bracket it takes an element: `names[0]`.
            let takes_element = last
                .is_some_and(|last| last.kind != Kind::Symbol && !last.is_word(&BEFORE_VALUE))
                || last.is_some_and(|last| [")", "]", "?"].contains(&last.text));
            let message = "A list is printed here as Python writes it, `[...]`. Spark knows no such literal, and answers \
                           `PARSE_SYNTAX_ERROR`. Join its elements: `{{ list | join(', ') }}`, in parentheses behind `in`.";
            (!takes_element).then(|| (message.to_owned(), Severity::Error))
        }
        "{" => {
            let inner = after.get(1)?;
            let is_dict = (inner.kind == Kind::Literal && after.get(2)?.is_symbol(":"))
                || (inner.is_symbol("}") && inner.start == token.end());
            let message = "A dictionary is printed here as Python writes it, `{...}`. Spark knows no such literal, and answers \
                           `PARSE_SYNTAX_ERROR`. Print the values that are meant.";
            is_dict.then(|| (message.to_owned(), Severity::Error))
        }
        "<" => {
            let rest = code.get(token.start..)?;
            let shown = rest.get(..rest.find('>')? + 1)?;
            let is_object = [
                "<macro ",
                " object at 0x",
                "<function ",
                "<bound method ",
                "<built-in method ",
            ]
            .iter()
            .any(|mark| shown.contains(mark));
            let message = "Something that is no text is printed here as Python shows objects, `<... object at 0x...>`: a macro or a \
                           function that is named but not called, or a generator. Spark answers `PARSE_SYNTAX_ERROR`. Call it \
                           with `()`, or put `| list` or `| join(', ')` behind it.";
            is_object.then(|| (message.to_owned(), Severity::Error))
        }
        _ => None,
    }
}

/// Words behind which a value starts, or a name.
const BEFORE_VALUE: [&str; 18] = [
    "in", "select", "distinct", "where", "and", "or", "on", "having", "by", "from", "join", "then", "else",
    "when", "between", "values", "like", "not",
];

fn none(before: Option<&Token<'_>>, after: Option<&Token<'_>>) -> Option<(String, Severity)> {
    let is_part =
        before.is_some_and(|before| before.is_symbol(".")) || after.is_some_and(|after| after.is_symbol("."));
    let is_relation = before.is_some_and(|before| before.is_word(&["from", "join"]))
        && !after.is_some_and(|after| after.is_symbol("("));
    if is_part || is_relation {
        let message = "`None` is printed here where a name is expected: what is printed has no value. Spark looks for something \
                       that is called `None`. Give it a value, or a default with `| default('...', true)`.";
        return Some((message.to_owned(), Severity::Warning));
    }
    let is_compared = before.is_some_and(|before| {
        before.is_word(&["between", "limit", "interval"]) || ["=", ">", "<"].contains(&before.text)
    });
    let message = "`None` is printed here where a value is expected: what is printed has no value, and Spark takes `None` for \
                   the name of a column. Write `null`, or leave the comparison out when there is nothing to compare with.";
    is_compared.then(|| (message.to_owned(), Severity::Warning))
}
