//! Every text of the verdict table and a few long ones, cut short and with holes: nothing panics, and every range
//! lies inside the text on character boundaries.

use glueline_base::{TextRange, range};

use super::verdicts::VERDICTS;
use super::{parse, parse_expression};
use crate::{Expr, ExprKind, Piece, Statement, StatementKind, Template};

/// A text with all that dbt projects have, several lines and more than one byte to a character.
const LONG: &str = "\u{feff}{{ config(\r\n  materialized='incremental',\r\n  unique_key=['a', \"b\"],\r\n\
    meta={'größe': {'x': [1, 2.5, none]}}, post_hook=\"delete from {{ this }} where x = 'é'\"\r\n) }}\r\n\
    {%- set payment_methods = ['kredit', 'bär'] -%}\r\n{# ein \u{1F600} Kommentar #}\r\nselect\r\n\
    {%- for method in payment_methods if method is not none %}\r\n  sum(case when m = '{{ method }}' then a end) as \
    {{ method | lower ~ '_\\u00e9' }}{{ \",\" if not loop.last }}\r\n{%- else %} null {%- endfor %}\r\n\
    from {{ ref('orders') }}, {{ source('raw', 'a' 'b').include(database=false)[0:-1] }}\r\n\
    {% raw %}{{ not read }}{% endraw %}{% if is_incremental() and var('x', 1) >= -2 ** 3 %}\r\n\
    where t > (select max(t) from {{ this }}) {% elif execute %} {% else %}{% endif %}\r\n\
    {% macro cents(column, scale: int = 2) -%} {{ return(column ~ '/100') }} {%- endmacro %}\r\n\
    {% call statement('s', fetch_result=True) %}select 1{% endcall %}{% do x.append({1: (2,)}) %}\r\n\
    {% snapshot s %}{{ config(strategy='check') }}{% endsnapshot %}{% docs d %}text{% enddocs %}\r\n";

fn texts() -> impl Iterator<Item = &'static str> {
    VERDICTS.iter().map(|(text, _)| *text).chain([LONG])
}

fn check(text: &str) {
    let template = parse(text);
    for error in &template.errors {
        check_range(text, error.range);
        if let Some((place, _)) = &error.fix {
            check_range(text, *place);
        }
    }
    check_cover(&template);
    check_pieces(text, &template.body);
}

fn check_range(text: &str, place: TextRange) {
    let inside = text.get(usize::from(place.start())..usize::from(place.end()));
    assert!(inside.is_some(), "{place:?} in {text:?}");
}

/// The pieces lie side by side from the first byte to the last.
fn check_cover(template: &Template<'_>) {
    let mut end = 0;
    for piece in &template.body {
        assert_eq!(usize::from(piece.range().start()), end, "{:?}", template.text);
        end = piece.range().end().into();
    }
    assert_eq!(end, template.text.len(), "{:?}", template.text);
}

fn check_pieces(text: &str, pieces: &[Piece<'_>]) {
    for piece in pieces {
        check_range(text, piece.range());
        match piece {
            Piece::Output(output) => check_expr(text, &output.expr),
            Piece::Statement(statement) => check_statement(text, statement),
            Piece::Text(_) | Piece::Comment(_) => {}
        }
    }
}

fn check_statement(text: &str, statement: &Statement<'_>) {
    check_range(text, statement.open.range);
    check_range(text, statement.open.name.range);
    check_range(text, statement.inside());
    let mut statement = statement.clone();
    match &mut statement.kind {
        StatementKind::If { branches } => {
            for branch in branches {
                check_range(text, branch.tag.range);
                branch
                    .condition
                    .iter()
                    .for_each(|condition| check_expr(text, condition));
                check_pieces(text, &branch.body);
            }
        }
        StatementKind::Set { target, value } => {
            check_expr(text, target);
            check_expr(text, value);
        }
        StatementKind::Do(expr) => check_expr(text, expr),
        StatementKind::For(each) => {
            check_expr(text, &each.target);
            check_expr(text, &each.iter);
            check_pieces(text, &each.body);
        }
        kind => {
            if let Some(body) = kind.open_body() {
                check_pieces(text, body);
            }
        }
    }
}

fn check_expr(text: &str, expr: &Expr<'_>) {
    check_range(text, expr.range);
    if let ExprKind::Str(literal) = &expr.kind {
        let decoded = literal.decode();
        assert_eq!(decoded.text, literal.text());
        for (at, c) in decoded.text.char_indices() {
            check_range(text, decoded.source_range(range(at, at + c.len_utf8())));
        }
    }
    expr.for_each_child(&mut |child| {
        assert!(expr.range.contains_range(child.range), "{child:?} in {expr:?}");
        check_expr(text, child);
    });
}

#[test]
fn whole_texts() {
    texts().for_each(check);
}

#[test]
fn texts_cut_short() {
    for text in texts() {
        for (at, _) in text.char_indices() {
            check(text.get(..at).unwrap_or_default());
            check(text.get(at..).unwrap_or_default());
        }
    }
}

#[test]
fn texts_with_a_hole() {
    for text in texts() {
        for (at, c) in text.char_indices() {
            let before = text.get(..at).unwrap_or_default();
            let after = text.get(at + c.len_utf8()..).unwrap_or_default();
            check(&format!("{before}{after}"));
        }
    }
}

#[test]
fn texts_with_one_character_too_many() {
    for text in [LONG] {
        for (at, _) in text.char_indices() {
            let (before, after) = text.split_at(at);
            for extra in ["'", "\"", "{", "}", "%", "(", "é"] {
                check(&format!("{before}{extra}{after}"));
            }
        }
    }
}

#[test]
fn expressions_at_any_range() {
    let text = "é'a' ~ f(b['c\n'], {d: 1}) if \"ü";
    for start in 0..=text.len() + 1 {
        for end in start..=text.len() + 1 {
            let (expr, errors) = parse_expression(text, range(start, end));
            check_expr(text, &expr);
            errors.iter().for_each(|error| check_range(text, error.range));
        }
    }
}

#[test]
fn what_never_ends_is_read_in_bounded_time() {
    for unit in [
        "{{ '",
        "{{ ",
        "{% if ",
        "{# ",
        "{% raw %}",
        "{{ (",
        "{{ {",
        "}",
        "{{ a } ",
        "{% zz %}",
        "{% endif %}",
        "{%",
        "{{ a '",
        "{{{",
        "{% for a in b %}{% if c %}{% endfor %}",
        "{{ a b\n",
        "{% set a %}",
        "{{ '{{' ",
        "{{ f(a=1 ",
        "'\"\\",
    ] {
        let text = unit.repeat(5_000);
        check_cover(&parse(&text));
        check_cover(&parse(&format!("{{{{ {text}")));
        let (expr, _) = parse_expression(&text, range(0, text.len()));
        check_range(&text, expr.range);
    }
}
