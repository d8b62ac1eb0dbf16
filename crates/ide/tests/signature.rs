//! The parameters of the call around the cursor.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that cannot go on ends"
)]

use crate::common::fixture;
use glueline_ide::signature::signature;

/// The active signature with the parameter that is being written in angle brackets.
fn shown(file: &str, body: &str) -> String {
    let rest = "\n//- macros/m.sql\n{% macro cents(column, scale=(1, 2)) %}{% endmacro %}\n{% macro bare() %}{% endmacro %}\n//- models/p.yml\nmacros: [{name: cents, description: Does., arguments: [{name: scale, description: How fine.}]}]\n";
    let fixture = fixture(&format!("//- {file}\n{body}{rest}"));
    let Some(help) = signature(&fixture.analysis, fixture.caret()) else {
        return String::new();
    };
    let signature = help.signatures.get(help.active).expect("an active signature");
    let mut label = signature.label.clone();
    if let Some(parameter) = signature.active.map(|active| &signature.parameters[active]) {
        label.insert(parameter.end as usize, '>');
        label.insert(parameter.start as usize, '<');
    }
    label
}

#[test]
fn calls_have_parameters() {
    for (body, wanted) in [
        ("{{ x | default($0", "default(<default_value=''>, boolean=false)"),
        (
            "{{ x | trim | replace('a', $0) }}",
            "replace(old, <new>, count=none)",
        ),
        ("{{ x | join(attribute=$0", "join(d='', <attribute=none>)"),
        ("{{ x | cents($0", ""),
        ("{{ x | upper($0", ""),
        ("{{ x | default(cents($0", "cents(<column>, scale=(1, 2))"),
        (
            "{% set default = 1 %}{{ x | default($0",
            "default(<default_value=''>, boolean=false)",
        ),
        ("{{ default($0", ""),
        ("{{ cents($0", "cents(<column>, scale=(1, 2))"),
        ("{{ cents('a', $0) }}", "cents(column, <scale=(1, 2)>)"),
        ("{{ cents(scale=$0", "cents(column, <scale=(1, 2)>)"),
        ("{{ cents(scale=1, column=$0", "cents(<column>, scale=(1, 2))"),
        ("{{ cents(scale=1, $0", "cents(<column>, scale=(1, 2))"),
        ("{{ cents([1, 2$0], 3) }}", "cents(<column>, scale=(1, 2))"),
        ("{{ cents(1, 2, 3$0) }}", "cents(column, scale=(1, 2))"),
        ("{{ cents(bare($0)) }}", "bare()"),
        ("{{ cents(bare()$0) }}", "cents(<column>, scale=(1, 2))"),
        ("{{ cents() $0}}", ""),
        ("{{ cents$0() }}", ""),
        ("cents($0)", ""),
        ("{# {{ cents($0 #}", ""),
        ("{{ shop.cents($0) }}", "shop.cents(<column>, scale=(1, 2))"),
        ("{{ ref($0", "ref(<name>, version=none)"),
        ("{{ ref('a', $0", "ref(package, <name>, version=none)"),
        ("{{ ref('a', version=$0", "ref(name, <version=none>)"),
        ("{{ source('a', '$0') }}", "source(source_name, <table_name>)"),
        ("{{ var('a$0", "var(<var_name>, default=none)"),
        ("{{ env_var('a', $0) }}", "env_var(var, <default=none>)"),
        (
            "{{ adapter.get_relation($0",
            "adapter.get_relation(<database>, schema, identifier)",
        ),
        (
            "{% do adapter.drop_schema($0) %}",
            "adapter.drop_schema(<relation>)",
        ),
        ("{% if is_incremental($0) %}", "is_incremental()"),
        ("{{ config($0", "config(<**configs>)"),
        ("{{ config(file_format=$0", "config(<file_format=a text>)"),
        ("{{ config(file_format='x', nothing=$0", "config(<**configs>)"),
        ("{{ dbt.concat($0", "dbt.concat(<fields>)"),
        ("{{ exceptions.warn($0", "exceptions.warn(<msg>, node=none)"),
        ("{% set cents = 1 %}{{ cents($0", ""),
        ("{{ 'a'.replace($0", ""),
        ("{{ nothing($0", ""),
        ("{% if ($0", ""),
    ] {
        assert_eq!(shown("models/x.sql", body), wanted, "{body}");
    }
}

#[test]
fn python_has_parameters() {
    let model = |call: &str| format!("def model(dbt, session):\n    x = {call}");
    for (call, wanted) in [
        ("dbt.ref($0", "ref(<name>, version=none)"),
        ("dbt.ref(\"a\", $0)", "ref(package, <name>, version=none)"),
        ("f(dbt.source('a', $0", "source(source_name, <table_name>)"),
        ("dbt.config(materialized=$0", "config(<materialized=a text>)"),
        ("dbt.ref('a')$0", ""),
        ("dbt.ref('a').join($0", ""),
        ("mydbt.ref($0", ""),
        ("cents($0", ""),
    ] {
        assert_eq!(shown("models/x.py", &model(call)), wanted, "{call}");
    }
}

#[test]
fn parameters_are_told_of() {
    let fixture = fixture(
        "//- models/x.sql\n{{ cents($0\n//- macros/m.sql\n{% macro cents(column, scale=2) %}{% endmacro %}\n//- models/p.yml\nmacros: [{name: cents, description: Does., arguments: [{name: scale, description: How fine.}]}]\n",
    );
    let help = signature(&fixture.analysis, fixture.caret()).expect("help");
    assert_eq!(help.signatures[0].card.markdown(), "Does.");
    assert_eq!(help.signatures[0].parameters[1].doc, "How fine.");
}

/// Half a call is no reason to fail, wherever it ends.
#[test]
fn every_beginning_can_be_asked_about() {
    let text = "{{ config(a=cents([{'é': ref('x', v=1)}], *x)) }}{% set é = dbt.é(";
    for (end, _) in text.char_indices() {
        shown("models/x.sql", &format!("{}$0", &text[..end]));
        shown("models/x.py", &format!("{}$0", &text[..end]));
    }
}
