//! Runs that are carried out: what comes back decides what is sent next, and what does not come back ends a node.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::sync::{Arc, Mutex};

use glueline_base::{MemSystem, System};
use glueline_project::{LoadOptions, load};
use glueline_render::{
    ApiCall, Live, NoAnswer, NodeRun, OpenedSession, Outcome, Renderer, Rows, Settings, SparkError, Statement,
};
use serde_json::{Value, json};

const PROFILES: &str = include_str!("data/profiles.yml");

/// dbt-glue knows no strategy for batches unless a project says so.
const STRATEGY: &str = "{% macro dbt_glue_validate_get_incremental_strategy(strategy, file_format) %}{% do return('append') %}\
    {% endmacro %}";

/// A session that answers what it was told to, and remembers what it was asked.
#[derive(Debug, Default)]
struct Scripted {
    /// What to answer: a piece of a statement or the name of a call, with columns and rows, or with the name of an error.
    answers: Vec<(&'static str, Answer)>,
    asked: Mutex<Vec<String>>,
}

#[derive(Debug, Clone)]
enum Answer {
    Rows(Value),
    Refused(&'static str),
    Stopped(&'static str),
}

impl Scripted {
    fn answer(&self, asked: &str) -> Result<Option<Rows>, NoAnswer> {
        self.asked.lock().unwrap().push(asked.to_owned());
        let answer = self.answers.iter().find(|(piece, _)| asked.contains(piece));
        match answer.map(|(_, answer)| answer.clone()) {
            None => Ok(None),
            Some(Answer::Rows(rows)) => {
                let rows: Vec<Vec<Value>> = serde_json::from_value(rows).unwrap();
                let mut rows = rows.into_iter();
                let names = rows.next().unwrap_or_default().into_iter();
                let column = |name: Value| (name.as_str().unwrap().to_owned(), "StringType()".to_owned());
                Ok(Some(Rows {
                    columns: names.map(column).collect(),
                    rows: rows.collect(),
                }))
            }
            Some(Answer::Refused(value)) => Err(NoAnswer::Refused(SparkError::new(
                "AnalysisException",
                value.to_owned(),
            ))),
            Some(Answer::Stopped(why)) => Err(NoAnswer::Stopped(why.to_owned())),
        }
    }
}

impl Live for Scripted {
    fn statement(&self, session: &OpenedSession, statement: &Statement) -> Result<Option<Rows>, NoAnswer> {
        assert_eq!(session.use_schema, "spark.sql('use analytics')");
        self.answer(statement.sql.as_deref().unwrap_or(&statement.code))
    }

    fn call(&self, call: &ApiCall) -> Result<(), NoAnswer> {
        self.answer(&format!("{} {}", call.operation, call.request))
            .map(|_| ())
    }
}

/// Carries one model out; gives what came of it, and what was asked, without the comment before each statement.
fn run(model: &str, answers: &[(&'static str, Answer)]) -> (NodeRun, Vec<String>) {
    let mut system = MemSystem::new();
    system.write("p/profiles.yml", PROFILES);
    system.write("p/dbt_project.yml", "name: p\nversion: '1.0.0'\nprofile: lake\n");
    system.write("p/models/orders.sql", model);
    system.write("p/macros/strategy.sql", STRATEGY);
    let mut options = LoadOptions::new("p");
    options.profiles_dir = Some("p".into());
    let project = Arc::new(load(&system, &options).unwrap());
    let system: Arc<dyn System> = Arc::new(system);
    let live = Arc::new(Scripted {
        answers: answers.to_vec(),
        asked: Mutex::default(),
    });
    let run = Renderer::new(project.clone(), Settings::new(system)).start_run_live(live.clone(), None);
    let orders = project
        .nodes()
        .iter()
        .find(|node| &*node.name == "orders")
        .unwrap();
    let ran = run.node(orders.id);
    let asked = live.asked.lock().unwrap().clone();
    let bare = |sql: &String| match sql.split_once("*/\n") {
        Some((_, bare)) => bare.trim().to_owned(),
        None => sql.trim().to_owned(),
    };
    (ran, asked.iter().map(bare).collect())
}

#[test]
fn what_comes_back_decides_what_is_sent() {
    let model = "{% set days = run_query('select distinct day from raw.days').columns[0].values() if execute else [] %}
        select {% for day in days %}'{{ day }}' as d{{ loop.index }}{{ ', ' if not loop.last }}{% endfor %}";
    let rows = Answer::Rows(json!([["day"], ["mon"], ["tue"]]));
    let (ran, asked) = run(model, &[("select distinct day", rows)]);
    assert_eq!(ran.outcome, Outcome::Success, "{:?}", ran.failure);
    assert!(ran.unknown.is_empty(), "{:?}", ran.unknown);
    assert_eq!(asked.first().unwrap(), "select distinct day from raw.days");
    let made = asked.iter().find(|sql| sql.contains("create")).unwrap();
    assert!(made.contains("select 'mon' as d1, 'tue' as d2"), "{made}");
    // Written down as it is when it is only played through.
    assert_eq!(ran.statements().count(), asked.len());
}

#[test]
fn what_is_refused_fails_the_node_and_ends_it() {
    let refused = Answer::Refused("[PARSE_SYNTAX_ERROR] Syntax error at or near 'selec'.");
    let (ran, asked) = run("selec 1", &[("selec 1", refused)]);
    assert_eq!(ran.outcome, Outcome::Error);
    let message = ran.failure.as_ref().unwrap().reason();
    assert!(
        message.contains("AnalysisException: [PARSE_SYNTAX_ERROR]"),
        "{message}"
    );
    assert!(
        asked.last().unwrap().contains("selec 1"),
        "nothing follows: {asked:?}"
    );
    let last = ran.statements().last().unwrap();
    assert_eq!(last.error.as_ref().unwrap().name, "AnalysisException");
}

#[test]
fn what_does_not_come_back_is_no_success() {
    let stopped = Answer::Stopped("the session was stopped while the statement ran");
    let (ran, asked) = run("select 1 as id", &[("select 1 as id", stopped)]);
    assert_eq!(ran.outcome, Outcome::Error);
    let message = ran.failure.as_ref().unwrap().reason();
    assert!(
        message.contains("the session was stopped while the statement ran"),
        "{message}"
    );
    assert!(asked.last().unwrap().contains("select 1 as id"), "{asked:?}");
}

#[test]
fn what_python_cannot_read_is_not_sent() {
    let (ran, asked) = run("select '''' as quotes, '\\N' as name", &[]);
    assert_eq!(ran.outcome, Outcome::Error);
    assert!(asked.iter().all(|sql| !sql.contains("quotes")), "{asked:?}");
}

#[test]
fn calls_that_change_something_are_made_and_those_that_ask_are_not() {
    let model = "{% do adapter.create_schema(api.Relation.create(database='other', schema='other', identifier='x')) %}select 1 as id";
    let (ran, asked) = run(model, &[]);
    assert_eq!(ran.outcome, Outcome::Success, "{:?}", ran.failure);
    let calls: Vec<&str> = asked
        .iter()
        .filter_map(|asked| asked.split_once(" {"))
        .map(|(name, _)| name)
        .collect();
    assert_eq!(calls, ["CreateDatabase", "BatchGrantPermissions"]);

    let denied =
        Answer::Refused("User: arn:aws:iam::1:user/x is not authorized to perform: glue:CreateDatabase");
    let (ran, asked) = run(model, &[("CreateDatabase", denied)]);
    // The adapter only logs it.
    assert_eq!(ran.outcome, Outcome::Success, "{:?}", ran.failure);
    assert!(
        asked.iter().all(|asked| !asked.starts_with("BatchGrant")),
        "{asked:?}"
    );
}

#[test]
fn where_something_did_not_come_back_nothing_more_is_sent() {
    let stopped = Answer::Stopped("the connection broke");
    let model = "{% do adapter.create_schema(api.Relation.create(database='other', schema='other', identifier='x')) %}select 1 as id";
    let (ran, asked) = run(model, &[("CreateDatabase", stopped.clone())]);
    assert_eq!(ran.outcome, Outcome::Error);
    assert!(ran.failure.unwrap().message.contains("the connection broke"));
    assert!(asked.last().unwrap().starts_with("CreateDatabase"), "{asked:?}");

    // dbt would go on with the next batch, and count a part of the model as done.
    let model = "{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='at', batch_size='year', \
        begin='1966-01-01') }}select {{ model.batch.id }} as id";
    let (ran, asked) = run(model, &[("select 1967", stopped)]);
    assert_eq!(ran.outcome, Outcome::Error);
    let message = &ran.failure.as_ref().unwrap().message;
    assert!(message.contains("the connection broke"), "{message}");
    assert!(asked.last().unwrap().contains("select 1967"), "{asked:?}");
    assert_eq!(ran.statements().count(), asked.len());
}
