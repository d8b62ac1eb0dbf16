//! In models, macros, snapshots, docs and Python.

use super::{PROJECT, check};

/// Checks a model beside the project.
fn model(text: &str, expected: &[&str]) {
    check(&format!("{PROJECT}//- models/m.sql\n{text}"), expected);
}

#[test]
fn calls_of_ref_and_source() {
    for (text, expected) in [
        ("{{ ref('ord$0ers') }}", "orders = model.shop.orders"),
        ("{{ ref('$0orders') }}", "orders = model.shop.orders"),
        ("{{ ref('orders$0') }}", "orders = model.shop.orders"),
        ("{{ r$0ef('orders') }}", "ref = context ref"),
        ("{{ ref(\"or$0ders\") }}", "orders = model.shop.orders"),
        ("{{ ref('or$0ders }}", "orders = model.shop.orders"),
        ("{{ ref('shop', 'or$0ders') }}", "orders = model.shop.orders"),
        ("{{ ref('sh$0op', 'orders') }}", "shop = package shop"),
        ("{{ ref('dates', 'da$0ys') }}", "days = model.dates.days"),
        ("{{ ref('da$0ys') }}", "days = model.dates.days"),
        ("{{ ref('dates', 'or$0ders') }}", "orders = missing Ref orders"),
        (
            "{{ ref('nodates$0', 'orders') }}",
            "nodates = missing Package nodates",
        ),
        ("{{ ref('dim$0') }}", "dim = model.shop.dim.v2"),
        ("{{ ref('dim$0', v=1) }}", "dim = model.shop.dim.v1"),
        ("{{ ref('dim$0', version=2) }}", "dim = model.shop.dim.v2"),
        ("{{ ref('dim$0', v=9) }}", "dim = versions shop.dim"),
        ("{{ ref('dim$0', v=x) }}", "-"),
        ("{{ ref('coun$0tries') }}", "countries = seed.shop.countries"),
        ("{{ ref('hist$0ory') }}", "history = snapshot.shop.history"),
        ("{{ ref('no$0') }}", "no = missing Ref no"),
        ("{{ source('r$0aw', 'events') }}", "raw = source shop.raw"),
        (
            "{{ source('raw', 'ev$0ents') }}",
            "events = source.shop.raw.events",
        ),
        ("{{ source('raw', 'no$0') }}", "no = missing Table raw.no"),
        ("{{ source('no$0', 'events') }}", "no = missing Source no"),
        ("{{ source('raw', 'ev$0", "ev = missing Table raw.ev"),
        ("{{ source('raw', 'events$0", "events = source.shop.raw.events"),
        ("{{ ref('orders$0'", "orders = model.shop.orders"),
        ("{% if x %}{{ ref('orders$0') }}", "orders = model.shop.orders"),
        ("{{ builtins.ref('orders$0') }}", "orders = model.shop.orders"),
        ("{# {{ ref('orders$0') }} #}", "-"),
        ("{% raw %}{{ ref('orders$0') }}{% endraw %}", "-"),
        ("sel$0ect 1", "-"),
    ] {
        model(text, &[expected]);
    }
}

#[test]
fn macros_and_names_of_dbt() {
    for (text, expected) in [
        ("{{ ce$0nts(1) }}", "cents = macro shop.cents"),
        (
            "{{ cents(1, di$0gits=3) }}",
            "digits = parameter digits of shop.cents",
        ),
        ("{{ cents(1, no$0=3) }}", "-"),
        ("{{ shop.ce$0nts(1) }}", "cents = macro shop.cents"),
        ("{{ sh$0op.cents(1) }}", "shop = package shop"),
        ("{{ dates.mon$0th(1) }}", "month = macro dates.month"),
        ("{{ dates.month(o$0f=1) }}", "of = parameter of of dates.month"),
        ("{{ month$0(1) }}", "month = missing Macro month"),
        ("{{ dates.no$0(1) }}", "no = missing Macro dates.no"),
        (
            "{{ is_incre$0mental() }}",
            "is_incremental = shipped is_incremental",
        ),
        (
            "{{ dbt.current_time$0stamp() }}",
            "current_timestamp = shipped current_timestamp",
        ),
        (
            "{{ adapter.get_rel$0ation(1) }}",
            "get_relation = context adapter.get_relation",
        ),
        ("{{ adap$0ter.get_relation(1) }}", "adapter = context adapter"),
        ("{{ th$0is }}", "this = context this"),
        ("{{ target.na$0me }}", "name = context target.name"),
        ("{{ nothing$0 }}", "-"),
        (
            "{{ adapter.dispatch('sh$0ape', 'shop')() }}",
            "shape = macro shop.glue__shape",
        ),
        (
            "{{ adapter.dispatch('shape', 'sh$0op')() }}",
            "shop = package shop",
        ),
        (
            "{{ adapter.dispatch('current_time$0stamp', 'dbt')() }}",
            "current_timestamp = shipped spark__current_timestamp",
        ),
        ("{{ var('st$0art') }}", "start = var start"),
        ("{{ env_var('HO$0ME', 'x') }}", "HOME = env HOME"),
        ("{{ doc('ab$0out') }}", "about = doc about in models/docs.md"),
        (
            "{{ doc('shop', 'ab$0out') }}",
            "about = doc about in models/docs.md",
        ),
        ("{{ doc('no$0') }}", "no = missing Doc no"),
        ("{{ x | tr$0im }}", "trim = filter trim"),
        ("{{ x is no$0ne }}", "none = jinja test none"),
    ] {
        model(text, &[expected]);
    }
}

#[test]
fn configs() {
    for (text, expected) in [
        (
            "{{ config(mater$0ialized='table') }}",
            "materialized = key materialized of model config",
        ),
        (
            "{{ config(materialized='ta$0ble') }}",
            "table = value table for materialized of model config",
        ),
        (
            "{{ config({'file_fo$0rmat': 'iceberg'}) }}",
            "file_format = key file_format of model config",
        ),
        (
            "{{ config({'file_format': 'ice$0berg'}) }}",
            "iceberg = value iceberg for file_format of model config",
        ),
        ("{{ config(tags='da$0ily') }}", "daily = tag daily"),
        ("{{ config(tags=['a', 'da$0ily']) }}", "daily = tag daily"),
        (
            "{{ config(group='fin$0ance') }}",
            "finance = missing Group finance",
        ),
        (
            "{{ config.get('file_fo$0rmat') }}",
            "file_format = key file_format of model config",
        ),
        (
            "{{ config(post_hook=\"{{ ce$0nts(1) }}\") }}",
            "cents = macro shop.cents",
        ),
        (
            "{{ config(post_hook=['x', \"{{ ref('or$0ders') }}\"]) }}",
            "orders = model.shop.orders",
        ),
        (
            "{{ config(materialized='eph$0emeral') }}",
            "ephemeral = value ephemeral for materialized of model config",
        ),
        ("{{ config(materialized='no$0thing') }}", "-"),
        ("{{ config(meta={'a': 'b$0'}) }}", "-"),
    ] {
        model(text, &[expected]);
    }
}

#[test]
fn names_that_a_template_binds() {
    for (text, expected) in [
        (
            "{% set a$0 = 1 %}{{ a$0 }}",
            vec!["a = local a of line 1", "a = local a of line 1"],
        ),
        ("{{ a$0 }}{% set a = 1 %}", vec!["-"]),
        (
            "{% set a = 1 %}\n{% set a = a$0 %}{{ a$0 }}",
            vec!["a = local a of line 1"; 2],
        ),
        (
            "{% set a = 1 %}\n{% for a$0 in x %}{{ a$0 }}{% endfor %}{{ a$0 }}",
            vec![
                "a = local a of line 2",
                "a = local a of line 2",
                "a = local a of line 1",
            ],
        ),
        (
            "{% for k, v$0 in x %}{{ v$0 }}{% endfor %}{{ v$0 }}",
            vec!["v = local v of line 1", "v = local v of line 1", "-"],
        ),
        (
            "{% set a = 0 %}{% for x in y %}\n{% set a$0 = 1 %}{{ a$0 }}{% endfor %}",
            vec!["a = local a of line 1"; 2],
        ),
        ("{% for x in y %}{% set a = 1 %}{% endfor %}{{ a$0 }}", vec!["-"]),
        (
            "{% if x %}{% set a = 1 %}{% endif %}{{ a$0 }}",
            vec!["a = local a of line 1"],
        ),
        (
            "{% set ns = namespace(a=1) %}{% set n$0s.a = 2 %}",
            vec!["ns = local ns of line 1"],
        ),
        (
            "{% macro inner(x$0) %}{{ x$0 }}{% endmacro %}{{ inn$0er(1) }}",
            vec![
                "x = local x of line 1",
                "x = local x of line 1",
                "inner = local inner of line 1",
            ],
        ),
        (
            "{% set cents = 1 %}{{ cents$0 }}",
            vec!["cents = local cents of line 1"],
        ),
        (
            "{% call(row$0) cents(1) %}{{ row$0 }}{% endcall %}",
            vec!["row = local row of line 1"; 2],
        ),
        (
            "{% with a$0 = 1 %}{{ a$0 }}{% endwith %}{{ a$0 }}",
            vec!["a = local a of line 1", "a = local a of line 1", "-"],
        ),
        (
            "{% set a$0 %}x{% endset %}{{ a$0.b }}",
            vec!["a = local a of line 1"; 2],
        ),
    ] {
        model(text, &expected);
    }
}

#[test]
fn macro_files() {
    for (text, expected) in [
        (
            "{% macro ma$0ny(a$0) %}{{ a$0 }}{{ many$0() }}{% endmacro %}",
            vec![
                "many = macro shop.many",
                "a = parameter a of shop.many",
                "a = parameter a of shop.many",
                "many = macro shop.many",
            ],
        ),
        (
            "{% set a = 1 %}{% macro many() %}{{ a$0 }}{% endmacro %}",
            vec!["-"],
        ),
        (
            "{% test nice$0(model$0) %}{{ mo$0del }}{% endtest %}",
            vec![
                "nice = macro shop.test_nice",
                "model = parameter model of shop.test_nice",
                "model = parameter model of shop.test_nice",
            ],
        ),
        (
            "{% materialization my$0, adapter='glue' %}{% set a = 1 %}{{ a$0 }}{% endmaterialization %}",
            vec!["my = macro shop.materialization_my_glue", "a = local a of line 1"],
        ),
        ("{% macro many(a", vec![]),
        (
            "{% macro many(a$0) %}{{ a$0.b",
            vec!["a = parameter a of shop.many"; 2],
        ),
    ] {
        check(&format!("{PROJECT}//- macros/n.sql\n{text}"), &expected);
    }
}

#[test]
fn snapshots_and_docs() {
    check(
        &format!(
            "{PROJECT}//- snapshots/s.sql\n{{% snapshot mi$0ne %}}select * from {{{{ ref('or$0ders') }}}}{{% endsnapshot %}}"
        ),
        &["mine = snapshot.shop.mine", "orders = model.shop.orders"],
    );
    check(
        &format!(
            "{PROJECT}//- models/more.md\n# Text\n{{% docs mo$0re %}} {{{{ doc('ab$0out') }}}} {{% enddocs %}}"
        ),
        &[
            "more = doc more in models/more.md",
            "about = doc about in models/docs.md",
        ],
    );
}

#[test]
fn python_models() {
    let python =
        |text: &str, expected: &[&str]| check(&format!("{PROJECT}//- models/p.py\n{text}"), expected);
    python(
        "def model(dbt, session):\n    dbt.con$0fig(materialized='python$0_model', file_fo$0rmat=\"iceberg\", tags=['da$0ily'])\n    return dbt.ref('or$0ders'), dbt.ref(\"dim$0\", v=1), dbt.source('ra$0w', 'ev$0ents'), dbt.config.get('file_fo$0rmat')\n",
        &[
            "config = context config",
            "python_model = value python_model for materialized of model config",
            "file_format = key file_format of model config",
            "daily = tag daily",
            "orders = model.shop.orders",
            "dim = model.shop.dim.v1",
            "raw = source shop.raw",
            "events = source.shop.raw.events",
            "file_format = key file_format of model config",
        ],
    );
    python(
        "def model(dbt, session):\n    dbt.ref('or$0ders",
        &["orders = model.shop.orders"],
    );
}
