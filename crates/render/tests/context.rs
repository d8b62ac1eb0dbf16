//! Projects that use dbt's context in every way, with what real dbt wrote for each model.
//!
//! Each file of `context` holds the files of a project, and what dbt-core 1.12.6 with dbt-glue 1.12.4 made of them: the compiled text
//! of a model, or its error.

use std::fmt::Write as _;
use std::sync::Arc;

use glueline_base::{MemSystem, System};
use glueline_project::{CatalogState, LoadOptions, load};
use glueline_render::{Life, Renderer, Settings};

#[test]
fn names_of_the_context_give_what_dbt_gives() {
    assert_recorded(include_str!("context/project.json"), 100);
}

#[test]
fn dates_and_keys_of_yaml_are_what_they_are_to_dbt() {
    assert_recorded(include_str!("context/dates.json"), 20);
}

#[expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]
fn assert_recorded(recorded: &str, least: usize) {
    let recorded: serde_json::Value = serde_json::from_str(recorded).unwrap();
    let mut system = MemSystem::new();
    system.set_env("MY_ENV", "mine");
    for (path, text) in recorded.get("files").unwrap().as_object().unwrap() {
        system.write(format!("p/{path}"), text.as_str().unwrap());
    }
    let mut options = LoadOptions::new("p");
    options.profiles_dir = Some("p".into());
    options.state = Some(CatalogState::read(r#"{"databases": {"analytics": {}}}"#).unwrap());
    let project = Arc::new(load(&system, &options).unwrap());
    let system: Arc<dyn System> = Arc::new(system);
    let renderer = Renderer::new(project.clone(), Settings::new(system));
    let mut wrong = String::new();
    let expected = recorded.get("expected").unwrap().as_object().unwrap();
    assert!(expected.len() > least);
    for (id, expected) in expected {
        let node = project.nodes().iter().find(|node| *node.unique_id == **id);
        let Some(node) = node else {
            let _ = writeln!(wrong, "{id} is not there");
            continue;
        };
        let made = renderer.compile(node.id, Life::Known);
        let error = made.failure.as_ref().map(|failure| failure.message.as_str());
        let text = |key: &str| expected.get(key).and_then(serde_json::Value::as_str);
        if made.code.as_deref() != text("code") || error != text("error") {
            let _ = writeln!(
                wrong,
                "{id}\n  expected {expected}\n  code {:?}\n  error {error:?}",
                made.code
            );
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
