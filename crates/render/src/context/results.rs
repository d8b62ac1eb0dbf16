//! What `on-run-end` is told of the run: `results`, `schemas` and `database_schemas` (`RunTask.after_run` in `dbt/task/run.py`).
//!
//! Nothing was run. What dbt would tell had `dbt run` made every model of the invocation is the best that can be said.

use std::sync::{Arc, OnceLock};

use glueline_project::{NodeId, ResourceType};
use glueline_template::{Args, Cx, Dict, Error, Native, Value, repr};
use rustc_hash::FxHashMap;

use super::manifest::of_node;
use super::refs::is_ephemeral;
use super::values::run_started_at;
use crate::compile::RunHook;
use crate::host::{Life, NodeHost};
use crate::info::Record;
use crate::renderer::Shared;
use crate::run::NodeResult;

/// The names that dbt knows at the end of a run only.
pub(crate) const RUN_NAMES: [&str; 3] = ["results", "schemas", "database_schemas"];

/// The value of a name; `None` anywhere but in a hook at the end of a run.
pub(super) fn value(cx: &Cx, host: &NodeHost, name: &str) -> Option<Value> {
    let is_end = host.operation()?.when == RunHook::End;
    if !is_end {
        return None;
    }
    if !host.executes() {
        return Some(Value::native(Silent));
    }
    let shared = &host.shared;
    let run = match host.run() {
        Some(run) => run.results(),
        None => executed(shared).into_iter().map(made).collect(),
    };
    Some(match name {
        "results" => {
            if host.run().is_none() && !std::mem::replace(&mut host.captured().reads_results, true) {
                cx.note("what comes of a run is known only after it: `results` takes every model to have succeeded");
            }
            Value::list(run.iter().map(|found| result(cx, shared, found)).collect())
        }
        "schemas" => {
            let schemas = schemas(shared, &run).into_iter();
            Value::list(schemas.map(Value::str).collect())
        }
        _ => {
            let database = Value::from(crate::relation::node_database(&shared.project).as_deref());
            let schemas = schemas(shared, &run).into_iter();
            let pair = |schema| Value::tuple(vec![database.clone(), Value::str(schema)]);
            Value::list(schemas.map(pair).collect())
        }
    })
}

/// A model of which nothing but success is known.
fn made(node: NodeId) -> NodeResult {
    NodeResult {
        node,
        status: "success",
        message: Some("OK".to_owned()),
        failures: None,
    }
}

/// The schemas of what was made, each once. dbt gives a set, in no order.
fn schemas(shared: &Arc<Shared>, run: &[NodeResult]) -> Vec<Arc<str>> {
    let renderer = crate::Renderer(shared.clone());
    let mut found: Vec<Arc<str>> = Vec::new();
    for schema in run
        .iter()
        .filter(|result| !matches!(result.status, "error" | "fail" | "skipped"))
        .filter(|result| renderer.relation_name(result.node).is_some())
        .filter_map(|result| Shared::names(shared, result.node).schema.clone())
    {
        if !found.contains(&schema) {
            found.push(schema);
        }
    }
    found
}

/// The models that `dbt run` makes, in the order of a single thread: each is handed to it once all that comes before is made, and
/// those that become ready together by how many models come before them, then by id (`GraphQueue` in `dbt/graph/queue.py`).
fn executed(shared: &Arc<Shared>) -> Vec<NodeId> {
    let project = &shared.project;
    let is_model = |id: &NodeId| {
        let node = project.node(*id);
        node.kind == ResourceType::Model && node.enabled
    };
    let mut models: Vec<NodeId> = match &shared.settings.selected {
        Some(selected) => selected.iter().copied().filter(is_model).collect(),
        None => project
            .nodes()
            .iter()
            .map(|node| node.id)
            .filter(is_model)
            .collect(),
    };
    models.sort_unstable();
    models.dedup();
    let mut waits: FxHashMap<NodeId, usize> = FxHashMap::default();
    let mut next: FxHashMap<NodeId, Vec<NodeId>> = FxHashMap::default();
    for model in &models {
        let before = before(shared, &models, *model);
        waits.insert(*model, before.len());
        for parent in before {
            next.entry(parent).or_default().push(*model);
        }
    }
    let by_id = |id: &NodeId| project.node(*id).unique_id.clone();
    let mut levels: FxHashMap<NodeId, usize> = FxHashMap::default();
    let mut queue: Vec<NodeId> = models
        .iter()
        .copied()
        .filter(|id| waits.get(id) == Some(&0))
        .collect();
    queue.sort_by_key(by_id);
    let mut at = 0;
    while let Some(&done) = queue.get(at) {
        at += 1;
        let level = levels.get(&done).copied().unwrap_or_default() + 1;
        let mut ready = Vec::new();
        for child in next.get(&done).into_iter().flatten() {
            let known = levels.entry(*child).or_default();
            *known = level.max(*known);
            let Some(left) = waits.get_mut(child) else {
                continue;
            };
            *left -= 1;
            if *left == 0 {
                ready.push(*child);
            }
        }
        ready.sort_by_key(|id| (levels.get(id).copied(), by_id(id)));
        queue.extend(ready);
    }
    queue.retain(|node| !is_ephemeral(shared, *node));
    queue
}

/// The models among those given that come before one, with nothing but other nodes between.
fn before(shared: &Shared, models: &[NodeId], model: NodeId) -> Vec<NodeId> {
    let graph = shared.project.graph();
    let mut found = Vec::new();
    let mut between: Vec<NodeId> = vec![model];
    let mut at = 0;
    while let Some(&node) = between.get(at) {
        at += 1;
        for parent in graph.parents(node) {
            let is_meant = models.binary_search(parent).is_ok();
            let list = if is_meant { &mut found } else { &mut between };
            if !list.contains(parent) {
                list.push(*parent);
            }
        }
    }
    found
}

/// What a name is that dbt does not know while it parses: anything can be done with it (`ParserMacroCapture` in
/// `dbt_common/clients/jinja.py`).
#[derive(Debug)]
struct Silent;

impl Native for Silent {
    fn type_name(&self) -> &'static str {
        "Undefined"
    }

    fn is_callable(&self) -> bool {
        true
    }

    fn is_subscriptable(&self) -> bool {
        true
    }

    fn attr(&self, _cx: &Cx, _name: &str) -> Result<Option<Value>, Error> {
        Ok(Some(Value::native(Self)))
    }

    fn item(&self, _cx: &Cx, _key: &Value) -> Option<Result<Value, Error>> {
        Some(Ok(Value::native(Self)))
    }

    fn call(&self, _cx: &Cx, _args: Args) -> Result<Value, Error> {
        Ok(Value::native(Self))
    }

    fn items(&self) -> Option<Vec<Value>> {
        Some(Vec::new())
    }

    fn text(&self) -> String {
        String::new()
    }
}

/// A `RunResult`.
fn result(cx: &Cx, shared: &Arc<Shared>, found: &NodeResult) -> Value {
    let step = |name: &str| {
        let time = run_started_at(cx, shared, false).unwrap_or_default();
        Record::value(
            "TimingInfo",
            [
                ("name", Value::str(name)),
                ("started_at", time.clone()),
                ("completed_at", time),
            ],
        )
    };
    let node = Value::native(Made {
        shared: shared.clone(),
        node: found.node,
        dict: OnceLock::new(),
    });
    let message = Value::from(found.message.as_deref());
    let fields = Dict::default();
    for (name, value) in [
        ("status", Value::str(found.status)),
        ("timing", Value::list(["compile", "execute"].map(step).to_vec())),
        ("thread_id", Value::str("Thread-1 (worker)")),
        ("execution_time", Value::Float(0.0)),
        (
            "adapter_response",
            match (found.status, &message) {
                ("success", Value::Str(_)) => Value::dict([("_message", message.clone())]),
                _ => Value::dict::<&str>([]),
            },
        ),
        ("message", message),
        ("failures", found.failures.map_or(Value::None, Value::Int)),
        ("node", node),
        ("agate_table", Value::None),
        ("batch_results", Value::None),
        ("overload_results", Value::None),
    ] {
        fields.insert_str(name, value);
    }
    Value::native(Object {
        class: "RunResult",
        fields: Arc::new(fields),
    })
}

/// `node` of a result: a model as it is after it was made. What it holds is put together when somebody looks.
#[derive(Debug)]
struct Made {
    shared: Arc<Shared>,
    node: NodeId,
    dict: OnceLock<Arc<Dict>>,
}

impl Made {
    fn dict(&self) -> Arc<Dict> {
        self.dict.get_or_init(|| Arc::new(self.make())).clone()
    }

    fn make(&self) -> Dict {
        let made = Dict::default();
        let Value::Dict(parsed) = of_node(&self.shared, self.node, false) else {
            return made;
        };
        let project = &self.shared.project;
        let node = project.node(self.node);
        let package = project
            .packages()
            .get(node.package)
            .map_or("", |package| &*package.name);
        let path = |directory: &str| {
            let original = &project.files().info(node.file()).original;
            Value::from(format!("target/{directory}/{package}/{original}"))
        };
        for (key, value) in parsed.items() {
            match key.as_str().as_deref() {
                Some("build_path") => made.insert_str("build_path", path("run")),
                Some("compiled_path") => {
                    let compiled = crate::Renderer(self.shared.clone()).compile(self.node, Life::Known);
                    made.insert_str("compiled_path", path("compiled"));
                    made.insert_str("compiled", Value::Bool(true));
                    made.insert_str("compiled_code", Value::from(compiled.code.as_deref()));
                    made.insert_str("extra_ctes_injected", Value::Bool(true));
                    made.insert_str("extra_ctes", Value::list(Vec::new()));
                }
                Some(key) => made.insert_str(key, value),
                None => {}
            }
        }
        made
    }

    fn config(&self) -> Value {
        Value::native(Object {
            class: "ModelConfig",
            fields: Shared::info(&self.shared, self.node).config.clone(),
        })
    }
}

impl Native for Made {
    fn type_name(&self) -> &'static str {
        "ModelNode"
    }

    fn attr(&self, _cx: &Cx, name: &str) -> Result<Option<Value>, Error> {
        let node = self.shared.project.node(self.node);
        Ok(match name {
            "config" => Some(self.config()),
            "is_relational" | "is_refable" => Some(Value::Bool(true)),
            "is_ephemeral" | "is_ephemeral_model" => Some(Value::Bool(false)),
            // What is asked for most needs not all the rest.
            "unique_id" => Some(Value::str(&node.unique_id)),
            "name" => Some(Value::str(&node.name)),
            "resource_type" => Some(Value::str(node.kind.name())),
            _ => self.dict().get_str(name),
        })
    }

    fn call_method(&self, _cx: &Cx, name: &str, args: &Args) -> Option<Result<Value, Error>> {
        (name == "to_dict").then(|| Ok(plain(&Value::Dict(self.dict()), omits_none(args))))
    }

    fn text(&self) -> String {
        constructor("ModelNode", &self.dict())
    }
}

/// An object of a class with fields; the config of a node can also be asked with `get`.
#[derive(Debug)]
struct Object {
    class: &'static str,
    fields: Arc<Dict>,
}

impl Native for Object {
    fn type_name(&self) -> &'static str {
        self.class
    }

    fn attr(&self, _cx: &Cx, name: &str) -> Result<Option<Value>, Error> {
        Ok(match name {
            "skipped" if self.class == "RunResult" => {
                let status = self.fields.get_str("status");
                let is_skipped = status.is_some_and(|status| status.as_str().as_deref() == Some("skipped"));
                Some(Value::Bool(is_skipped))
            }
            _ => self.fields.get_str(name),
        })
    }

    fn call_method(&self, _cx: &Cx, name: &str, args: &Args) -> Option<Result<Value, Error>> {
        match name {
            "get" if self.class == "ModelConfig" => {
                let bound = args.clone().bind("get", ["key", "default"], 1);
                Some(bound.map(|[key, default]| {
                    let found = key.and_then(|key| self.fields.get_str(&key.as_str()?));
                    found.unwrap_or_else(|| default.unwrap_or_default())
                }))
            }
            "to_dict" => Some(Ok(plain(&Value::Dict(self.fields.clone()), omits_none(args)))),
            _ => None,
        }
    }

    fn text(&self) -> String {
        constructor(self.class, &self.fields)
    }
}

fn constructor(class: &str, fields: &Dict) -> String {
    let fields: Vec<String> = fields
        .items()
        .iter()
        .map(|(name, value)| format!("{}={}", name.as_str().unwrap_or_default(), repr(value)))
        .collect();
    format!("{class}({})", fields.join(", "))
}

/// Whether `to_dict()` is to leave out what is `None`.
fn omits_none(args: &Args) -> bool {
    let omit = args.keyword("omit_none").or_else(|| args.positional.first());
    omit.is_some_and(Value::truth)
}

/// A value with its objects as dicts.
fn plain(value: &Value, omit_none: bool) -> Value {
    match value {
        Value::Dict(dict) => {
            let made = Dict::default();
            for (key, value) in dict.items() {
                if let Some(key) = key.as_str().filter(|_| !(omit_none && value.is_none())) {
                    made.insert_str(&key, plain(&value, omit_none));
                }
            }
            Value::Dict(Arc::new(made))
        }
        Value::List(items) => Value::list(items.items().iter().map(|item| plain(item, omit_none)).collect()),
        other => {
            if let Some(made) = other.downcast::<Made>() {
                return plain(&Value::Dict(made.dict()), omit_none);
            }
            if let Some(object) = other.downcast::<Object>() {
                return plain(&Value::Dict(object.fields.clone()), omit_none);
            }
            if let Some(record) = other.downcast::<Record>() {
                return plain(&record.to_dict(omit_none), omit_none);
            }
            // A time of UTC, as mashumaro writes it.
            match other {
                Value::Native(time) if time.type_name() == "datetime.datetime" => {
                    Value::from(format!("{}Z", time.text().replace(' ', "T")))
                }
                other => other.clone(),
            }
        }
    }
}
