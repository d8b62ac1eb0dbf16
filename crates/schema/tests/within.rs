//! Asking without the time to wait.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::fmt::Write as _;
use std::sync::Arc;

use glueline_base::{MemSystem, System};
use glueline_project::{LoadOptions, Node, load};
use glueline_render::{Renderer, Settings};
use glueline_schema::Schemas;

const PROFILE: &str = "shop: {target: dev, outputs: {dev: {type: glue, schema: shop, glue_version: '5.0'}}}";

fn chain(length: usize) -> Schemas {
    let mut system = MemSystem::new();
    system.write("p/dbt_project.yml", "name: shop\nversion: '1.0'\nprofile: shop\n");
    system.write("p/profiles.yml", PROFILE);
    system.write("p/models/m0.sql", "select 1 as a");
    for number in 1..length {
        let mut text = String::new();
        write!(text, "select a + 1 as a from {{{{ ref('m{}') }}}}", number - 1).unwrap();
        system.write(format!("p/models/m{number}.sql"), text);
    }
    loaded(system)
}

fn loaded(system: MemSystem) -> Schemas {
    let mut options = LoadOptions::new("p");
    options.profiles_dir = Some("p".into());
    let project = Arc::new(load(&system, &options).unwrap());
    let system: Arc<dyn System> = Arc::new(system);
    Schemas::new(&Renderer::new(project, Settings::new(system)))
}

fn named<'a>(schemas: &'a Schemas, name: &str) -> &'a Node {
    let nodes = schemas.renderer().project().nodes();
    nodes.iter().find(|node| &*node.name == name).unwrap()
}

#[test]
fn who_cannot_wait_gets_further_with_every_question() {
    let schemas = chain(12);
    let last = named(&schemas, "m11").id;
    let asked: Vec<bool> = (0..4).map(|_| schemas.entry_within(last, 5).is_some()).collect();
    assert_eq!(asked, [false, false, true, true]);
    let entry = schemas.known(last).unwrap();
    assert_eq!(entry.schema.columns.as_ref().unwrap()[0].ty.to_string(), "int");
}

#[test]
fn what_holds_after_an_edit_is_no_look() {
    let schemas = chain(12);
    let last = named(&schemas, "m11").id;
    assert!(schemas.known(last).is_none() && schemas.entry(last).is_some());
    let project = Arc::clone(schemas.renderer().project());
    let renewed = schemas.renew(&schemas.renderer().renew(project));
    assert!(renewed.known(last).is_none());
    assert!(renewed.entry_within(last, 0).is_some());
}

#[test]
fn texts_come_with_what_they_mean() {
    let schemas = chain(2);
    let last = named(&schemas, "m1").id;
    assert!(schemas.entry(last).is_some());
    let texts = schemas.texts(last);
    assert_eq!(texts.len(), 1);
    let (code, analysis) = (texts[0].compiled.code.as_deref().unwrap(), &texts[0].analysis);
    let named: Vec<(&str, String)> = analysis
        .references
        .iter()
        .map(|name| (glueline_base::slice(code, name.range), name.ty.to_string()))
        .collect();
    assert_eq!(named, [("a", "int".to_owned())]);
}

#[test]
fn a_snapshot_in_yaml_has_the_text_that_dbt_makes_up() {
    let mut system = MemSystem::new();
    system.write("p/dbt_project.yml", "name: shop\nversion: '1.0'\nprofile: shop\n");
    system.write("p/profiles.yml", PROFILE);
    system.write("p/models/m0.sql", "select 1 as a");
    system.write(
        "p/snapshots/kept.yml",
        "snapshots: [{name: kept, relation: ref('m0'), config: {unique_key: a, strategy: check, check_cols: all}}]\n",
    );
    let schemas = loaded(system);
    let kept = named(&schemas, "kept").id;
    assert_eq!(schemas.entry(kept).unwrap().verdicts.len(), 1);
    let texts = schemas.texts(kept);
    assert_eq!(texts.len(), 1);
    assert_eq!(&*texts[0].analysis.columns[0].name, "a");
}
