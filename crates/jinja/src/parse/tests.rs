use std::fmt::Write;

use glueline_base::{SyntaxError, range, slice};

use super::verdicts::{VERDICTS, Verdict};
use super::{parse, parse_expression};
use crate::{ArgKind, Expr, ExprKind, Piece, StatementKind, Trim};

/// Each error as `underlined: message`, with its fix.
fn errors(text: &str, errors: &[SyntaxError]) -> Vec<String> {
    let show = |error: &SyntaxError| {
        let mut out = format!("{}: {}", slice(text, error.range), error.message);
        if let Some((place, fix)) = &error.fix {
            write!(out, " [{} -> {fix}]", slice(text, *place)).unwrap();
        }
        out
    };
    errors.iter().map(show).collect()
}

/// The expression as a fully bracketed text.
fn tree(expr: &Expr<'_>) -> String {
    let all = |items: &[Expr<'_>]| items.iter().map(tree).collect::<Vec<_>>().join(" ");
    let args = |args: &[crate::Arg<'_>]| {
        let each = args.iter().map(|arg| match arg.kind {
            ArgKind::Positional => tree(&arg.value),
            ArgKind::Keyword(name) => format!("{}={}", name.value, tree(&arg.value)),
            ArgKind::Star => format!("*{}", tree(&arg.value)),
            ArgKind::DoubleStar => format!("**{}", tree(&arg.value)),
        });
        each.fold(String::new(), |all, arg| format!("{all} {arg}"))
    };
    match &expr.kind {
        ExprKind::Error => "ERROR".to_owned(),
        ExprKind::None => "none".to_owned(),
        ExprKind::Bool(value) => value.to_string(),
        ExprKind::Int(value) => value.map_or("big".to_owned(), |value| value.to_string()),
        ExprKind::Float(value) => format!("{value:?}"),
        ExprKind::Str(literal) => format!("'{}'", literal.text()),
        ExprKind::Name(name) => name.value.to_owned(),
        ExprKind::List(items) => format!("[{}]", all(items)),
        ExprKind::Tuple(items) => format!("(tuple {})", all(items)),
        ExprKind::Dict(entries) => {
            let entries: Vec<_> = entries
                .iter()
                .map(|(key, value)| format!("{}:{}", tree(key), tree(value)))
                .collect();
            format!("{{{}}}", entries.join(" "))
        }
        ExprKind::Attribute { base, name } => format!("{}.{}", tree(base), name.value),
        ExprKind::Item { base, index } => format!("{}[{}]", tree(base), tree(index)),
        ExprKind::Slice { parts } => {
            let parts: Vec<_> = parts
                .iter()
                .map(|part| part.as_ref().map_or(String::new(), tree))
                .collect();
            parts.join(":")
        }
        ExprKind::Call { callee, args: given } => format!("(call {}{})", tree(callee), args(given)),
        ExprKind::Filter { base, filter } => {
            format!("({} | {}{})", tree(base), filter.name.value, args(&filter.args))
        }
        ExprKind::Test {
            base,
            name,
            negated,
            args: given,
        } => {
            let not = if *negated { "not " } else { "" };
            format!("({} is {not}{}{})", tree(base), name.value, args(given))
        }
        ExprKind::Unary { op, operand } => format!("({op:?} {})", tree(operand)),
        ExprKind::Binary { op, left, right } => format!("({op:?} {} {})", tree(left), tree(right)),
        ExprKind::Compare { first, rest } => {
            let rest: Vec<_> = rest
                .iter()
                .map(|(op, operand)| format!("{op:?} {}", tree(operand)))
                .collect();
            format!("({} {})", tree(first), rest.join(" "))
        }
        ExprKind::And(items) => format!("(and {})", all(items)),
        ExprKind::Or(items) => format!("(or {})", all(items)),
        ExprKind::Concat(items) => format!("(~ {})", all(items)),
        ExprKind::Conditional {
            then,
            condition,
            otherwise,
        } => {
            let otherwise = otherwise
                .as_ref()
                .map_or(String::new(), |otherwise| format!(" else {}", tree(otherwise)));
            format!("({} if {}{otherwise})", tree(then), tree(condition))
        }
    }
}

/// The pieces of a template in brief: text as it is, tags by name, bodies in brackets.
fn outline(text: &str, pieces: &[Piece<'_>]) -> String {
    let mut out = Vec::new();
    for piece in pieces {
        out.push(match piece {
            Piece::Text(place) => format!("{:?}", slice(text, *place)),
            Piece::Comment(_) => "comment".to_owned(),
            Piece::Output(output) => format!("<{}>", tree(&output.expr)),
            Piece::Statement(statement) => {
                let mut statement = statement.clone();
                let name = statement.open.name.value;
                let open = if statement.close.is_some() { "" } else { "!" };
                match &mut statement.kind {
                    StatementKind::If { branches } => {
                        let branches = branches.iter().map(|branch| {
                            let condition = branch.condition.as_ref().map_or(String::new(), tree);
                            format!(
                                "{} {condition} [{}]",
                                branch.tag.name.value,
                                outline(text, &branch.body)
                            )
                        });
                        format!("{}{open}", branches.collect::<Vec<_>>().join(" "))
                    }
                    StatementKind::Set { target, value } => format!("set {} = {}", tree(target), tree(value)),
                    StatementKind::Unknown => format!("?{name}"),
                    StatementKind::Raw => format!("raw [{}]", slice(text, statement.inside())),
                    kind => match kind.open_body() {
                        Some(body) => format!("{name} [{}]{open}", outline(text, body)),
                        None => name.to_owned(),
                    },
                }
            }
        });
    }
    out.join(" ")
}

fn check_outline(text: &str, expected: &str) {
    let template = parse(text);
    assert_eq!(outline(text, &template.body), expected, "{text}");
}

#[test]
fn expressions_group_as_in_jinja() {
    for (text, expected) in [
        ("a or b and not c == d", "(or a (and b (Not (c Eq d))))"),
        ("not a in b", "(Not (a In b))"),
        ("a not in b < c", "(a NotIn b Lt c)"),
        ("1 + 2 * 3 - 4", "(Sub (Add 1 (Mul 2 3)) 4)"),
        ("a ~ b + c ~ d", "(Add (~ a b) (~ c d))"),
        ("2 ** 3 ** 2", "(Pow (Pow 2 3) 2)"),
        ("-a ** -b", "(Pow (Minus a) (Minus b))"),
        ("-1 | abs", "((Minus 1) | abs)"),
        ("a.b[0](c)|d", "((call a.b[0] c) | d)"),
        ("a | b(1, x=2) | c.d", "((a | b 1 x=2) | c.d)"),
        (
            "a is not none and b is divisibleby 3",
            "(and (a is not none) (b is divisibleby 3))",
        ),
        ("a is eq(1) is odd", "((a is eq 1) is odd)"),
        ("a is x b.c(1)", "(a is x (call b.c 1))"),
        ("a if b else c if d else e", "(a if b else (c if d else e))"),
        ("a if b if c", "((a if b) if c)"),
        ("a, b", "(tuple a b)"),
        ("()", "(tuple )"),
        ("(a,)", "(tuple a)"),
        ("(a) + ((b))", "(Add a b)"),
        ("x[1:, 2]", "x[(tuple 1:: 2)]"),
        ("x[::-1]", "x[::(Minus 1)]"),
        ("a.1.b", "a[1].b"),
        ("{'a': 1, b: [2, ],}", "{'a':1 b:[2]}"),
        ("f(a, *b, c=1, **d)", "(call f a *b c=1 **d)"),
        ("True or None", "(or true none)"),
        (
            "0x1F + 1_000 + 0b11 + 99999999999999999999",
            "(Add (Add (Add 31 1000) 3) big)",
        ),
        ("1_0.5e1", "105.0"),
        ("'a' \"b\"", "'ab'"),
        ("a and b and c or d or e", "(or (and a b c) d e)"),
        ("if", "if"),
    ] {
        let (expr, faults) = parse_expression(text, range(0, text.len()));
        assert_eq!(tree(&expr), expected, "{text}");
        assert!(faults.is_empty(), "{text}: {faults:?}");
        assert_eq!(
            slice(text, expr.range),
            text.trim(),
            "the range is the whole expression"
        );
    }
}

#[test]
fn an_expression_is_read_where_it_stands() {
    let text = "x: \"{{ ref('é') }}\"";
    let inside = range(7, 17);
    let (expr, faults) = parse_expression(text, inside);
    assert!(faults.is_empty());
    assert_eq!(expr.range, range(7, 16));
    assert_eq!(tree(&expr), "(call ref 'é')");
    for (place, message) in [
        (range(7, 15), "`(` is never closed"),
        (range(90, 99), "an expression is missing"),
    ] {
        let (_, faults) = parse_expression(text, place);
        assert!(faults[0].message.contains(message), "{faults:?}");
    }
}

#[test]
fn templates_are_put_together() {
    for (text, expected) in [
        ("", ""),
        ("a {b} {", "\"a {b} {\""),
        ("a{{ b }}c", "\"a\" <b> \"c\""),
        ("{#- a -#}{{- b -}}", "comment <b>"),
        (
            "{% if a %}x{% elif b %}y{% else %}z{% endif %}",
            "if a [\"x\"] elif b [\"y\"] else  [\"z\"]",
        ),
        ("{% for a in b %}{% set c = a %}{% endfor %}", "for [set c = a]"),
        ("{% set a %}{{ b }}{% endset %}", "set [<b>]"),
        ("{% set a, b.c = 1, 2 %}", "set (tuple a b.c) = (tuple 1 2)"),
        ("{% raw %}{{ x {% endraw %}y", "raw [{{ x ] \"y\""),
        ("{% macro a(b, c=1) %}{% do b %}{% endmacro %}", "macro [do]"),
        (
            "{% snapshot s anything: at all %}x{% endsnapshot %}",
            "snapshot [\"x\"]",
        ),
        ("{% docs d %}# {{ x }}{% enddocs %}", "docs [\"# \" <x>]"),
        (
            "{% materialization m, adapter='glue' %}x{% endmaterialization %}",
            "materialization [\"x\"]",
        ),
        ("{% test t(model) %}x{% endtest %}", "test [\"x\"]"),
        ("{% call(a) b(1) %}x{% endcall %}", "call [\"x\"]"),
        ("{% filter upper | trim %}x{% endfilter %}", "filter [\"x\"]"),
        ("\u{feff}{{ a }}\r\n", "\"\\u{feff}\" <a> \"\\r\\n\""),
    ] {
        check_outline(text, expected);
        assert_eq!(parse(text).errors, [], "{text}");
    }
}

#[test]
fn what_is_broken_leaves_the_rest_readable() {
    for (text, expected) in [
        (
            "{{ ref('a')\nfrom {{ ref('b') }}",
            "<(call ref 'a')> \"\\nfrom \" <(call ref 'b')>",
        ),
        (
            "{{ ref('a }}\nfrom {{ ref('b') }}",
            "<(call ref 'a')> \"\\nfrom \" <(call ref 'b')>",
        ),
        (
            "{{ config(\n  a='x'\n) \nselect {{ b }}",
            "<(call config a='x')> \" \\nselect \" <b>",
        ),
        ("{{ ref('a'\nx {{ b }}", "<(call ref 'a')> \"\\nx \" <b>"),
        ("{{ a }\n{{ b }}", "<a> \"\\n\" <b>"),
        ("{{ a %}\n{{ b }}", "<a> \"\\n\" <b>"),
        ("{{ f(g(1 }} {{ b }}", "<(call f (call g 1))> \" \" <b>"),
        ("{% if a\nx{{ b }}{% endif %}", "if a [\"\\nx\" <b>]"),
        ("{% if a }}x{% endif %}", "if a [\"x\"]"),
        ("{% iff a %}x{% endif %}", "iff a [\"x\"]"),
        ("{{ if a }}x{% endif %}", "if a [\"x\"]"),
        ("{% set a = 1 }}{{ a }}", "set a = 1 <a>"),
        ("{% set a = {{ b }} %}", "set a = b"),
        ("{% ref('a') %}", "<(call ref 'a')>"),
        ("{# a\n{{ b }}", "comment \"\\n\" <b>"),
        ("{% raw %}\n{{ b }}", "raw [] \"\\n\" <b>"),
        (
            "{% macro a() %}{% if b %}x{% endmacro %}y",
            "macro [if b [\"x\"]!] \"y\"",
        ),
        (
            "{% if a %}{% set b %}{% else %}c{% endif %}",
            "if a [set []!] else  [\"c\"]",
        ),
        ("{% if a %}x{% endfor %}{% endif %}", "if a [\"x\" ?endfor]"),
        ("{% zzzz %}x{% endzzzz %}", "?zzzz \"x\" ?endzzzz"),
        (
            "{{ config(a='x' b='y', c 'z') }}",
            "<(call config a='x' b='y' c='z')>",
        ),
        ("{{ a. }}", "<a>"),
        ("{{ a | }}", "<a>"),
        ("{{ [1, = , 2] }}", "<[1 ERROR 2]>"),
        ("{% else %}", "?else"),
    ] {
        check_outline(text, expected);
        let count = parse(text).errors.len();
        assert!(count > 0, "{text}");
    }
}

#[test]
fn one_fault_is_one_message_in_its_place() {
    for (text, expected) in [
        (
            "{{ config(a='x' b='y') }}",
            ": a comma is missing after `a='x'` [ -> ,]",
        ),
        ("{{ ref('a' b) }}", ": a comma is missing after `'a'`"),
        ("{{ f(a='x', b 'y') }}", ": `=` is missing after `b` [ -> =]"),
        (
            "{{ f(a: 'y') }}",
            ":: a name and its value stand with `=` between them [: -> =]",
        ),
        ("{{ f(a }}", "(: `(` is never closed: `)` is missing"),
        ("{{ f([a) }}", "[: `[` is never closed: `]` is missing"),
        ("{{ f(a] }}", "]: `(` is closed by `]`: write `)`"),
        ("{{ a) }}", "): `)` cannot stand here: it closes nothing"),
        ("{{ a } }}", "}: `}` cannot stand here: it closes nothing"),
        ("{{ {'a': 1 }}", "{: `{` is never closed: `}` is missing"),
        ("x {{ a", "{{: `{{` is never closed: `}}` is missing"),
        ("x {% do a", "{%: `{%` is never closed: `%}` is missing"),
        ("x {% if a", "{%: `{%` is never closed: `%}` is missing"),
        ("x {# a", "{#: `{#` is never closed: `#}` is missing"),
        (
            "{{ f(a=1,\n  {# why #}\n  b=2) }}",
            "{# why #}: no comment can stand inside `{{ }}`: move it out",
        ),
        (
            "{% set a = [1, {# why #} 2] %}",
            "{# why #}: no comment can stand inside `{% %}`: move it out",
        ),
        (
            "{{ f(a\n{# why #}\nselect {{ b }}",
            "{{: `{{` is never closed: `}}` is missing",
        ),
        (
            "{{ a }\nb",
            "}: `{{` is closed by a single `}`: write `}}` [} -> }}]",
        ),
        ("{{ a %}", "%}: `{{` is closed by `%}`: write `}}` [%} -> }}]"),
        ("{% do a }}", "}}: `{%` is closed by `}}`: write `%}` [}} -> %}]"),
        (
            "{{ set a = 1 %}",
            "{{: `{{` is closed by `%}`: write `{%` [{{ -> {%]",
        ),
        (
            "{{- set a = 1 }}",
            "{{- set a = 1 }}: a statement stands in `{{ }}`: write `{% %}` [{{- set a = 1 }} -> {%- set a = 1 %}]",
        ),
        (
            "{{ ref('a }}",
            "'a: the text that starts here is never closed: `'` is missing",
        ),
        (
            "{{ f(a='x, b='y') }}\n",
            "'x, b=': the text that starts here is never closed: `'` is missing",
        ),
        ("{{ }}", "{{ }}: `{{ }}` is empty: an expression is missing"),
        (
            "{% %}",
            "{% %}: `{% %}` is empty: the name of a statement is missing",
        ),
        (
            "{% set a = {{ b }} %}",
            "{{ b }}: `{{ }}` is not needed here: inside a tag an expression stands as it is [{{ b }} -> b]",
        ),
        (
            "{% if a = b %}{% endif %}",
            "=: `=` sets a value: to compare write `==` [= -> ==]",
        ),
        (
            "{{ 1 if a = b }}",
            "=: `=` sets a value: to compare write `==` [= -> ==]",
        ),
        ("{{ a = b }}", "=: `=` cannot stand here: to compare write `==`"),
        (
            "{% set a == b %}",
            "==: `==` compares: to set a value write `=` [== -> =]",
        ),
        ("{{ a && b }}", "&&: Jinja has no `&&`: write `and` [&& -> and]"),
        (
            "{{ a || !b }}",
            "||: Jinja has no `||`: write `or` [|| -> or]\n!: Jinja has no `!`: write `not` [! -> not ]",
        ),
        ("{{ a b }}", "b: `b` cannot stand here"),
        ("{{ a + }}", "+: an expression is missing after `+`"),
        (
            "{{ f(b=1, a) }}",
            "a: an argument without a name cannot follow one with a name",
        ),
        ("{{ f(a=1, a=2) }}", "a: `a` is passed twice"),
        (
            "{{ '\\x4' }}",
            "\\x4: `\\x4` is no complete escape: write `\\\\` for a backslash",
        ),
        (
            "{% if a %}x",
            "{% if a %}: `{% if %}` is never closed: `{% endif %}` is missing",
        ),
        (
            "{% set a %}x",
            "{% set a %}: `{% set %}` without `=` opens a block: `=` and a value, or `{% endset %}`, is missing",
        ),
        (
            "{% for a in b %}{% endif %}{% endfor %}",
            "{% endif %}: `{% endif %}` closes nothing: the open block here is `for`",
        ),
        (
            "{% for a in b %}{% if c %}{% endfor %}{% endif %}",
            "{% if c %}: `{% if %}` is never closed: `{% endif %}` is missing",
        ),
        (
            "{% else %}",
            "{% else %}: `{% else %}` belongs to no `if` or `for`: no block is open here",
        ),
        (
            "{% if a %}{% else %}{% else %}{% endif %}",
            "{% else %}: `{% else %}` cannot follow `{% else %}`",
        ),
        (
            "{% if a %}{% else if b %}{% endif %}",
            "else if: `else` takes no condition: write `elif` [else if -> elif]",
        ),
        (
            "{% iff a %}{% endif %}",
            "iff: no statement is called `iff`: did you mean `if`?",
        ),
        (
            "{% if a %}{% elseif b %}{% endif %}",
            "elseif: no statement is called `elseif`: did you mean `elif`?",
        ),
        (
            "{% frobnicate %}{% endfrobnicate %}",
            "frobnicate: no statement is called `frobnicate`",
        ),
        (
            "{% macro a %}{% endmacro %}",
            "a: `(` is missing after `a` [ -> ()]",
        ),
        (
            "{% macro a(b=1, c) %}{% endmacro %}",
            "c: `c` needs a default, since a parameter before it has one",
        ),
        (
            "{% materialization a, adaptr='x' %}{% endmaterialization %}",
            "adaptr: a materialization takes no `adaptr`: did you mean `adapter`?",
        ),
        ("{% break %}", "{% break %}: `{% break %}` stands in no loop"),
    ] {
        let template = parse(text);
        let found = errors(text, &template.errors);
        assert_eq!(found.join("\n"), expected, "{text}");
    }
}

#[test]
fn tags_keep_their_markers_and_ranges() {
    let text = "a {%- if  b +%} c {%+ else -%} d {% endif -%} e";
    let template = parse(text);
    let Piece::Statement(statement) = &template.body[1] else {
        panic!("{template:?}");
    };
    assert_eq!(
        slice(text, statement.range),
        "{%- if  b +%} c {%+ else -%} d {% endif -%}"
    );
    assert_eq!(slice(text, statement.inside()), " c {%+ else -%} d ");
    assert_eq!(slice(text, statement.open.name.range), "if");
    let close = statement.close.unwrap();
    let StatementKind::If { branches } = &statement.kind else {
        panic!("{statement:?}");
    };
    let marks: Vec<_> = [statement.open, branches[1].tag, close]
        .iter()
        .map(|tag| (tag.before, tag.after))
        .collect();
    assert_eq!(
        marks,
        [
            (Trim::Strip, Trim::Keep),
            (Trim::Keep, Trim::Strip),
            (Trim::None, Trim::Strip)
        ]
    );
}

#[test]
fn jinja_agrees() {
    for (text, verdict) in VERDICTS {
        let faults = parse(text).errors;
        match verdict {
            Verdict::Accepts => assert_eq!(faults, [], "{text}"),
            Verdict::RejectsLater => assert!(!faults.is_empty(), "{text}"),
            Verdict::Rejects(line) => {
                let first = faults
                    .first()
                    .unwrap_or_else(|| panic!("{text}: no fault was found"));
                let before = slice(text, range(0, usize::from(first.range.start())));
                let found = before.matches('\n').count() + 1;
                assert!(found <= *line, "{text}: line {found} comes after {line}");
            }
        }
    }
}

#[test]
fn depth_is_bounded() {
    const DEEP: usize = 100_000;
    let repeat = |text: &str| text.repeat(DEEP);
    for (text, message) in [
        (
            format!("{{{{ {}1{} }}}}", repeat("("), repeat(")")),
            "nested too deeply",
        ),
        (format!("{{{{ {}1 }}}}", repeat("[")), "nested too deeply"),
        (
            format!("{{{{ {}1{} }}}}", repeat("{'a':"), repeat("}")),
            "nested too deeply",
        ),
        (format!("{{{{ {} }}}}", repeat("f(")), "nested too deeply"),
        (format!("{{{{ {}1 }}}}", repeat("- ")), "nested too deeply"),
        (format!("{{{{ {}1 }}}}", repeat("not ")), "nested too deeply"),
        (format!("{{{{ 1{} }}}}", repeat("+1")), "nested too deeply"),
        (format!("{{{{ a{} }}}}", repeat(".a")), "nested too deeply"),
        (format!("{{{{ a{} }}}}", repeat("|a")), "nested too deeply"),
        (
            format!("{{{{ a{} }}}}", repeat(" if a else a")),
            "nested too deeply",
        ),
        (
            format!("{}{}", repeat("{% if a %}"), repeat("{% endif %}")),
            "more than 100 deep",
        ),
    ] {
        let faults = parse(&text).errors;
        assert_eq!(faults.len(), 1, "{text:.40}: {faults:?}");
        assert!(faults[0].message.contains(message), "{faults:?}");
    }
    for text in [
        format!("{{{{ a{} }}}}", repeat("~a")),
        format!("{{{{ a{} }}}}", repeat(" and a")),
        format!("{{{{ [{}] }}}}", repeat("1,")),
        format!("{{{{ {}1{} }}}}", "(".repeat(99), ")".repeat(99)),
        format!("{{{{ {}1{} }}}}", "f([".repeat(49), "])".repeat(49)),
    ] {
        assert_eq!(parse(&text).errors, [], "{text:.40}");
    }
}
