//! Values of dbt's context that belong to the run or to the node (`dbt/context/base.py`, `dbt/context/providers.py`).

use std::sync::Arc;

use glueline_template::{Args, Cx, Error, Native, Value};

use super::manifest;
use crate::host::NodeHost;
use crate::relation;
use crate::renderer::Shared;

/// The value of a name.
pub(super) fn value(cx: &Cx, host: &NodeHost, name: &str) -> Option<Value> {
    let shared = &host.shared;
    Some(match name {
        "dbt_version" => Value::str(&shared.project.release().dbt_core),
        "project_name" => Value::str(&shared.project.root().name),
        "invocation_id" => Value::str(&shared.settings.invocation_id),
        "thread_id" if host.operation().is_some() => Value::str("MainThread"),
        "thread_id" => Value::str("Thread-1 (worker)"),
        "run_started_at" => run_started_at(cx, shared, true).unwrap_or_default(),
        "dbt_metadata_envs" => metadata_envs(shared),
        "selected_resources" => selected(host),
        "modules" => modules(),
        "schema" | "database" if host.part.is_some() => {
            let path = relation::Relation::this(host)
                .map(|this| this.path)
                .unwrap_or_default();
            let part = if name == "schema" {
                path.schema
            } else {
                path.database
            };
            Value::from(part.as_deref())
        }
        "schema" => Value::from(schema(host).as_deref()),
        "database" => Value::from(relation::node_database(&shared.project).as_deref()),
        "model" => model(host),
        "graph" => {
            host.captured().looks_around = true;
            manifest::graph(host)
        }
        "pre_hooks" => hooks(host, "pre_hook"),
        "post_hooks" => hooks(host, "post_hook"),
        "sql_now" => Value::str("current_timestamp()"),
        "sql" => code_of_sql(host),
        "compiled_code" if host.code.is_some() => Value::from(host.code.as_deref()),
        "compiled_code" | "defer_relation" if host.is_parsed() => Value::None,
        "results" | "schemas" | "database_schemas" => return super::results::value(cx, host, name),
        "validation" => Value::dict([("any", Value::function("validate_any", validate_any))]),
        "context_macro_stack" => Value::native(MacroStack),
        _ => return None,
    })
}

/// Variables of the environment that dbt puts into every artifact (`dbt_common/events/functions.py`, `get_metadata_vars`).
fn metadata_envs(shared: &Shared) -> Value {
    let found = crate::metadata_env(&*shared.settings.system);
    Value::dict(found.iter().map(|(name, value)| (&**name, Value::str(value))))
}

/// The text of the node, where that is SQL and its materialization runs.
fn code_of_sql(host: &NodeHost) -> Value {
    let is_sql = |id| host.shared.project.node(id).language != glueline_project::Language::Python;
    let code = host
        .code
        .as_deref()
        .filter(|_| host.node_id().is_some_and(is_sql));
    Value::from(code)
}

/// When dbt was started, as a `datetime` in UTC that knows its time zone or does not.
pub(super) fn run_started_at(cx: &Cx, shared: &Shared, zoned: bool) -> Result<Value, Error> {
    time(cx, shared.settings.started_at, zoned)
}

/// A time of microseconds since 1970 as a `datetime` in UTC.
pub(crate) fn time(cx: &Cx, micros: i64, zoned: bool) -> Result<Value, Error> {
    let days = micros.div_euclid(86_400_000_000);
    let of_day = micros.rem_euclid(86_400_000_000);
    let (year, month, day) = civil(days);
    let parts = [
        year,
        month,
        day,
        of_day / 3_600_000_000,
        of_day / 60_000_000 % 60,
        of_day / 1_000_000 % 60,
        of_day % 1_000_000,
    ];
    let module = |name: &str| glueline_template::module(name).unwrap_or_default();
    let class = cx.attr(&module("datetime"), "datetime")?;
    let mut args = Args::of(parts.map(Value::Int).to_vec());
    if zoned {
        args.keywords
            .push(("tzinfo".into(), cx.attr(&module("pytz"), "utc")?));
    }
    cx.call(&class, args)
}

/// The date of a day counted from 1970-01-01, in the Gregorian calendar (the well-known `civil_from_days`).
pub const fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + (month <= 2) as i64;
    (year, month, day)
}

/// The day of a date, counted from 1970-01-01 (`days_from_civil`).
pub(crate) const fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let shifted = (month + 9) % 12;
    let of_year = (153 * shifted + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The nodes that the invocation selects; those that dbt would compile where nothing is said.
fn selected(host: &NodeHost) -> Value {
    let shared = &host.shared;
    host.captured().looks_around = true;
    let chosen = |id: &glueline_project::NodeId| Value::str(&shared.project.node(*id).unique_id);
    let ids = match &shared.settings.selected {
        Some(ids) => ids.iter().map(chosen).collect(),
        None => shared
            .project
            .nodes()
            .iter()
            .filter(|node| node.enabled && (crate::compile::is_compiled(node.kind) || node.kind.is_refable()))
            .map(|node| Value::str(&node.unique_id))
            .collect(),
    };
    Value::list(ids)
}

/// The modules of Python that dbt hands out.
fn modules() -> Value {
    let names = ["pytz", "datetime", "re", "itertools"];
    Value::dict(names.map(|name| (name, glueline_template::module(name).unwrap_or_default())))
}

fn schema(host: &NodeHost) -> Option<Arc<str>> {
    match host.node_id() {
        Some(node) if host.executes() => Shared::info(&host.shared, node).schema.clone(),
        _ => relation::target_schema(&host.shared.project),
    }
}

fn model(host: &NodeHost) -> Value {
    if let Some(operation) = host.operation() {
        let (refs, sources) = {
            let captured = host.captured();
            (captured.refs.clone(), captured.sources.clone())
        };
        return manifest::of_operation(&host.shared, operation, (&refs, &sources), true);
    }
    if let Some(part) = &host.part {
        let model = manifest::of_unit_test(host, part);
        if let (Value::Dict(model), Some(code)) = (&model, &host.code) {
            model.insert_str("compiled", Value::Bool(true));
            model.insert_str("compiled_code", Value::str(code));
        }
        return model;
    }
    match host.node_id() {
        Some(node) if host.executes() => {
            let model = manifest::of_node(&host.shared, node, true);
            if let (Value::Dict(model), Some(code)) = (&model, &host.code) {
                model.insert_str("compiled", Value::Bool(true));
                model.insert_str("compiled_code", Value::str(code));
            }
            if let (Value::Dict(model), Some(batch)) = (&model, host.batch()) {
                let fields = [
                    ("id", Value::str(&batch.id)),
                    ("event_time_start", batch.start.clone()),
                    ("event_time_end", batch.end.clone()),
                ];
                model.insert_str("batch", Value::dict(fields));
                if let Some(Value::Dict(config)) = model.get_str("config") {
                    super::config::add_bounds(&config, batch);
                }
            }
            model
        }
        Some(node) => manifest::node_while_parsed(&host.shared, node),
        None => Value::dict([
            ("name", Value::str("inline_query")),
            ("resource_type", Value::str("sql_operation")),
            ("package_name", Value::str(&host.shared.project.root().name)),
        ]),
    }
}

fn hooks(host: &NodeHost, key: &str) -> Value {
    if !host.is_parsed() {
        return Value::None;
    }
    let is_test = host.part.as_ref().is_some_and(|part| part.input().is_none());
    if !host.executes() || is_test {
        return Value::list(Vec::new());
    }
    let is_left_out = |batch: &crate::host::Batch| match key {
        "pre_hook" => !batch.is_first,
        _ => !batch.is_last,
    };
    if host.batch().is_some_and(is_left_out) {
        return Value::list(Vec::new());
    }
    let config = super::config::of_subject(host);
    let Some(Value::List(hooks)) = config.and_then(|config| config.get_str(key)) else {
        return Value::list(Vec::new());
    };
    let made = hooks
        .items()
        .into_iter()
        .map(|hook| match hook.downcast::<crate::info::Record>() {
            Some(record) => record.to_dict(true),
            None => hook.clone(),
        });
    Value::list(made.collect())
}

/// `validation.any`: gives a validator.
#[expect(clippy::unnecessary_wraps, reason = "the type of functions")]
fn validate_any(_: &Cx, args: Args) -> Result<Value, Error> {
    Ok(Value::native(Validator(args.positional)))
}

/// A function that refuses any value but these.
#[derive(Debug)]
struct Validator(Vec<Value>);

impl Native for Validator {
    fn type_name(&self) -> &'static str {
        "function"
    }

    fn call(&self, _cx: &Cx, args: Args) -> Result<Value, Error> {
        let [value] = args.bind("inner", ["value"], 1)?;
        let value = value.unwrap_or_default();
        if self
            .0
            .iter()
            .any(|allowed| glueline_template::equal(allowed, &value))
        {
            return Ok(Value::None);
        }
        Err(super::exceptions::not_one_of(&value, &self.0))
    }

    fn text(&self) -> String {
        "<function validate_any>".to_owned()
    }
}

/// `context_macro_stack`: only `depth` and `call_stack` can be asked for.
#[derive(Debug)]
struct MacroStack;

impl Native for MacroStack {
    fn type_name(&self) -> &'static str {
        "MacroStack"
    }

    fn attr(&self, cx: &Cx, name: &str) -> Result<Option<Value>, Error> {
        let mut names: Vec<_> = cx.trace().iter().map(|frame| Value::str(&frame.name)).collect();
        names.pop();
        names.reverse();
        Ok(match name {
            "depth" => Some(Value::Int(i64::try_from(names.len()).unwrap_or(i64::MAX))),
            "call_stack" => Some(Value::list(names)),
            _ => None,
        })
    }

    fn text(&self) -> String {
        "<dbt.clients.jinja.MacroStack object>".to_owned()
    }
}
