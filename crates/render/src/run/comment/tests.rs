use glueline_base::{MemSystem, System};
use glueline_project::{LoadOptions, load};

use super::*;
use crate::host::Life;
use crate::{Renderer, Settings};

const MACROS: &str = r"{% macro mc(cn, node) %}hello {{ cn }} {{ node.name }}{% endmacro %}
{% macro bad(node) %}{{ node.name }} */{% endmacro %}
{% macro rt(node) %}{{ return({'a': node.name if node else none, 'b': [1, true, none]}) }}{% endmacro %}
{% macro rn() %}{{ return(none) }}{% endmacro %}
{% macro names() %}{% for n in ['ref','source','config','execute','model','this','adapter','graph','exceptions','api','target','env','var','env_var','return','tojson','fromjson','toyaml','fromyaml','set','zip','log','run_started_at','invocation_id','thread_id','modules','flags','print','dbt_version','project_name','local_md5','context_macro_stack','dbt_metadata_envs','invocation_args_dict','diff_of_two_dicts','load_result','statement','run_query','generate_schema_name','dbt','p','schema','database','sql','node','connection_name','builtins','context','render','validation','write','selected_resources','metric','function','column','pre_hooks','store_result','otel_trace_id','sql_now','is_incremental','try_or_compiler_error','load_agate_table','submit_python_job','compiled_code','adapter_macro','return'] %}{{ n }}={{ 'y' if context.get(n) is not none else 'n' }} {% endfor %}{% endmacro %}
";
const MODEL: &str = "{{ config(materialized='view', tags=['a','b'], meta={'o': 1, 'p': {'q': 'r'}}, my_key='mine') }}\nselect 1 as id";
const PROPERTIES: &str = "models:\n  - name: m\n    description: desc here\n    columns:\n      - name: id\n        \
                          description: the id\n        data_type: int\n";
const PROFILES: &str = "lake:\n  target: dev\n  outputs:\n    dev:\n      type: glue\n      role_arn: \
                        arn:aws:iam::123456789012:role/Glue/My\n      workers: 2\n      worker_type: G.1X\n      schema: \
                        analytics\n      location: s3://acme/w\n";

fn shared(setting: &str) -> Arc<Shared> {
    let mut system = MemSystem::new();
    let project = format!(
        "name: p\nversion: '1.0.0'\nprofile: lake\nvars: {{x: fromproject}}\non-run-start: ['select 0 as h']\n{setting}\n"
    );
    system.write("p/dbt_project.yml", project);
    system.write("p/profiles.yml", PROFILES);
    system.write("p/macros/m.sql", MACROS);
    system.write("p/models/m.sql", MODEL);
    system.write("p/models/s.yml", PROPERTIES);
    let mut options = LoadOptions::new("p");
    options.profiles_dir = Some("p".into());
    let project = Arc::new(load(&system, &options).unwrap());
    let system: Arc<dyn System> = Arc::new(system);
    Renderer::new(project, Settings::new(system)).0
}

/// What real dbt 1.12.6 sent, in `recorded.json`: the setting, the statement of a hook of the run, that of a model. In the place of
/// a statement stands why there is none: the command stops, or the node fails.
#[test]
fn comments_are_those_that_dbt_sends() {
    let rows: serde_json::Value = serde_json::from_str(include_str!("recorded.json")).unwrap();
    let mut wrong = Vec::new();
    for row in rows.as_array().unwrap() {
        let shared = shared(row[0].as_str().unwrap());
        let comments = Comments::default();
        let node = shared
            .project
            .nodes()
            .iter()
            .find(|node| &*node.name == "m")
            .unwrap()
            .id;
        let hook = NodeHost::hook(&shared, &shared.operations()[0], Phase::Execute);
        let model = NodeHost::node(&shared, node, Phase::Execute, Life::Known);
        let mut compare = |found: Result<String, Error>, expected: &serde_json::Value, kind: &str| {
            let (found, expected) = match (found, expected.as_str()) {
                (Ok(found), Some(expected)) => (found, expected.to_owned()),
                (Err(error), None) => (
                    error.message().to_owned(),
                    expected[1]
                        .as_str()
                        .filter(|_| expected[0] == kind)
                        .unwrap_or_default()
                        .to_owned(),
                ),
                (found, _) => (format!("{found:?}"), expected.to_string()),
            };
            if found != expected {
                let mut lines = found.lines().zip(expected.lines()).filter(|(a, b)| a != b);
                wrong.push(format!("{}: {:?} in {found:?}", row[0], lines.next()));
            }
        };
        let sent = "create or replace view analytics.m\n            as\n        \n    \nselect 1 as id\n  \n";
        if let Err(error) = comments.start(&shared) {
            compare(Err(error), &row[1], "stops");
            continue;
        }
        compare(
            comments.add(&shared, hook.node_id(), "select 0 as h"),
            &row[1],
            "fails",
        );
        compare(comments.add(&shared, model.node_id(), sent), &row[2], "fails");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_comment_behind_a_statement_keeps_its_semicolon_last() {
    let shared = shared("query-comment: {comment: c, append: true}");
    let comments = Comments::default();
    let hook = NodeHost::hook(&shared, &shared.operations()[0], Phase::Execute);
    let add = |sql: &str| {
        comments
            .add(&shared, hook.node_id(), sql)
            .map_err(|error| error.message().to_owned())
    };
    assert_eq!(add("a;\n "), Ok("a\n/* c */;".to_owned()));
    assert_eq!(add("a;;"), Ok("a;\n/* c */;".to_owned()));
    assert_eq!(add(" a -- b"), Ok(" a -- b\n/* c */".to_owned()));
    assert_eq!(add(" \n"), Err("string index out of range".to_owned()));
}
