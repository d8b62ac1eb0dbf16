//! A project that is edited is the project that the same texts make when they are read anew.

use std::sync::Arc;

use glueline_base::{MemSystem, Overlay, Utf8PathBuf};
use glueline_project::{FileKind, LoadOptions, Project, edit, load};

const PROJECT: &str =
    "name: shop\nprofile: shop\nmodels:\n  shop:\n    sub: {+schema: x}\nseeds: {+delimiter: ','}\n";
const YML: &str = "models:\n  - name: a\n    description: x\n    columns: [{name: id, data_tests: [unique]}]\n  - name: v\n    \
                   latest_version: 1\n    versions: [{v: 1}, {v: 2}]\nsources: [{name: raw, tables: [{name: t, data_tests: \
                   [{not_null: {column_name: x}}]}]}]\nseeds: [{name: s}]\nexposures: [{name: e, type: dashboard, owner: {name: x}, \
                   depends_on: [ref('a')]}]\n";

/// Files, each with the texts that edits give it; an empty text means that the file is not there.
const FILES: [(&str, &[&str]); 16] = [
    (
        "models/a.sql",
        &[
            "select 1",
            "select * from {{ ref('b') }}",
            "{{ config(enabled=false) }} select 1",
            "{{ config(alias='z', tags=['x']) }} select {{ env_var('NOPE') }}",
            "{{ configured() }} {{ ref('v', v=2) }}",
            "",
        ],
    ),
    (
        "models/sub/b.sql",
        &[
            "select * from {{ source('raw', 't') }}",
            "select * from {{ ref('a') }} {{ ref('s') }}",
            "{{ config(schema='y') }} select 1",
            "{{ config(alias=var('x', 'none'), tags=var('y', 'z')) }} select {{ var('y') }}",
            "{% if var('x', 2) == 1 %}{{ ref('a') }}{% else %}{{ ref('v') }}{% endif %}",
        ],
    ),
    ("models/v_v1.sql", &["select 1", "select 1 from {{ ref('a') }}"]),
    ("models/v_v2.sql", &["select 2 from {{ ref('v') }}", "select 2"]),
    ("models/sub/a.sql", &["", "select 'twice'"]),
    (
        "models/p.py",
        &[
            "",
            "def model(dbt, session):\n    return dbt.ref('a')\n",
            "def model(dbt, session):\n    dbt.config(alias='q')\n    return dbt.source('raw', 't')\n",
        ],
    ),
    (
        "models/x.yml",
        &[
            YML,
            "models: [{name: a, description: other, config: {alias: yy}, columns: [{name: id, data_tests: [unique, not_null]}]}]\n",
            "models: [{name: a, description: \"{{ env_var('LOST') }}\", columns: [{name: id, data_tests: [unique, not_null]}]}]\n",
            "",
        ],
    ),
    (
        "models/y.yml",
        &[
            "unit_tests: [{name: u, model: v, given: [{input: ref('a'), rows: []}], expect: {rows: []}}]\n",
            "unit_tests: [{name: u, model: a, given: [], expect: {rows: []}}]\nmodels: [{name: b, config: {enabled: false}}]\n",
            "models: [{name: \"{{ var('y', 'b') }}\", config: {alias: \"{{ var('x', 'c') }}\"}}]\n",
            "models:\n  - name: b\n    tags: [q]\nsources: [{name: raw, schema: other, tables: [{name: t}]}]\n",
        ],
    ),
    (
        "macros/m.sql",
        &[
            "{% macro m() %}1{% endmacro %}",
            "\n{% macro m() %}2 {{ env_var('ALSO') }}{% endmacro %}",
            "{% macro n() %}1{% endmacro %}{% macro m() %}{% endmacro %}",
            "{% macro configured() %}{{ config(alias='k') }}{% endmacro %}",
            "{% macro generate_schema_name(name, node) %}{{ target.schema }}_z{% endmacro %}",
            "{% macro generate_schema_name(name, node) %}{{ target.schema }}_w{% endmacro %}",
            "",
        ],
    ),
    (
        "snapshots/n.sql",
        &[
            "{% snapshot n %}{{ config(unique_key='id') }} select 1{% endsnapshot %}",
            "{% snapshot n %}select * from {{ ref('a') }}{% endsnapshot %}{% snapshot k %}select 1{% endsnapshot %}",
            "\n{% snapshot k %}select 3{% endsnapshot %}\n{% snapshot n %}select * from {{ ref('b') }}{% endsnapshot %}",
        ],
    ),
    ("analyses/q.sql", &["{{ ref('a') }}", "{{ ref('nowhere') }}"]),
    ("tests/t.sql", &["select * from {{ ref('b') }}", "select 1"]),
    (
        "models/d.md",
        &["{% docs x %}a{% enddocs %}", "{% docs y %}b{% enddocs %}", ""],
    ),
    ("seeds/s.csv", &["id,name\n1,a\n", "id;name\n1;a\n2;b\n", ""]),
    (
        "dbt_project.yml",
        &[
            PROJECT,
            "name: shop\nprofile: shop\nmodels: {+tags: [all]}\nseeds: {+delimiter: ';'}\n",
            "name: shop\nprofile: none\nmodel-paths: [models, more]\nvars: {x: 1}\n",
            "name: shop\nprofile: shop\nvars: {x: 1}\nmodels: {+tags: [all]}\n",
            "name: shop\nprofile: shop\nvars: {x: 2, y: b}\nmodels: {+tags: [all], shop: {sub: {+schema: q}}}\n",
            "name: shop\nprofile: shop\nvars: {x: 2, shop: {y: v}}\nmodels: {shop: {sub: {+enabled: false}}}\non-run-start: [\"{{ env_var('GONE') }}\"]\n",
            "name: shop\nprofile: shop\nvars: {x: 2, shop: {y: v}} # more\nmodels: {shop: {sub: {+meta: {a: 1}}}}\nsources: {+enabled: false}\n",
        ],
    ),
    ("more/c.sql", &["select 1", "select * from {{ ref('a') }}"]),
];

fn options() -> LoadOptions {
    LoadOptions::new("/p")
}

fn profiles() -> MemSystem {
    let mut disk = MemSystem::new();
    disk.write(
        "/p/profiles.yml",
        "shop:\n  target: dev\n  outputs:\n    dev: {type: glue, schema: analytics}\n",
    );
    disk
}

/// What differs between two projects.
fn difference(edited: &Project, fresh: &Project) -> Option<String> {
    let same = |what: &str, edited: String, fresh: String| {
        let mut lines = edited.lines().zip(fresh.lines());
        let differ = lines.find(|(edited, fresh)| edited != fresh);
        (edited != fresh).then(|| format!("{what}: {differ:#?}"))
    };
    let files = |project: &Project| {
        let files = project.files();
        let all = files.ids();
        let all = all.map(|id| {
            (
                format!("{:?}", files.info(id)),
                files.source(id).text.clone(),
                format!("{:?}", project.facts(id)),
            )
        });
        format!(
            "{:#?}",
            (all.collect::<Vec<_>>(), files.faults().collect::<Vec<_>>())
        )
    };
    let graph = |project: &Project| {
        let ids = project.nodes().iter().map(|node| node.id);
        let all = ids.map(|id| {
            (
                id,
                project.graph().parents(id).to_vec(),
                project.graph().children(id).to_vec(),
            )
        });
        format!("{:#?}", all.collect::<Vec<_>>())
    };
    let nodes = |project: &Project| format!("{:#?}", project.nodes().iter().collect::<Vec<_>>());
    let by_file = |project: &Project| {
        let ids = project.files().ids();
        format!(
            "{:#?}",
            ids.map(|id| project.nodes_in(id).to_vec()).collect::<Vec<_>>()
        )
    };
    let rest = |project: &Project| {
        let lacks = ["NOPE", "LOST", "ALSO"].map(|name| project.lacks_env(name));
        let names = (
            project.lookup().ref_names(),
            project.lookup().source_names(),
            project.macros().names(),
        );
        format!(
            "{lacks:?} {:?} {:?} {:?} {names:?}",
            project.missing_env(),
            project.adapter(),
            project.release()
        )
    };
    same("files", files(edited), files(fresh))
        .or_else(|| same("nodes", nodes(edited), nodes(fresh)))
        .or_else(|| same("nodes of files", by_file(edited), by_file(fresh)))
        .or_else(|| same("graph", graph(edited), graph(fresh)))
        .or_else(|| same("rest", rest(edited), rest(fresh)))
}

fn set(overlay: &mut Overlay, path: &str, text: &str) -> Utf8PathBuf {
    let path = Utf8PathBuf::from(format!("/p/{path}"));
    overlay.set(&path, (!text.is_empty()).then(|| text.into()));
    path
}

#[test]
fn an_edited_project_is_the_one_that_is_read_anew() {
    let mut overlay = Overlay::new(Arc::new(profiles()));
    for (path, texts) in FILES {
        set(&mut overlay, path, texts[0]);
    }
    let mut project = load(&overlay, &options()).unwrap();
    let mut seed = 7_usize;
    let mut next = |below: usize| {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    for step in 0..600 {
        let mut changed = Vec::new();
        let mut told = Vec::new();
        for _ in 0..=next(2) {
            let (path, texts) = FILES[next(FILES.len())];
            let text = texts[next(texts.len())];
            told.push((path, text));
            changed.push(set(&mut overlay, path, text));
        }
        let changed: Vec<_> = changed.iter().map(Utf8PathBuf::as_path).collect();
        project = edit(&overlay, &options(), &project, &changed).unwrap();
        let fresh = load(&overlay, &options()).unwrap();
        if let Some(difference) = difference(&project, &fresh) {
            panic!("step {step}, {told:?}: {difference}");
        }
    }
}

#[test]
fn an_edit_shares_what_it_cannot_touch() {
    let mut overlay = Overlay::new(Arc::new(profiles()));
    for (path, texts) in FILES {
        set(&mut overlay, path, texts[0]);
    }
    let before = load(&overlay, &options()).unwrap();
    let alike = |project: &Project| {
        let pairs = before.nodes().iter().zip(project.nodes());
        pairs.filter(|(was, is)| std::ptr::eq(*was, *is)).count()
    };
    let cases = [
        // The model itself.
        ("models/a.sql", FILES[0].1[1], 1),
        // What the file says of nodes is not in them, but the places of those that are written there.
        (
            "models/x.yml",
            &YML.replace("description: x", "description: y"),
            0,
        ),
        (
            "models/x.yml",
            &YML.replace("description: x", "description: yy"),
            4,
        ),
        ("macros/m.sql", FILES[8].1[1], 0),
        ("macros/m.sql", FILES[8].1[2], 0),
        ("models/d.md", FILES[12].1[1], 0),
        // What is set for a folder.
        ("dbt_project.yml", &PROJECT.replace("schema: x", "schema: y"), 1),
        ("dbt_project.yml", &format!("{PROJECT}vars: {{x: 1}}\n"), 0),
    ];
    // What an editor opens is what was read.
    let opened: Vec<Utf8PathBuf> = ["dbt_project.yml", "models/a.sql", "models/x.yml"]
        .map(|path| Utf8PathBuf::from(format!("/p/{path}")))
        .into();
    let opened: Vec<_> = opened.iter().map(Utf8PathBuf::as_path).collect();
    let after = edit(&overlay, &options(), &before, &opened).unwrap();
    assert!(
        after
            .difference(&before)
            .is_some_and(|difference| difference.is_empty())
    );
    for (path, text, differ) in cases {
        let mut overlay = overlay.clone();
        let path = set(&mut overlay, path, text);
        let after = edit(&overlay, &options(), &before, &[&path]).unwrap();
        assert_eq!(before.nodes().len() - alike(&after), differ, "{path}");
        assert!(std::ptr::eq(before.lookup(), after.lookup()), "{path}");
        let kinds = [FileKind::Model, FileKind::Properties];
        assert!(kinds.iter().all(|kind| after.files().of_kind(*kind).count() > 1));
    }
}
