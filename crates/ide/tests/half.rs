//! Half-typed files are no reason to fail: every feature is asked about every beginning of some texts.

#![expect(clippy::string_slice, reason = "the places are those of characters")]

use crate::common::fixture;
use glueline_base::{Cancel, TextRange, TextSize};
use glueline_ide::documents::{Kind, Life, Wanted, document, expansion, node_at};
use glueline_ide::{hierarchy, hints, hover, lenses, outline, references, rename, signature};

/// Asks everything that can be asked at the only caret.
fn ask(text: &str) {
    let fixture = fixture(text);
    let (analysis, at) = (&fixture.analysis, fixture.caret());
    let whole = TextRange::up_to(TextSize::of(analysis.text(at.file)));
    let _ = hover::hover(analysis, at).map(|hover| (hover.card.markdown(), hover.card.plain()));
    let _ = signature::signature(analysis, at);
    let _ = references::references(analysis, at, true, &Cancel::new());
    if let Ok(prepared) = rename::prepare(analysis, at, &Cancel::new()) {
        assert!(whole.contains_range(prepared.range), "{text}");
    }
    let _ = rename::rename(analysis, at, "neu", &Cancel::new());
    let _ = expansion(analysis, at, Life::Known);
    let _ = (
        hierarchy::prepare_calls(analysis, at),
        hierarchy::prepare_lineage(analysis, at),
    );
    let wanted = hints::Wanted {
        relations: true,
        configs: true,
        types: true,
        columns: true,
    };
    let end = usize::from(whole.end());
    for hint in hints::hints(analysis, at.file, whole, wanted) {
        assert!(usize::from(hint.at) <= end, "{text}");
    }
    for item in outline::outline(analysis, at.file) {
        assert!(
            usize::from(item.range.end()) <= end && !item.name.is_empty(),
            "{text}"
        );
    }
    let wanted = lenses::Wanted {
        texts: true,
        run: true,
        counts: true,
    };
    for lens in lenses::lenses(analysis, at.file, wanted) {
        assert!(!lenses::title(analysis, lens.action).is_empty(), "{text}");
    }
    if let Some(node) = node_at(analysis, at) {
        for kind in [Kind::Compiled, Kind::Preview, Kind::Expansion(at.offset)] {
            let life = Life::Exists;
            let made = document(analysis, Wanted { kind, node, life });
            assert!(!made.complete || !made.text.is_empty(), "{text}");
            made.places_of(at);
            made.source_at(made.text.len() / 2);
        }
    }
}

#[test]
fn every_beginning_can_be_asked_about() {
    for (file, text) in [
        (
            "models/x.sql",
            "{{ config(materialized='incremental', tags=['é']) }}\n{% set c = cents('é', scale=2) %}\nwith a as (select {{ c }} as é) select a.é, é as k, struct(é) from {{ ref('b') }} as a. {% if is_incremental() %}where x. and a.é in (select `é` from analytics.b){% endif %}",
        ),
        (
            "models/q.yml",
            "models:\n  - name: b\n    description: \"{{ doc('é') }}\"\n    columns: [{name: é, data_tests: [unique, {not_null: {config: {where: \"{{ x }}\"}}}]}]\nsources: [{name: s, tables: [{name: t}]}]\n",
        ),
        (
            "macros/n.sql",
            "{# é #}{% macro n(a, b='é') -%}{{ cents(a) }}{%- endmacro %}{% test t(model) %}{% endtest %}",
        ),
        (
            "models/y.py",
            "def model(dbt, session):\n    dbt.config(materialized='é')\n    return dbt.ref('b')\n",
        ),
    ] {
        for (end, _) in text.char_indices() {
            ask(&format!(
                "//- {file}\n{}$0\n//- models/b.sql\nselect 1 as é\n//- macros/m.sql\n{{% macro cents(column, scale=2) %}}{{{{ column }}}}{{% endmacro %}}\n",
                &text[..end]
            ));
        }
    }
}
