//! Nodes that fail while they are compiled or run, each with what real dbt printed.
//!
//! `failures/recorded.json` was recorded with dbt-core 1.12.6 and dbt-glue 1.12.4 (`dbt build`). A materialization of the project
//! fails in one way for each model: in macros within macros, in `call` blocks, in hooks, in shipped macros, with errors of dbt and of
//! Python, before and after code was written. The second project has macros of its own in the place of shipped ones, and those of a
//! package.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::fmt::Write as _;
use std::sync::Arc;

use glueline_base::{MemSystem, System};
use glueline_project::{CatalogState, LoadOptions, Project, load};
use glueline_render::{Renderer, Run, Settings, Standing};
use serde_json::{Value, json};

const RECORDED: &str = include_str!("failures/recorded.json");

const PROFILES: &str = include_str!("data/profiles.yml");

fn start(files: &Value, state: &Value) -> (Arc<Project>, Run) {
    let mut system = MemSystem::new();
    system.write("p/profiles.yml", PROFILES);
    system.write(
        "p/dbt_project.yml",
        "name: shop\nversion: '1.0'\nprofile: lake\nmodels:\n  +materialized: view\n",
    );
    for (path, text) in files.as_object().unwrap() {
        system.write(format!("p/{path}"), text.as_str().unwrap());
    }
    let mut options = LoadOptions::new("p");
    options.profiles_dir = Some("p".into());
    options.state = Some(CatalogState::read(&state.to_string()).unwrap());
    let project = Arc::new(load(&system, &options).unwrap());
    let system: Arc<dyn System> = Arc::new(system);
    let run = Renderer::new(project.clone(), Settings::new(system)).start_run();
    (project, run)
}

#[test]
fn errors_are_worded_as_dbt_words_them() {
    let recorded: Value = serde_json::from_str(RECORDED).unwrap();
    let mut count = 0;
    let mut wrong = String::new();
    for recorded in recorded.as_array().unwrap() {
        let (project, run) = start(&recorded["files"], &recorded["state"]);
        let errors = recorded["errors"].as_object().unwrap();
        let skipped = recorded["skipped"].as_array().unwrap();
        count += errors.len();
        for node in project.nodes() {
            if skipped.contains(&(&*node.unique_id).into()) {
                continue;
            }
            let found = run.node(node.id).failure.map(|failure| failure.message);
            let expected = errors.get(&*node.unique_id).and_then(Value::as_str);
            if found.as_deref() != expected {
                writeln!(wrong, "{}\n{expected:?}\n{found:?}", node.unique_id).unwrap();
            }
        }
    }
    assert!(count > 80);
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn shipped_macros_have_no_place() {
    let files = json!({
        "models/a.sql": "{{ config(materialized='table', table_properties={'a': 1}) }} select 1 as id",
        "models/b.sql": "{{ config(materialized='own') }} select 1 as id",
        "macros/m.sql": "{% materialization own, adapter='glue' %}{{ create_table_as(1, 2, 3, 4, 5) }}{% endmaterialization %}",
    });
    let (project, run) = start(&files, &json!({"databases": {}}));
    let places = |name: &str| {
        let node = project.nodes().iter().find(|node| *node.name == *name).unwrap();
        let failure = run.node(node.id).failure.unwrap();
        let place = failure.place().map(|place| place.file);
        place.map(|file| project.files().info(file).original.to_string())
    };
    assert_eq!(places("a"), None);
    assert_eq!(places("b").as_deref(), Some("macros/m.sql"));
}

#[test]
fn a_catalog_file_may_keep_statements_from_having_effects() {
    let files = json!({"models/a.sql": "{{ config(materialized='table') }} select 1 as id"});
    for (session, is_there) in [
        (json!({}), true),
        (json!({"effects": true}), true),
        (json!({"effects": false}), false),
    ] {
        let state = json!({"databases": {"analytics": {"tables": {}}}, "session": session});
        let (project, run) = start(&files, &state);
        let node = project.nodes().first().unwrap().id;
        let before = || run.node(node).before.unwrap().standing;
        assert_eq!(before(), Standing::Absent);
        assert_eq!(before() != Standing::Absent, is_there, "{session}");
    }
}
