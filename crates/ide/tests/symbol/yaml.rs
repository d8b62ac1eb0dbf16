//! In YAML.

use super::{PROJECT, check};

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
