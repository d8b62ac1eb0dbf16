//! What a run changes in the catalog, in bulk: `diff.txt` holds projects with what is there, and what is different then.

use std::fmt::Write as _;
use std::sync::Arc;

use glueline_base::{MemSystem, System};
use glueline_plan::{Command, Plan, Request};
use glueline_project::{CatalogState, LoadOptions, load};
use glueline_render::{Renderer, Settings};
use glueline_run::catalog::Diff;
use glueline_schema::Schemas;

const PROFILE: &str = "shop:\n  target: dev\n  outputs:\n    dev:\n      type: glue\n      role_arn: \
                       arn:aws:iam::123456789012:role/glue\n      region: eu-west-1\n      schema: core\n      location: \
                       s3://lake\n      glue_version: '5.0'\n      workers: 2\n      worker_type: G.1X\n";

#[test]
fn what_a_run_changes_is_told() {
    let mut count = 0;
    for case in include_str!("diff.txt").split("\n=== ").skip(1) {
        count += 1;
        let (title, rest) = case.split_once('\n').unwrap();
        let (files, expected) = rest.split_once("\n---\n").unwrap();
        let mut system = MemSystem::new();
        system.write("p/dbt_project.yml", "name: shop\nversion: '1.0'\nprofile: shop\n");
        system.write("p/profiles.yml", PROFILE);
        let mut options = LoadOptions::new("p");
        options.profiles_dir = Some("p".into());
        options.run.full_refresh = title.ends_with("--full-refresh");
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
        let request = Request {
            command: Command::Build,
            ..Request::default()
        };
        let plan = Plan::new(&renderer, &request);
        let diff = Diff::of(&Schemas::new(&renderer), &plan);
        let mut found = String::new();
        for database in &diff.databases {
            writeln!(found, "database {database}").unwrap();
        }
        for difference in &diff.relations {
            for line in difference.lines() {
                writeln!(found, "{line}").unwrap();
            }
        }
        writeln!(
            found,
            "{} unchanged, {} uncertain, {} skipped",
            diff.unchanged, diff.uncertain, diff.skipped
        )
        .unwrap();
        assert_eq!(found.trim_end(), expected.trim_end(), "{title}");
    }
    assert!(count > 8, "{count}");
}
