use glueline_base::slice;

use super::*;

fn at(text: &str) -> (String, Cursor) {
    let (before, after) = text.split_once("$0").expect("a caret");
    let clean = format!("{before}{after}");
    let found = cursor(&clean, before.len());
    (clean, found)
}

#[test]
fn the_place_of_a_caret() {
    for (text, place, before) in [
        ("select $0", Place::Text, ""),
        ("{{ $0 }}", Place::Output, ""),
        ("{{ $0", Place::Output, ""),
        ("{{$0", Place::Output, ""),
        ("{$0{ x }}", Place::Nowhere, ""),
        ("{{ x }$0}", Place::Nowhere, ""),
        ("{{ x }}$0", Place::Text, ""),
        ("{# {{ $0 #}", Place::Nowhere, ""),
        ("{# a #}$0", Place::Text, ""),
        ("{% raw %}{{ $0 }}{% endraw %}", Place::Nowhere, ""),
        ("{% raw %}{{ }}{% endraw %}{{ a$0", Place::Output, "a"),
        ("{% if a$0 %}", Place::Statement, "if a"),
        ("{{ ref('a$0 }} where b = 'c'", Place::Output, "ref ( 'a"),
        ("{{ ref('a $0 }}", Place::Output, "ref ( 'a "),
        ("{{ ref('a$0') }}", Place::Output, "ref ( 'a'"),
        ("{{ ref('a', $0) }}", Place::Output, "ref ( 'a' ,"),
        ("{{ ref('$0\nfrom {{ ref('b') }}", Place::Output, "ref ( '"),
        ("{{ ref('a\nfrom {{ ref('b$0') }}", Place::Output, "ref ( 'b'"),
        (
            "{{ config(\n  a=1,\n  $0\nselect 1",
            Place::Output,
            "config ( a = 1 ,",
        ),
        ("{{ config(\n  a=1,\nselect 1 from x where $0", Place::Text, ""),
        (
            "{{ config(\n  a=1,\n  $0\n) }}\nselect 'x'",
            Place::Output,
            "config ( a = 1 ,",
        ),
        ("{{ x |\n$0", Place::Text, ""),
        ("{{ x | $0", Place::Output, "x |"),
        ("{% if a\n  and b$0 %}", Place::Statement, "if a and b"),
        (
            "{%- set x = [\n 'a',\n $0\n] -%}",
            Place::Statement,
            "set x = [ 'a' ,",
        ),
        ("é {{ é$0 }}", Place::Output, "é"),
    ] {
        let (clean, found) = at(text);
        let words: Vec<&str> = found
            .before
            .iter()
            .map(|lexeme| slice(&clean, lexeme.range))
            .collect();
        assert_eq!((found.place, words.join(" ").as_str()), (place, before), "{text}");
    }
}

#[test]
fn open_blocks_and_names() {
    for (text, blocks, names) in [
        ("{% if a %}{% for x, y in z %}$0", "endif endfor", "x y"),
        ("{% for x in z %}{% endfor %}$0", "", ""),
        (
            "{% set a = 1 %}{% if b %}{% set c = 2 %}{% endif %}{% $0",
            "",
            "a c",
        ),
        ("{% for x in y %}{% set c = 2 %}{% endfor %}$0", "", ""),
        ("{% set a %}x{% endset %}$0", "", "a"),
        ("{% set a %}$0", "endset", "a"),
        ("{% set a, b = c, d %}$0", "", "a b"),
        ("{% set ns.a = b %}$0", "", ""),
        ("{% macro m(a, b=f(c, d), e) %}{{ $0", "endmacro", "m a b e"),
        ("{% macro m(a) %}{% endmacro %}{{ $0 }}", "", "m"),
        (
            "{% test t(model, column_name) %}$0",
            "endtest",
            "model column_name",
        ),
        ("{% call(row) f(x) %}$0", "endcall", "row"),
        ("{% call statement('x') %}$0", "endcall", ""),
        ("{% snapshot s %}{{ $0", "endsnapshot", ""),
        ("{% docs d %}$0", "enddocs", ""),
        ("{% if a %}{% endfor %}$0", "endif", ""),
    ] {
        let (clean, found) = at(text);
        let ends: Vec<&str> = found.blocks.iter().map(|block| block.end).collect();
        let bound: Vec<&str> = found.names.iter().map(|name| slice(&clean, name.name)).collect();
        assert_eq!(
            (ends.join(" ").as_str(), bound.join(" ").as_str()),
            (blocks, names),
            "{text}"
        );
    }
}

#[test]
fn what_follows_is_told() {
    for (text, after) in [
        ("{{ config($0, a=1) }}", ", a = 1 )"),
        ("{{ config(\n  $0\n  a=1\n) }}", "a = 1 )"),
        ("{{ ref('x$0 }}", ""),
        ("{{ ref('x$0') }}", ")"),
        ("{{ f($0) and g", ") and g"),
    ] {
        let (clean, found) = at(text);
        let words: Vec<&str> = found
            .after
            .iter()
            .map(|lexeme| slice(&clean, lexeme.range))
            .collect();
        assert_eq!(words.join(" "), after, "{text}");
    }
}

/// Every offset of every prefix: nothing panics, and what is told lies in the text.
#[test]
fn no_text_is_too_broken() {
    let text = "{{ config(a='é', b=[1, {'c': 2}]) }}\n{% set x = [\n1,\n] %}{# é #}{% raw %}{{{% endraw %}\n\
                {% macro m(a, b='}}') -%}select '{{ a ~ \"'\" }}' {%- endmacro %}{{ ref('a' }} don't {% if";
    for end in (0..=text.len()).filter(|end| text.is_char_boundary(*end)) {
        let prefix = text.get(..end).unwrap();
        for offset in (0..=end).filter(|offset| text.is_char_boundary(*offset)) {
            let found = cursor(prefix, offset);
            for lexeme in found.before.iter().chain(&found.after) {
                assert!(
                    prefix
                        .get(usize::from(lexeme.range.start())..usize::from(lexeme.range.end()))
                        .is_some()
                );
            }
            let _ = expression_cursor(prefix, offset);
        }
    }
    let _ = cursor(&"{{ '".repeat(20_000), 80_000);
    let _ = cursor(&"{% if {{ ((".repeat(20_000), 100_000);
}
