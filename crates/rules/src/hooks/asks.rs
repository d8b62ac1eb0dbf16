//! Calls that wait for the result of a statement, and how the statement begins.

use glueline_base::{TextRange, slice};
use glueline_jinja::{Context, Expr, ExprKind, Piece, Statement, StatementKind, Visitor, walk};
use glueline_project::facts::sql::SqlFacts;

/// Whether a file may have such calls: what it is worth to be read again for.
pub(crate) fn may_ask(facts: &SqlFacts) -> bool {
    facts.calls.iter().any(|call| {
        is_run_query(&call.path.value) || call.keywords.iter().any(|name| &*name.value == "fetch_result")
    })
}

/// The calls of a file whose statement begins with a word that can be told.
pub(crate) fn calls(text: &str) -> Vec<Call<'_>> {
    let template = glueline_jinja::parse(text);
    let mut sets = Sets {
        text,
        found: Vec::new(),
    };
    walk(&template, &mut sets);
    let mut calls = Calls {
        text,
        sets: &sets.found,
        found: Vec::new(),
    };
    walk(&template, &mut calls);
    calls.found
}

/// Whether a text of Jinja calls a macro without a condition.
pub(crate) fn is_called(text: &str, name: &str) -> bool {
    struct Named<'n> {
        name: &'n str,
        found: bool,
    }
    impl<'t, 'a> Visitor<'t, 'a> for Named<'_> {
        fn expr(&mut self, expr: &'t Expr<'a>, context: &Context<'t, 'a>) {
            let ExprKind::Call { callee, .. } = &expr.kind else {
                return;
            };
            let is_it = callee
                .path()
                .is_some_and(|path| path.rsplit('.').next() == Some(self.name));
            self.found |= is_it && context.conditions.is_empty() && !context.in_loop;
        }
    }
    let template = glueline_jinja::parse(text);
    let mut named = Named { name, found: false };
    walk(&template, &mut named);
    named.found
}

fn is_run_query(path: &str) -> bool {
    matches!(path, "run_query" | "dbt.run_query")
}

/// A call that waits for a result.
pub(crate) struct Call<'a> {
    /// The whole call.
    pub(crate) range: TextRange,
    /// How it asks.
    pub(crate) asks: &'static str,
    /// The first word of the SQL.
    pub(crate) word: &'a str,
    /// The macro it stands in.
    pub(crate) definition: Option<&'a str>,
    /// Whether something else than `execute` decides about it.
    pub(crate) is_conditional: bool,
}

/// The first words of texts that are put under names.
struct Sets<'a> {
    text: &'a str,
    found: Vec<(&'a str, Option<&'a str>)>,
}

impl<'t, 'a> Visitor<'t, 'a> for Sets<'a> {
    fn statement(&mut self, statement: &'t Statement<'a>, _: &Context<'t, 'a>) {
        match &statement.kind {
            StatementKind::Set { target, value } => {
                if let Some(name) = target.as_name() {
                    self.found
                        .push((name, leading_text(self.text, value).and_then(first_word)));
                }
            }
            StatementKind::SetBlock { target, body, .. } => {
                if let Some(name) = target.as_name() {
                    self.found.push((name, body_word(self.text, body)));
                }
            }
            _ => {}
        }
    }
}

struct Calls<'a, 's> {
    text: &'a str,
    sets: &'s [(&'a str, Option<&'a str>)],
    found: Vec<Call<'a>>,
}

impl<'a> Calls<'a, '_> {
    /// The first word of what is passed: written there, or under a name that is set once in the file.
    fn word(&self, passed: &Expr<'a>) -> Option<&'a str> {
        if let Some(name) = passed.as_name() {
            let mut set = self.sets.iter().filter(|(found, _)| *found == name);
            return match (set.next(), set.next()) {
                (Some((_, word)), None) => *word,
                _ => None,
            };
        }
        leading_text(self.text, passed).and_then(first_word)
    }
}

impl<'t, 'a> Visitor<'t, 'a> for Calls<'a, '_> {
    fn statement(&mut self, statement: &'t Statement<'a>, context: &Context<'t, 'a>) {
        let StatementKind::CallBlock { call, body, .. } = &statement.kind else {
            return;
        };
        let ExprKind::Call { callee, args } = &call.kind else {
            return;
        };
        let fetches = args.iter().any(|arg| {
            let value = matches!(arg.value.kind, ExprKind::Bool(true));
            value && arg.keyword().is_none_or(|name| name == "fetch_result")
        });
        if callee.path().as_deref() != Some("statement") || !fetches {
            return;
        }
        if let Some(word) = body_word(self.text, body) {
            let is_conditional = is_conditional(self.text, context);
            self.found.push(Call {
                range: call.range,
                asks: "statement(fetch_result=true)",
                word,
                definition: definition(context),
                is_conditional,
            });
        }
    }

    fn expr(&mut self, expr: &'t Expr<'a>, context: &Context<'t, 'a>) {
        let ExprKind::Call { callee, args } = &expr.kind else {
            return;
        };
        if !callee.path().is_some_and(|path| is_run_query(&path)) {
            return;
        }
        let passed = args
            .iter()
            .find(|arg| arg.is_positional() || arg.keyword() == Some("sql"));
        if let Some(word) = passed.and_then(|arg| self.word(&arg.value)) {
            let is_conditional = is_conditional(self.text, context);
            self.found.push(Call {
                range: expr.range,
                asks: "run_query",
                word,
                definition: definition(context),
                is_conditional,
            });
        }
    }
}

/// The macro that something stands in.
fn definition<'a>(context: &Context<'_, 'a>) -> Option<&'a str> {
    context
        .definition
        .and_then(Statement::defined_name)
        .map(|name| name.value)
}

/// Whether something else than `execute` decides about it. `execute` holds when it matters.
fn is_conditional(text: &str, context: &Context<'_, '_>) -> bool {
    let others = context
        .conditions
        .iter()
        .any(|condition| slice(text, condition.expr.range).trim() != "execute");
    others || context.in_loop
}

/// The text that an expression begins with.
fn leading_text<'a>(text: &'a str, expr: &Expr<'a>) -> Option<&'a str> {
    match &expr.kind {
        // What stands between the quotes; escapes do not matter to a first word.
        ExprKind::Str(_) => {
            Some(slice(text, expr.range).trim_start_matches(['(', ' ', '\n', '\r', '\t', '\'', '"']))
        }
        ExprKind::Concat(items) => leading_text(text, items.first()?),
        ExprKind::Binary { left, .. } => leading_text(text, left),
        ExprKind::Filter { base, .. } => leading_text(text, base),
        _ => None,
    }
}

/// The first word of a body, where it begins with text.
fn body_word<'a>(text: &'a str, body: &[Piece<'a>]) -> Option<&'a str> {
    let first = body.iter().find(|piece| match piece {
        Piece::Text(range) => !slice(text, *range).trim().is_empty(),
        Piece::Comment(_) => false,
        Piece::Output(_) | Piece::Statement(_) => true,
    })?;
    match first {
        Piece::Text(range) => first_word(slice(text, *range)),
        _ => None,
    }
}

/// The first word of SQL, comments left out.
fn first_word(sql: &str) -> Option<&str> {
    let mut rest = sql.trim_start();
    loop {
        if let Some(comment) = rest.strip_prefix("--") {
            rest = comment.split_once('\n')?.1.trim_start();
        } else if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.split_once("*/")?.1.trim_start();
        } else {
            break;
        }
    }
    let end = rest
        .find(|c: char| !c.is_ascii_alphabetic())
        .unwrap_or(rest.len());
    let ends_in_blank = rest
        .get(end..)
        .is_some_and(|behind| behind.starts_with(char::is_whitespace));
    rest.get(..end).filter(|word| !word.is_empty() && ends_in_blank)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<(String, bool)> {
        calls(text)
            .into_iter()
            .map(|call| (call.word.to_owned(), call.is_conditional))
            .collect()
    }

    #[test]
    fn the_first_word_of_what_is_asked_is_found() {
        let cases: [(&str, &[(&str, bool)]); 13] = [
            ("{% do run_query('drop table x') %}", &[("drop", false)]),
            (
                "{% do run_query('analyze table ' ~ this) %}",
                &[("analyze", false)],
            ),
            (
                "{% do run_query(\"  -- why\n create table x\") %}",
                &[("create", false)],
            ),
            (
                "{% if execute %}{{ run_query('Drop table ' + x) }}{% endif %}",
                &[("Drop", false)],
            ),
            (
                "{% if a %}{{ run_query('drop table x') }}{% endif %}",
                &[("drop", true)],
            ),
            (
                "{% set q %}\n insert into x values (1) {% endset %}{% do dbt.run_query(q) %}",
                &[("insert", false)],
            ),
            (
                "{% set q = 'select 1' %}{% do run_query(q) %}",
                &[("select", false)],
            ),
            ("{% set q = 'a b' %}{% set q = 'c d' %}{% do run_query(q) %}", &[]),
            (
                "{% macro glue__a() %}{% do run_query('drop x') %}{% endmacro %}",
                &[("drop", false)],
            ),
            ("{% do run_query(verb ~ ' table x') %}", &[]),
            ("{% do run_query('{{ x }}') %}", &[]),
            (
                "{% call statement('a', fetch_result=True) %}drop table x{% endcall %}",
                &[("drop", false)],
            ),
            ("{% call statement('a') %}drop table x{% endcall %}", &[]),
        ];
        for (text, expected) in cases {
            let expected: Vec<_> = expected
                .iter()
                .map(|(word, under)| ((*word).to_owned(), *under))
                .collect();
            assert_eq!(words(text), expected, "{text}");
        }
    }

    #[test]
    fn torn_files_are_read() {
        let text = "{% set q %} /* é */ drop x {% endset %}{% do run_query(q ~ \"é\") %}{% call statement('a', true) %}use é";
        for end in (0..=text.len()).filter(|end| text.is_char_boundary(*end)) {
            words(text.get(..end).unwrap())
                .iter()
                .for_each(|(word, _)| assert!(text.contains(word.as_str())));
        }
    }
}
