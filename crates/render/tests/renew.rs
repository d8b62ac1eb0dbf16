//! After an edit, what the edit cannot touch keeps what it was rendered to.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::sync::Arc;

use glueline_base::{MemSystem, Utf8PathBuf};
use glueline_project::{LoadOptions, Project, edit, load};
use glueline_render::{Life, Renderer, Settings};

const FILES: [(&str, &str); 9] = [
    ("dbt_project.yml", "name: shop\nprofile: shop\n"),
    (
        "profiles.yml",
        "shop:\n  target: dev\n  outputs:\n    dev: {type: glue, schema: analytics, role_arn: x, region: eu-west-1, workers: 2, worker_type: G.1X}\n",
    ),
    ("macros/m.sql", "{% macro one() %}1{% endmacro %}"),
    (
        "models/base.sql",
        "{{ config(materialized='ephemeral') }} select {{ one() }} as id",
    ),
    ("models/a.sql", "select * from {{ ref('base') }}"),
    ("models/b.sql", "select * from {{ ref('a') }}"),
    ("models/c.sql", "select {{ graph.nodes | length }} as n"),
    ("models/d.sql", "select 2 as id"),
    (
        "models/schema.yml",
        "models:\n  - name: a\n    columns: [{name: id, data_tests: [unique]}]\n",
    ),
];

const NODES: [&str; 6] = [
    "model.shop.a",
    "model.shop.b",
    "model.shop.base",
    "model.shop.c",
    "model.shop.d",
    "test.shop.unique_a_id.",
];

fn options() -> LoadOptions {
    let mut options = LoadOptions::new("p");
    options.profiles_dir = Some("p".into());
    options
}

fn files(edit: Option<(&str, &str)>) -> MemSystem {
    let mut system = MemSystem::new();
    for (path, text) in FILES {
        let text = edit
            .filter(|(edited, _)| *edited == path)
            .map_or(text, |(_, text)| text);
        system.write(format!("p/{path}"), text);
    }
    system
}

fn project(edit: Option<(&str, &str)>) -> Arc<Project> {
    Arc::new(load(&files(edit), &options()).unwrap())
}

/// The nodes that are rendered anew after an edit, by name. `rests` says whether configs were let go of before it.
fn rendered_anew(path: &str, text: &str, rests: bool) -> Vec<&'static str> {
    let settings = Settings::new(Arc::new(MemSystem::new()));
    let before = Renderer::new(project(None), settings.clone());
    let nodes: Vec<_> = before.project().nodes().iter().map(|node| node.id).collect();
    let first: Vec<_> = nodes
        .iter()
        .map(|node| before.compile(*node, Life::Known))
        .collect();
    let resting = nodes.iter().filter(|_| rests);
    resting.for_each(|node| before.rest(*node));
    let path_of_edit = Utf8PathBuf::from(format!("p/{path}"));
    let edited = edit(
        &files(Some((path, text))),
        &options(),
        before.project(),
        &[&path_of_edit],
    );
    let after = before.renew(Arc::new(edited.unwrap()));
    let fresh = Renderer::new(project(Some((path, text))), settings);
    let mut anew = Vec::new();
    for (node, old) in nodes.iter().zip(&first) {
        let new = after.compile(*node, Life::Known);
        assert_eq!(
            new.code,
            fresh.compile(*node, Life::Known).code,
            "{path}: {node:?}"
        );
        if !Arc::ptr_eq(old, &new) {
            let id = &after.project().node(*node).unique_id;
            let is = |known: &&&str| **known == &**id || known.ends_with('.') && id.starts_with(**known);
            anew.extend(NODES.iter().filter(is));
        }
    }
    anew.sort_unstable();
    anew.dedup();
    anew
}

#[test]
fn an_edit_renders_what_it_touches() {
    const GRAPH: &str = "model.shop.c";
    for (path, text, expected) in [
        ("models/d.sql", "select 3 as id", vec![GRAPH, "model.shop.d"]),
        (
            "models/a.sql",
            "select 4 from {{ ref('base') }}",
            vec!["model.shop.a", GRAPH],
        ),
        (
            "models/base.sql",
            "{{ config(materialized='ephemeral') }} select 5 as id",
            vec!["model.shop.a", "model.shop.base", GRAPH],
        ),
        // A name or a config matters to those that name the node.
        (
            "models/d.sql",
            "{{ config(alias='other') }} select 2 as id",
            vec![GRAPH, "model.shop.d"],
        ),
        (
            "models/a.sql",
            "{{ config(alias='other') }} select * from {{ ref('base') }}",
            vec!["model.shop.a", "model.shop.b", GRAPH, "test.shop.unique_a_id."],
        ),
        (
            "models/base.sql",
            "select 5 as id",
            vec!["model.shop.a", "model.shop.base", GRAPH],
        ),
        // So does what properties say.
        (
            "models/schema.yml",
            "models:\n  - name: a\n    description: x\n    columns: [{name: id, data_tests: [unique]}]\n",
            vec!["model.shop.a", GRAPH, "test.shop.unique_a_id."],
        ),
        (
            "models/schema.yml",
            "models:\n  - name: a\n    config: {alias: other}\n    columns: [{name: id, data_tests: [unique]}]\n",
            vec!["model.shop.a", "model.shop.b", GRAPH, "test.shop.unique_a_id."],
        ),
        // A macro may matter to everything.
        ("macros/m.sql", "{% macro one() %}6{% endmacro %}", NODES.to_vec()),
    ] {
        let unique = |id: &&str| expected.contains(id);
        let expected: Vec<&str> = NODES.iter().copied().filter(unique).collect();
        for rests in [false, true] {
            let mut anew = rendered_anew(path, text, rests);
            anew.sort_by_key(|id| NODES.iter().position(|known| known == id));
            assert_eq!(anew, expected, "{path}: {text}");
        }
    }
}
