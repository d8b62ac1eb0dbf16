//! What stands under the cursor.

mod common;
mod labels;

use common::{Fixture, fixture};
use glueline_base::slice;
use glueline_ide::symbol::{self, definitions};
use labels::label;

/// What stands at each caret, with the text it covers: `covered = what`, or `-`.
fn found(text: &str) -> Vec<String> {
    let Fixture { analysis, carets } = fixture(text);
    carets
        .iter()
        .map(|caret| match symbol::at(&analysis, *caret) {
            None => "-".to_owned(),
            Some(found) => {
                let written = slice(analysis.text(found.range.file), found.range.range);
                format!("{written} = {}", label(&analysis, &found.symbol))
            }
        })
        .collect()
}

fn check(text: &str, expected: &[&str]) {
    let last = text.rsplit("//- ").next().unwrap_or_default();
    assert_eq!(found(text), expected, "{last}");
}

/// A project to point into.
const PROJECT: &str = "\
//- models/orders.sql
select 1 as id
//- models/schema.yml
models:
  - name: orders
  - name: dim
    latest_version: 2
    versions:
      - v: 1
      - v: 2
sources:
  - name: raw
    tables:
      - name: events
//- models/dim_v1.sql
select 1 as id
//- models/dim_v2.sql
select 1 as id
//- seeds/countries.csv
code
de
//- snapshots/history.sql
{% snapshot history %}select 1{% endsnapshot %}
//- models/docs.md
{% docs about %}About.{% enddocs %}
//- macros/m.sql
{% macro cents(amount, digits=2) %}{{ amount }}{% endmacro %}
{% test positive(model, column_name) %}select 1{% endtest %}
{% macro shape(x) %}{{ return(adapter.dispatch('shape', 'shop')(x)) }}{% endmacro %}
{% macro default__shape(x) %}{% endmacro %}
{% macro glue__shape(x) %}{% endmacro %}
//- packages.yml
packages:
  - local: packages/dates
//- packages/dates/dbt_project.yml
name: dates
//- packages/dates/models/days.sql
select 1 as day
//- packages/dates/macros/d.sql
{% macro month(of) %}{% endmacro %}
";

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

/// Checks files of YAML beside the project.
fn yaml(path: &str, text: &str, expected: &[&str]) {
    check(&format!("{PROJECT}//- {path}\n{text}"), expected);
}

#[test]
fn properties_of_models() {
    for (text, expected) in [
        (
            "models:\n  - name: ord$0ers\n",
            vec!["orders = model.shop.orders"],
        ),
        (
            "models:\n  - name: 'ord$0ers'\n",
            vec!["orders = model.shop.orders"],
        ),
        (
            "mod$0els:\n  - na$0me: orders\n",
            vec![
                "models = key models of properties file",
                "name = key name of model",
            ],
        ),
        ("models:\n  - name: nix$0\n", vec!["nix = missing Described nix"]),
        ("models:\n  - name: dim$0\n", vec!["dim = versions shop.dim"]),
        (
            "models:\n  - name: dim\n    latest_version: 2$0\n    versions:\n      - v: 1$0\n        columns:\n          - include: all\n            exclude: [i$0d]\n",
            vec![
                "2 = model.shop.dim.v2",
                "1 = model.shop.dim.v1",
                "id = column id of model.shop.dim.v1",
            ],
        ),
        (
            "models:\n  - name: orders\n    columns:\n      - name: i$0d\n        data_tests: [uni$0que, posi$0tive]\n",
            vec![
                "id = column id of model.shop.orders",
                "unique = shipped test_unique",
                "positive = macro shop.test_positive",
            ],
        ),
        (
            "models:\n  - name: orders\n    config:\n      mater$0ialized: incr$0emental\n      tags: [a$0, 'b$0']\n      group: g$0\ngroups:\n  - name: g$0\n",
            vec![
                "materialized = key materialized of model config",
                "incremental = value incremental for materialized of model config",
                "a = tag a",
                "b = tag b",
                "g = group g",
                "g = group g",
            ],
        ),
        (
            "models:\n  - name: orders\n    description: \"{{ doc('ab$0out') }}\"\n",
            vec!["about = doc about in models/docs.md"],
        ),
        (
            "models:\n  - name: orders\n    description: |\n      Text é\n      {{ doc('ab$0out') }}\n",
            vec!["about = doc about in models/docs.md"],
        ),
        (
            "models:\n  - name: orders\n    description: >\n      Text 😀\n      {{ doc(\"ab$0out\") }} and {{ va$0r('x$0') }}\n",
            vec![
                "about = doc about in models/docs.md",
                "var = context var",
                "x = var x",
            ],
        ),
        (
            "models:\n  - name: orders\n    description: \"a \\\"b\\\" {{ doc('ab$0out') }}\"\n",
            vec!["about = doc about in models/docs.md"],
        ),
        (
            "models:\n  - name: orders\n    config:\n      post_hook: \"{{ ce$0nts(1) }}\"\n",
            vec!["cents = macro shop.cents"],
        ),
        (
            "models:\n  - name: orders\n    meta: {a: [\"{{ env_var('HO$0ME') }}\"]}\n",
            vec!["HOME = env HOME"],
        ),
        (
            "models:\n  - name: orders\n    constraints:\n      - type: primary_key\n        columns: [i$0d]\n",
            vec!["id = column id of model.shop.orders"],
        ),
        (
            "seeds:\n  - name: coun$0tries\nsnapshots:\n  - name: hist$0ory\nmacros:\n  - name: ce$0nts\n    arguments:\n      - name: am$0ount\n",
            vec![
                "countries = seed.shop.countries",
                "history = snapshot.shop.history",
                "cents = macro shop.cents",
                "amount = parameter amount of shop.cents",
            ],
        ),
        (
            "models:\n  - &a\n    name: ord$0ers\n  - <<: *a\n    description: x\n",
            vec!["orders = model.shop.orders"],
        ),
        (
            "models:\n  - name: ord$0ers\n    descr",
            vec!["orders = model.shop.orders"],
        ),
        ("models:\n  - name: [ord$0ers\n", vec!["-"]),
    ] {
        yaml("models/other.yml", text, &expected);
    }
}

#[test]
fn generic_tests_in_yaml() {
    for (text, expected) in [
        ("- not_n$0ull", vec!["not_null = shipped test_not_null"]),
        ("- no_such$0", vec!["no_such = missing GenericTest no_such"]),
        (
            "- relation$0ships:\n              to: ref('coun$0tries')\n              field: co$0de",
            vec![
                "relationships = shipped test_relationships",
                "countries = seed.shop.countries",
                "code = column code of seed.shop.countries",
            ],
        ),
        (
            "- relationships:\n              argum$0ents:\n                to: \"{{ source('ra$0w', 'ev$0ents') }}\"\n                field: co$0de\n              con$0fig:\n                seve$0rity: wa$0rn",
            vec![
                "arguments = key arguments of data test",
                "raw = source shop.raw",
                "events = source.shop.raw.events",
                "code = column code of source.shop.raw.events",
                "config = key config of data test",
                "severity = key severity of data test config",
                "warn = value warn for severity of data test config",
            ],
        ),
        (
            "- positive:\n              column_na$0me: i$0d",
            vec![
                "column_name = parameter column_name of shop.test_positive",
                "id = column id of model.shop.orders",
            ],
        ),
        (
            "- sh$0op.posi$0tive",
            vec!["shop = package shop", "positive = macro shop.test_positive"],
        ),
        (
            "- name: mine\n            test_name: posi$0tive",
            vec!["positive = macro shop.test_positive"],
        ),
        (
            "- accepted_values: {values: [\"{{ var('x$0') }}\"]}",
            vec!["x = var x"],
        ),
    ] {
        yaml(
            "models/other.yml",
            &format!(
                "models:\n  - name: orders\n    columns:\n      - name: id\n        data_tests:\n          {text}\n"
            ),
            &expected,
        );
    }
}

#[test]
fn sources_exposures_unit_tests() {
    for (text, expected) in [
        (
            "sources:\n  - name: la$0ke\n    tables:\n      - name: t$0\n        columns:\n          - name: c$0\n",
            vec![
                "lake = source shop.lake",
                "t = source.shop.lake.t",
                "c = column c of source.shop.lake.t",
            ],
        ),
        (
            "sources:\n  - name: lake\n    overrides: da$0tes\n    tables:\n      - name: \"{{ var('x$0', 'y') }}\"\n",
            vec!["dates = package dates", "x = var x"],
        ),
        (
            "exposures:\n  - name: board$0\n    type: dash$0board\n    owner: {name: x, email: y}\n    depends_on:\n      - ref('ord$0ers')\n      - source('raw', 'ev$0ents')\n",
            vec![
                "board = exposure.shop.board",
                "dashboard = value dashboard for type of exposure",
                "orders = model.shop.orders",
                "events = source.shop.raw.events",
            ],
        ),
        (
            "unit_tests:\n  - name: ut$0\n    model: ord$0ers\n    given:\n      - input: ref('coun$0tries')\n        rows:\n          - {co$0de: de}\n      - input: th$0is\n        rows: [{i$0d: 1}]\n    expect:\n      rows:\n        - {i$0d: 1}\n    overrides:\n      macros: {ce$0nts: 1, is_incremen$0tal: true}\n      vars: {x$0: 1}\n",
            vec![
                "ut = unit_test.shop.orders.ut",
                "orders = model.shop.orders",
                "countries = seed.shop.countries",
                "code = column code of seed.shop.countries",
                "this = model.shop.orders",
                "id = column id of model.shop.orders",
                "id = column id of model.shop.orders",
                "cents = macro shop.cents",
                "is_incremental = shipped is_incremental",
                "x = var x",
            ],
        ),
        (
            "unit_tests:\n  - name: ut\n    model: dim$0\n    given: []\n    expect: {rows: []}\n",
            vec!["dim = versions shop.dim"],
        ),
        (
            "snapshots:\n  - name: sn$0\n    relation: ref('ord$0ers')\n",
            vec!["sn = snapshot.shop.sn", "orders = model.shop.orders"],
        ),
    ] {
        yaml("models/other.yml", text, &expected);
    }
}

#[test]
fn project_files() {
    for (text, expected) in [
        (
            "name: sh$0op\nprofile: pro$0f\nmodel-paths: ['mod$0els']\n",
            vec![
                "shop = package shop",
                "prof = profile prof",
                "models = path models",
            ],
        ),
        (
            "name: shop\nvars:\n  st$0art: 1\n  dates:\n    st$0op: 2\n  da$0tes: {x: 1}\n",
            vec!["start = var start", "stop = var stop", "dates = package dates"],
        ),
        (
            "name: shop\nmodels:\n  sh$0op:\n    +mater$0ialized: ta$0ble\n    de$0ep:\n      er$0:\n        tags: [x$0]\n      +group: g$0\n    ord$0ers: {+enabled: true}\n",
            vec![
                "shop = package shop",
                "materialized = key materialized of model config",
                "table = value table for materialized of model config",
                "deep = path models/deep",
                "er = path models/deep/er",
                "x = tag x",
                "g = missing Group g",
                "orders = model.shop.orders",
            ],
        ),
        (
            "name: shop\nmodels:\n  da$0tes:\n    +schema: \"{{ env_var('HO$0ME') }}\"\n",
            vec!["dates = package dates", "HOME = env HOME"],
        ),
        (
            "name: shop\non-run-end:\n  - \"{{ ce$0nts(1) }}\"\ndispatch:\n  - macro_namespace: da$0tes\n    search_order: [sh$0op, dates]\n",
            vec![
                "cents = macro shop.cents",
                "dates = package dates",
                "shop = package shop",
            ],
        ),
        (
            "name: shop\nfla$0gs:\n  send_anonymous_usage_sta$0ts: false\n",
            vec![
                "flags = key flags of dbt_project.yml",
                "send_anonymous_usage_stats = key send_anonymous_usage_stats of flags",
            ],
        ),
    ] {
        let text = format!("{PROJECT}//- models/deep/er/z.sql\nselect 1\n//- dbt_project.yml\n{text}");
        check(&text, &expected);
    }
}

#[test]
fn profiles_packages_selectors() {
    yaml(
        "profiles.yml",
        "sh$0op:\n  target: de$0v\n  outputs:\n    de$0v:\n      type: glue\n      wor$0kers: 2\n      worker_type: G.$01X\n",
        &[
            "shop = profile shop",
            "dev = target shop.dev",
            "dev = target shop.dev",
            "workers = key workers of profile output",
            "G.1X = value G.1X for worker_type of profile output",
        ],
    );
    let packages = "packages:\n  - local: pack$0ages/dates\n  - package: dbt-labs/dbt_ut$0ils\n    version: 1.0.0\n  - package: me/da$0tes\n  - git: https://exam$0ple.com/x.git\n";
    check(
        &PROJECT.replace("packages:\n  - local: packages/dates\n", packages),
        &[
            "packages/dates = path packages/dates",
            "dbt-labs/dbt_utils = link https://hub.getdbt.com/dbt-labs/dbt_utils/",
            "me/dates = package dates",
            "https://example.com/x.git = link https://example.com/x.git",
        ],
    );
    yaml(
        "selectors.yml",
        "selectors:\n  - name: nigh$0tly\n    definition:\n      union:\n        - method: tag\n          value: dai$0ly\n        - tag:dai$0ly+\n        - 1+ord$0ers+2\n        - 'source:raw.ev$0ents'\n        - {method: path, value: models/de$0ep}\n        - {tag: x$0}\n        - exclude:\n            - method: selector\n              value: nigh$0tly\n        - ta*$0\n",
        &[
            "nightly = selector nightly",
            "daily = tag daily",
            "daily = tag daily",
            "orders = model.shop.orders",
            "raw.events = source.shop.raw.events",
            "models/deep = path models/deep",
            "x = tag x",
            "nightly = selector nightly",
            "-",
        ],
    );
}

/// Where what stands at each caret is defined: `path: name`, with `file` for a file as a whole.
fn defined(text: &str) -> Vec<String> {
    let Fixture { analysis, carets } = fixture(text);
    let mut shown = Vec::new();
    for found in carets
        .into_iter()
        .filter_map(|caret| symbol::at(&analysis, caret))
    {
        let places = definitions(&analysis, &found.symbol);
        let places: Vec<String> = places
            .iter()
            .map(|place| {
                assert!(place.full.range.contains_range(place.name.range));
                let path = &analysis.project().files().info(place.full.file).shown;
                let name = slice(analysis.text(place.name.file), place.name.range);
                let name = if name.is_empty() { "file" } else { name };
                format!("{path}: {name}")
            })
            .collect();
        shown.push(places.join(", "));
    }
    shown
}

#[test]
fn places_of_definitions() {
    let text = format!(
        "{PROJECT}//- models/m.sql\n{{{{ ref('or$0ders') }}}}{{{{ ref('dim$0', v=1) }}}}{{{{ ref('dim$0', v=7) }}}}{{{{ source('r$0aw', 'ev$0ents') }}}}{{{{ ref('hi$0story') }}}}{{{{ ref('coun$0tries') }}}}{{{{ ce$0nts(dig$0its=1) }}}}{{{{ doc('ab$0out') }}}}{{{{ da$0tes.month() }}}}{{{{ is_incremental$0() }}}}{{{{ var('st$0art') }}}}{{% set a = 1 %}}{{{{ a$0 }}}}\n//- dbt_project.yml\nname: shop\nprofile: shop\nvars:\n  start: 1\n  dates:\n    start: 2\n"
    );
    assert_eq!(
        defined(&text),
        [
            "models/orders.sql: file",
            "models/dim_v1.sql: file",
            "models/dim_v1.sql: file, models/dim_v2.sql: file",
            "models/schema.yml: raw",
            "models/schema.yml: events",
            "snapshots/history.sql: history",
            "seeds/countries.csv: file",
            "macros/m.sql: cents",
            "macros/m.sql: digits",
            "models/docs.md: about",
            "packages/dates/dbt_project.yml: dates",
            "",
            "dbt_project.yml: start, dbt_project.yml: start",
            "models/m.sql: a",
        ]
    );
}
