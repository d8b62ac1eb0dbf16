//! A plan that is carried out: in which order, what ends it early, and what is told on the way.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod threads;

use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use glueline_base::{Cancel, MemSystem, System};
use glueline_plan::{Begun, Carrying, Command, Observer, Plan, PlannedNode, Request};
use glueline_project::{LoadOptions, load};
use glueline_render::{
    ApiCall, Event, Live, NoAnswer, OpenedSession, Renderer, Rows, Settings, SparkError, Statement,
};

const PROFILES: &str = "lake: {target: dev, outputs: {dev: {type: glue, region: eu-west-1, workers: 2, worker_type: G.1X, \
    schema: analytics, location: 's3://acme-lake/warehouse', role_arn: 'arn:aws:iam::123456789012:role/Glue'}}}";

/// `b` and `c` read `a`, `d` reads `b`; `e` reads nothing. `f` is ephemeral and reads `c`.
const MODELS: [(&str, &str); 6] = [
    ("a", "select 1 as a"),
    ("b", "select 2 as b from {{ ref('a') }}"),
    ("c", "select 3 as c from {{ ref('a') }}"),
    ("d", "select 4 as d from {{ ref('b') }}"),
    ("e", "select 5 as e"),
    (
        "f",
        "{{ config(materialized='ephemeral') }} select 6 as f from {{ ref('c') }}",
    ),
];

const HOOKS: &str = "on-run-start: select 'start'\non-run-end: [\"select 'end'\", \"{% for one in results %}select \
    '{{ one.node.name }} {{ one.status }}' -- {{ one.message if one.status == 'skipped' }}\n{% endfor %}\"]\n";

fn project(more: &str) -> Renderer {
    project_of(more, PROFILES)
}

fn project_of(more: &str, profiles: &str) -> Renderer {
    let mut system = MemSystem::new();
    system.write("p/profiles.yml", profiles);
    let named = "name: p\nversion: '1.0.0'\nprofile: lake\n";
    system.write("p/dbt_project.yml", format!("{named}{more}"));
    for (name, sql) in MODELS {
        system.write(format!("p/models/{name}.sql"), sql);
    }
    let mut options = LoadOptions::new("p");
    options.profiles_dir = Some("p".into());
    let project = Arc::new(load(&system, &options).unwrap());
    let system: Arc<dyn System> = Arc::new(system);
    Renderer::new(project, Settings::new(system))
}

/// What a session does with a statement that holds a text.
#[derive(Debug, Clone, Copy)]
enum Does {
    Refuses,
    Stops,
    /// Somebody cancels the run while it runs; it comes to its end.
    IsCancelled,
    /// It waits for another that waits; then it fails, where it is to.
    Meets {
        and_fails: bool,
    },
}

/// How long a statement waits for another, which never comes where one thread is at work.
const PATIENCE: Duration = Duration::from_mins(1);

#[derive(Debug, Default)]
struct Scripted {
    does: Vec<(&'static str, Does)>,
    cancel: Cancel,
    sent: Mutex<Vec<String>>,
    /// The threads of the sessions that statements were sent to, each with the statement.
    threads: Mutex<Vec<(usize, String)>>,
    /// How many wait for each other, or did.
    waiting: Mutex<usize>,
    came: Condvar,
}

impl Scripted {
    fn meet(&self) -> Result<(), NoAnswer> {
        let mut waiting = self.waiting.lock().unwrap();
        *waiting += 1;
        self.came.notify_all();
        let met = self
            .came
            .wait_timeout_while(waiting, PATIENCE, |waiting| *waiting < 2);
        if met.unwrap().1.timed_out() {
            return Err(NoAnswer::Stopped("nobody came".to_owned()));
        }
        Ok(())
    }

    fn refuse() -> NoAnswer {
        NoAnswer::Refused(SparkError::new("AnalysisException", "no"))
    }

    fn answer(&self, text: &str) -> Result<(), NoAnswer> {
        self.sent.lock().unwrap().push(text.to_owned());
        let does = self.does.iter().find(|(piece, _)| text.contains(piece));
        match does.map(|(_, does)| does) {
            None => Ok(()),
            Some(Does::IsCancelled) => {
                self.cancel.cancel();
                Ok(())
            }
            Some(Does::Stops) => Err(NoAnswer::Stopped("the session went away".to_owned())),
            Some(Does::Refuses) => Err(Self::refuse()),
            Some(Does::Meets { and_fails }) => {
                self.meet()?;
                if *and_fails { Err(Self::refuse()) } else { Ok(()) }
            }
        }
    }
}

impl Live for Scripted {
    fn statement(&self, session: &OpenedSession, statement: &Statement) -> Result<Option<Rows>, NoAnswer> {
        let text = statement.sql.as_deref().unwrap_or(&statement.code);
        self.threads
            .lock()
            .unwrap()
            .push((session.thread, text.to_owned()));
        self.answer(text)?;
        Ok(None)
    }

    fn call(&self, call: &ApiCall) -> Result<(), NoAnswer> {
        self.answer(call.operation)
    }
}

/// Writes down what it is told.
#[derive(Debug)]
struct Told<'r> {
    renderer: &'r Renderer,
    told: Mutex<Vec<String>>,
}

impl Told<'_> {
    fn tell(&self, what: String) {
        self.told.lock().unwrap().push(what);
    }
}

fn name(renderer: &Renderer, done: &PlannedNode) -> String {
    match (done.node, &done.operation) {
        (Some(node), _) => renderer.project().node(node).name.to_string(),
        (None, Some(hook)) => hook.name.to_string(),
        (None, None) => unreachable!("either is there"),
    }
}

/// A node with how it came out and what is said of it.
fn shown(renderer: &Renderer, done: &PlannedNode) -> String {
    let message = done.message.as_deref().map(|message| format!(": {message}"));
    format!(
        "{} {}{}",
        name(renderer, done),
        done.status.name(),
        message.unwrap_or_default()
    )
}

impl Observer for Told<'_> {
    fn prepared(&self, events: &[Event]) {
        let calls = events.iter().filter(|event| matches!(event, Event::Call(_)));
        assert!(calls.count() > 0);
        self.tell("prepared".to_owned());
    }

    fn begins(&self, begun: Begun<'_>) {
        self.tell(match begun {
            Begun::Node(node) => format!("{} begins", self.renderer.project().node(node).name),
            Begun::Hook(hook) => format!("{} begins", hook.name),
        });
    }

    fn done(&self, done: &PlannedNode) {
        self.tell(shown(self.renderer, done));
    }
}

struct Carried {
    plan: Plan,
    /// The nodes and hooks of the plan.
    nodes: Vec<String>,
    told: Vec<String>,
    sent: Vec<String>,
    /// The threads of the sessions that statements were sent to, each with the statement.
    threads: Vec<(usize, String)>,
}

fn carry_out(more: &str, fail_fast: bool, does: &[(&'static str, Does)]) -> Carried {
    carry_out_on(1, &project(more), fail_fast, does)
}

fn carry_out_on(
    threads: usize,
    renderer: &Renderer,
    fail_fast: bool,
    does: &[(&'static str, Does)],
) -> Carried {
    let cancel = Cancel::new();
    let live = Arc::new(Scripted {
        does: does.to_vec(),
        cancel: cancel.clone(),
        ..Scripted::default()
    });
    let observer = Told {
        renderer,
        told: Mutex::default(),
    };
    let carrying = Carrying {
        live: live.clone(),
        observer: &observer,
        threads,
        fail_fast,
        cancel: &cancel,
    };
    let plan = Plan::carry_out(renderer, &Request::default(), &carrying);
    let nodes = plan.nodes.iter().map(|done| shown(renderer, done)).collect();
    let sent = live.sent.lock().unwrap().clone();
    let told = observer.told.into_inner().unwrap();
    let threads = live.threads.lock().unwrap().clone();
    Carried {
        plan,
        nodes,
        told,
        sent,
        threads,
    }
}

/// The statements and calls of a plan.
fn events(plan: &Plan) -> Vec<&Event> {
    let of_nodes = plan.nodes.iter().filter_map(|node| node.run.as_ref());
    plan.before
        .iter()
        .chain(of_nodes.flat_map(|run| &run.events))
        .collect()
}

#[test]
fn what_is_previewed_is_what_is_carried_out() {
    let previewed = Plan::new(&project(HOOKS), &Request::default());
    let carried = carry_out(HOOKS, false, &[]);
    assert_eq!(events(&previewed), events(&carried.plan));
    assert!(carried.plan.failure.is_none());
    let statements = events(&carried.plan)
        .into_iter()
        .filter(|event| matches!(event, Event::Statement(_)));
    let calls = carried.sent.iter().filter(|sent| !sent.contains('\n'));
    assert_eq!(statements.count(), carried.sent.len() - calls.count());
}

#[test]
fn everything_is_told_as_it_happens() {
    let carried = carry_out(HOOKS, false, &[]);
    assert_eq!(
        carried.told,
        [
            "prepared",
            "p-on-run-start-0 begins",
            "p-on-run-start-0 success",
            "a begins",
            "a success",
            "e begins",
            "e success",
            "b begins",
            "b success",
            "c begins",
            "c success",
            "d begins",
            "d success",
            "p-on-run-end-0 begins",
            "p-on-run-end-0 success",
            "p-on-run-end-1 begins",
            "p-on-run-end-1 success",
        ]
    );
}

#[test]
fn what_reads_a_failure_is_skipped_and_the_rest_runs() {
    let carried = carry_out(HOOKS, false, &[("2 as b", Does::Refuses)]);
    assert_eq!(
        carried.nodes,
        [
            "p-on-run-start-0 success",
            "a success",
            "e success",
            "b error",
            "c success",
            "d skipped",
            "p-on-run-end-0 success",
            "p-on-run-end-1 success",
        ]
    );
    assert!(carried.told.iter().all(|told| told != "d begins"));
}

#[test]
fn nothing_is_begun_after_the_first_failure_where_that_is_wanted() {
    let carried = carry_out(HOOKS, true, &[("1 as a", Does::Refuses)]);
    assert_eq!(
        carried.nodes,
        [
            "p-on-run-start-0 success",
            "a error",
            "e skipped: Skipping due to fail_fast",
            "b skipped: Skipping due to fail_fast",
            "c skipped: Skipping due to fail_fast",
            "d skipped: Skipping due to fail_fast",
            "f skipped: Skipping due to fail_fast",
            "p-on-run-end-0 success",
            "p-on-run-end-1 success",
        ]
    );
    assert!(carried.sent.iter().all(|sent| !sent.contains("5 as e")));
    // The hooks at the end are told, too.
    let last = carried.sent.last().unwrap();
    assert!(
        last.contains("select 'd skipped' -- Skipping due to fail_fast"),
        "{last}"
    );
}

#[test]
fn a_cancelled_run_begins_nothing_and_sends_nothing() {
    let carried = carry_out(HOOKS, false, &[("5 as e", Does::IsCancelled)]);
    let cancelled = |name: &str| format!("{name} skipped: The run was cancelled");
    let left = ["b", "c", "d", "p-on-run-end-0", "p-on-run-end-1"].map(cancelled);
    let (done, skipped) = carried.nodes.split_at(carried.nodes.len() - left.len());
    assert_eq!(skipped, left);
    assert_eq!(&done[..2], ["p-on-run-start-0 success", "a success"]);
    assert_eq!(
        carried
            .told
            .iter()
            .filter(|told| told.contains("skipped"))
            .count(),
        5
    );
    // The statement that was at work when somebody cancelled is the last.
    assert!(carried.sent.last().unwrap().contains("5 as e"));
}

#[test]
fn what_does_not_come_back_fails_its_node_with_why() {
    let carried = carry_out("", false, &[("3 as c", Does::Stops)]);
    let is_c = |done: &&PlannedNode| done.run.as_ref().is_some_and(|run| run.failure.is_some());
    let failed: Vec<_> = carried.plan.nodes.iter().filter(is_c).collect();
    assert_eq!(failed.len(), 1);
    let failure = failed.first().unwrap().run.as_ref().unwrap().failure.as_ref();
    let message = &failure.unwrap().message;
    assert!(message.contains("the session went away"), "{message}");
}

#[test]
fn a_schema_of_which_nobody_knows_ends_the_command() {
    let carried = carry_out(HOOKS, false, &[("CreateDatabase", Does::Stops)]);
    assert_eq!(carried.plan.failure.as_deref(), Some("the session went away"));
    assert_eq!(carried.nodes, [""; 0]);
    assert_eq!(carried.sent, ["CreateDatabase"]);
    // What Glue refuses is only logged, as dbt-glue does it.
    let carried = carry_out("", false, &[("CreateDatabase", Does::Refuses)]);
    assert!(carried.plan.failure.is_none());
    let is_logged = |event: &&Event| matches!(event, Event::Log(line) if line.message.contains("analytics"));
    assert_eq!(carried.plan.before.iter().filter(is_logged).count(), 1);
}

#[test]
fn what_a_failing_hook_keeps_from_being_run_is_told() {
    let carried = carry_out(HOOKS, false, &[("'start'", Does::Refuses)]);
    assert_eq!(
        &carried.told[1..4],
        ["p-on-run-start-0 begins", "p-on-run-start-0 error", "a skipped",]
    );
    assert_eq!(carried.plan.command, Command::Run);
}
