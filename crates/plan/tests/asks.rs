//! What somebody has to agree to before a plan is carried out.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::sync::Arc;

use glueline_base::{MemSystem, System};
use glueline_plan::{Plan, Request, Strikes, step};
use glueline_project::{Assume, LoadOptions, load};
use glueline_render::{Renderer, Settings};

const PROFILES: &str = "lake: {target: dev, outputs: {dev: {type: glue, region: eu-west-1, workers: 2, worker_type: G.1X, \
    schema: analytics, location: 's3://acme-lake/warehouse', role_arn: 'arn:aws:iam::123456789012:role/Glue'}}}";

const MODELS: [(&str, &str); 6] = [
    ("plain", "select 1 as id"),
    (
        "iceberg",
        "{{ config(materialized='incremental', file_format='iceberg', \
        incremental_strategy='merge', unique_key='id') }}select 1 as id",
    ),
    (
        "overwrites",
        "{{ config(materialized='incremental', incremental_strategy='insert_overwrite', partition_by=['ds']) }}\
        select 1 as id, 2 as ds",
    ),
    ("elsewhere", "{{ config(schema='marts') }}select 1 as id"),
    (
        "cleans",
        "{{ config(post_hook=['delete from {{ this }} where id = 0', 'delete from {{ ref(\"plain\") }} where id = 0']) }}\
        -- depends_on: {{ ref('plain') }}\n        select 1 as id",
    ),
    ("looks", "{{ config(materialized='view') }}select 1 as id"),
];

fn renderer() -> Renderer {
    let mut system = MemSystem::new();
    system.write("p/profiles.yml", PROFILES);
    system.write(
        "p/dbt_project.yml",
        "name: p\nversion: '1.0.0'\nprofile: lake\nmodels: {+materialized: table}\non-run-end: drop table if exists analytics.plain\n",
    );
    for (name, sql) in MODELS {
        system.write(format!("p/models/{name}.sql"), sql);
    }
    let mut options = LoadOptions::new("p");
    options.profiles_dir = Some("p".into());
    let project = Arc::new(load(&system, &options).unwrap());
    let system: Arc<dyn System> = Arc::new(system);
    Renderer::new(project, Settings::new(system))
}

#[test]
fn a_plan_asks_about_what_is_not_a_models_own() {
    let renderer = renderer();
    let request = Request {
        assume: Some(Assume::Exists),
        ..Request::default()
    };
    let plan = Plan::new(&renderer, &request);
    let asks: Vec<String> = plan
        .asks(&renderer)
        .iter()
        .map(|ask| ask.step.title.clone())
        .collect();
    assert_eq!(
        asks,
        ["Delete rows of analytics.plain", "Drop table analytics.plain"],
    );
    // There is more that is dangerous, but all of it each model's own.
    let steps = plan.steps(&renderer);
    let dangers = steps.iter().flatten().filter_map(|step| step.danger.as_ref());
    let own = dangers.filter(|danger| danger.strikes == Strikes::Own);
    assert!(own.count() >= 4);
}

#[test]
fn a_statement_by_itself_is_told_as_in_the_plan() {
    let renderer = renderer();
    let request = Request {
        assume: Some(Assume::Exists),
        ..Request::default()
    };
    let plan = Plan::new(&renderer, &request);
    let mut looked_at = 0;
    for (planned, steps) in plan.nodes.iter().zip(plan.steps(&renderer)) {
        let events = &planned.run.as_ref().unwrap().events;
        for (event, step) in events.iter().zip(&steps) {
            let glueline_render::Event::Statement(statement) = event else {
                continue;
            };
            assert_eq!(statement.node, planned.node);
            let alone = step::of_statement(&renderer, statement);
            let asks =
                |step: &glueline_plan::Step| step.danger.as_ref().is_some_and(glueline_plan::Danger::asks);
            assert_eq!(asks(&alone), asks(step), "{}", step.title);
            looked_at += usize::from(asks(step));
        }
    }
    assert_eq!(looked_at, 2);
}
