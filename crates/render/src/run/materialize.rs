//! The materialization of a node: which one it is, and calling it (`ModelRunner.execute` in `dbt/task/run.py`).

use glueline_project::{Language, NodeId, ResourceType};
use glueline_template::{Args, Cx, Error, ErrorKind, Value, to_str};

use super::Outcome;
use crate::builtin;
use crate::host::NodeHost;
use crate::macros::MacroTable;
use crate::relation::Relation;
use crate::renderer::Shared;

/// The adapters whose materializations dbt-glue takes, the first that has one.
const ADAPTERS: [&str; 3] = ["glue", "spark", "default"];

/// Calls the materialization of a node.
pub(super) fn run(cx: &Cx, host: &NodeHost, node: NodeId) -> Result<Outcome, Error> {
    let shared = &host.shared;
    let info = Shared::info(shared, node);
    let name = info.materialized();
    let found = find(host, &name)?;
    let node = shared.project.node(node);
    let language = match node.language {
        Language::Python => "python",
        Language::Sql | Language::None => "sql",
    };
    if !found.languages.iter().any(|known| known == language) {
        let known: Vec<String> = found.languages.iter().map(|known| format!("'{known}'")).collect();
        return Err(Error::new(
            ErrorKind::Python("DbtValidationError"),
            format!(
                "Materialization \"{}\" only supports languages [{}]; got \"{language}\"",
                found.name,
                known.join(", ")
            ),
        ));
    }
    let returned = cx.call(&found.value, Args::default())?;
    if node.kind == ResourceType::Test {
        return tested(cx, host);
    }
    relations(cx, &returned, &name)?;
    let main = cx.call(&cx.lookup("load_result"), Args::of(vec!["main".into()]))?;
    if main.is_none() {
        return Err(Error::new(
            ErrorKind::Python("DbtRuntimeError"),
            "main is not being called during running model",
        ));
    }
    let response = cx.attr(&main, "response")?;
    say(host, Some(to_str(&response).to_plain().to_string()), None);
    Ok(Outcome::Success)
}

/// Writes down what dbt says of the node.
fn say(host: &NodeHost, message: Option<String>, failures: Option<i64>) {
    if let Some(run) = host.run() {
        run.say(message, failures);
    }
}

/// Calls the materialization of unit tests.
pub(super) fn of_unit_test(cx: &Cx, host: &NodeHost) -> Result<Value, Error> {
    let found = find(host, "unit")?;
    cx.call(&found.value, Args::default())
}

/// A materialization.
struct Materialization {
    /// dbt's name of it: `materialization_table_glue`.
    name: String,
    value: Value,
    languages: Vec<String>,
}

/// The materialization of a name: that for the nearest adapter, and of those the project's own. A package does not replace what dbt
/// or an adapter ships (`find_materialization_macro_by_name` in `dbt/contracts/graph/manifest.py`).
fn find(host: &NodeHost, name: &str) -> Result<Materialization, Error> {
    let project = &host.shared.project;
    let names = ADAPTERS.map(|adapter| format!("materialization_{name}_{adapter}"));
    let is_shipped = names.iter().any(|name| builtin::find(name).is_some());
    for full in &names {
        let defined = project.macros().definitions(full);
        let own = defined.iter().find(|reference| reference.package == 0);
        let found = own.or_else(|| defined.first().filter(|_| !is_shipped));
        if let Some(reference) = found
            && let Some(value) = host.shared.macros.value(project, *reference)
        {
            if let Some(run) = host.run() {
                run.replaced(full, reference.file);
            }
            return Ok(Materialization {
                name: full.clone(),
                value,
                languages: MacroTable::languages(project, *reference),
            });
        }
        if let Some(shipped) = builtin::find(full) {
            return Ok(Materialization {
                name: full.clone(),
                languages: languages(full),
                value: Value::native(shipped),
            });
        }
    }
    Err(Error::compilation(format!(
        "No materialization '{name}' was found for adapter glue! (searched types 'default' and 'glue')"
    )))
}

/// The languages that a shipped materialization takes.
fn languages(name: &str) -> Vec<String> {
    let known: &[&str] = match name {
        "materialization_incremental_glue"
        | "materialization_incremental_spark"
        | "materialization_table_spark" => &["sql", "python"],
        "materialization_python_model_glue" => &["python"],
        _ => &["sql"],
    };
    known.iter().map(|name| (*name).to_owned()).collect()
}

/// Refuses what is no dict of relations (`_materialization_relations` in `dbt/task/run.py`).
fn relations(cx: &Cx, returned: &Value, materialization: &str) -> Result<(), Error> {
    match returned {
        Value::Str(_) => Err(Error::compilation(format!(
            "The materialization (\"{materialization}\") did not explicitly return a list of relations to add to the cache."
        ))),
        Value::Dict(entries) => match entries.get_str("relations") {
            None => Err(Error::compilation(format!(
                "Invalid return value from materialization, \"relations\" not found, got keys: {}",
                glueline_template::repr(&Value::list(cx.iterate(returned)?))
            ))),
            Some(Value::List(relations)) => all_relations(cx, &Value::List(relations)),
            Some(other) => Err(Error::compilation(format!(
                "Invalid return value from materialization, \"relations\" not a list, got: {}",
                to_str(&other).plain()
            ))),
        },
        other => Err(Error::compilation(format!(
            "Invalid return value from materialization, expected a dict with key \"relations\", got: {}",
            to_str(other).plain()
        ))),
    }
}

fn all_relations(cx: &Cx, relations: &Value) -> Result<(), Error> {
    let is_relation = |value: &Value| value.downcast::<Relation>().is_some();
    match cx.iterate(relations)?.iter().find(|value| !is_relation(value)) {
        None => Ok(()),
        Some(other) => Err(Error::compilation(format!(
            "Invalid return value from materialization, \"relations\" contains non-Relation: {}",
            to_str(other).plain()
        ))),
    }
}

/// How a test came out (`TestRunner.execute_data_test` in `dbt/task/test.py`).
fn tested(cx: &Cx, host: &NodeHost) -> Result<Outcome, Error> {
    let main = cx.call(&cx.lookup("load_result"), Args::of(vec!["main".into()]))?;
    let table = match &main {
        Value::None => Value::None,
        main => cx.attr(main, "table")?,
    };
    let rows = cx.iterate(&cx.attr(&table, "rows")?)?;
    let Some(row) = rows.first() else {
        return Ok(Outcome::Pass);
    };
    let flag = |name: &str| -> Result<bool, Error> { Ok(cx.item(row, &Value::str(name))?.truth()) };
    let (error, warn) = (flag("should_error")?, flag("should_warn")?);
    let severity = cx.call_method(&cx.lookup("config"), "get", Args::of(vec!["severity".into()]))?;
    let severe = !to_str(&severity).plain().eq_ignore_ascii_case("warn");
    let (outcome, does, limit) = match (error && severe, warn) {
        (true, _) => (Outcome::Fail, "fail", "error_if"),
        (false, true) => (Outcome::Warn, "warn", "warn_if"),
        (false, false) => {
            say(host, None, Some(0));
            return Ok(Outcome::Pass);
        }
    };
    let failures = match cx.item(row, &Value::str("failures"))? {
        Value::Int(count) => count,
        other => to_str(&other).plain().parse().unwrap_or_default(),
    };
    let limit = cx.call_method(&cx.lookup("config"), "get", Args::of(vec![limit.into()]))?;
    let results = if failures == 1 { "result" } else { "results" };
    let message = format!(
        "Got {failures} {results}, configured to {does} if {}",
        to_str(&limit).plain()
    );
    say(host, Some(message), Some(failures));
    Ok(outcome)
}
