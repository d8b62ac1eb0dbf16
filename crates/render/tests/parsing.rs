//! Projects that dbt cannot parse because of what happens while a node is rendered, each with what real dbt said.
//!
//! `parsing/cases.json` was recorded with dbt-core 1.12.6 and dbt-glue 1.12.4.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use glueline_base::MemSystem;
use glueline_project::{LoadOptions, load};
use glueline_render::{Life, Renderer, Settings};

const PROFILES: &str = "lake:\n  target: dev\n  outputs:\n    dev: {type: glue, schema: analytics, role_arn: x, region: eu-west-1, \
                        workers: 2, worker_type: G.1X}\n";

/// Files, the node that cannot be parsed, what dbt said.
type Case = (BTreeMap<String, String>, String, String);

#[test]
fn what_dbt_cannot_parse_fails_as_it_does_there() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("parsing/cases.json")).unwrap();
    assert!(cases.len() > 15);
    let mut wrong = String::new();
    for (files, id, expected) in cases {
        let mut system = MemSystem::new();
        system.write("p/dbt_project.yml", "name: shop\nprofile: lake\n");
        system.write("p/profiles.yml", PROFILES);
        for (path, text) in &files {
            system.write(format!("p/{path}"), text.as_str());
        }
        let mut options = LoadOptions::new("p");
        options.profiles_dir = Some("p".into());
        let project = Arc::new(load(&system, &options).unwrap());
        let renderer = Renderer::new(project.clone(), Settings::new(Arc::new(system)));
        let node = project.nodes().iter().find(|node| *node.unique_id == *id);
        let made = renderer.compile(node.unwrap().id, Life::Known);
        let error = made.failure.as_ref().map(|failure| failure.message.as_str());
        if error != Some(expected.as_str()) {
            let _ = writeln!(wrong, "{files:?}\n  expected {expected}\n  made {error:?}");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
