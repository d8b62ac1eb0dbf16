//! The columns of nodes of small projects, in bulk: `columns.txt` holds projects and what is known of their nodes.

use std::fmt::Write as _;
use std::sync::Arc;

use glueline_base::{MemSystem, System};
use glueline_project::{CatalogState, LoadOptions, load};
use glueline_render::{Renderer, Settings};
use glueline_schema::{Field, Schemas};

const PROFILE: &str = "shop:\n  outputs:\n    dev:\n      type: glue\n      role_arn: arn:aws:iam::123456789012:role/glue\n      region: eu-west-1\n      schema: shop\n      location: s3://bucket/warehouse\n      glue_version: '5.0'\n      workers: 2\n      worker_type: G.1X\n  target: dev\n";

fn shown(columns: Option<&[Field]>) -> String {
    let Some(columns) = columns else {
        return "not known".to_owned();
    };
    let columns: Vec<String> = columns
        .iter()
        .map(|field| format!("{} {}", field.name, field.ty))
        .collect();
    columns.join(", ")
}

#[test]
fn columns_are_those_that_spark_would_give() {
    let mut count = 0;
    for case in include_str!("columns.txt").split("\n=== ").skip(1) {
        count += 1;
        let (title, rest) = case.split_once('\n').unwrap();
        let (files, expected) = rest.split_once("\n---\n").unwrap();
        let mut system = MemSystem::new();
        system.write("p/dbt_project.yml", "name: shop\nversion: '1.0'\nprofile: shop\n");
        system.write("p/profiles.yml", PROFILE);
        let mut options = LoadOptions::new("p");
        options.profiles_dir = Some("p".into());
        for file in files.split("//- ").skip(1) {
            let (path, text) = file.split_once('\n').unwrap();
            if path == "catalog.json" {
                options.state = Some(CatalogState::read(text).unwrap());
            } else {
                system.write(format!("p/{path}"), text);
            }
        }
        let project = Arc::new(load(&system, &options).unwrap());
        let system: Arc<dyn System> = Arc::new(system);
        let renderer = Renderer::new(Arc::clone(&project), Settings::new(system));
        let schemas = Schemas::new(&renderer);
        let mut found = String::new();
        for node in project.nodes() {
            let schema = schemas.of(node.id);
            writeln!(found, "{}: {}", node.name, shown(schema.columns.as_deref())).unwrap();
            if schema.relation != schema.columns {
                writeln!(
                    found,
                    "{} as a table: {}",
                    node.name,
                    shown(schema.relation.as_deref())
                )
                .unwrap();
            }
        }
        assert_eq!(found.trim_end(), expected.trim_end(), "{title}");
    }
    assert!(count > 5);
}
