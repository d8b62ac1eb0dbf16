//! `context` and `builtins`: every name, by name (`dbt/context/base.py`, `to_dict`).

use std::sync::Arc;

use glueline_template::{Args, Cx, Dict, Error, Native, Value, to_str};

use super::member;
use crate::host::NodeHost;

/// dbt's own names while a node is rendered, in dbt's order.
const NAMES: [&str; 61] = [
    "dbt_version",
    "var",
    "env_var",
    "return",
    "fromjson",
    "tojson",
    "fromyaml",
    "toyaml",
    "set",
    "set_strict",
    "zip",
    "zip_strict",
    "log",
    "run_started_at",
    "invocation_id",
    "thread_id",
    "otel_trace_id",
    "otel_span_id",
    "modules",
    "flags",
    "print",
    "diff_of_two_dicts",
    "local_md5",
    "target",
    "project_name",
    "context_macro_stack",
    "dbt_metadata_envs",
    "invocation_args_dict",
    "_sql_results",
    "load_result",
    "store_result",
    "store_raw_result",
    "validation",
    "write",
    "render",
    "try_or_compiler_error",
    "load_agate_table",
    "ref",
    "source",
    "metric",
    "function",
    "config",
    "execute",
    "exceptions",
    "database",
    "schema",
    "adapter",
    "api",
    "column",
    "env",
    "graph",
    "model",
    "pre_hooks",
    "post_hooks",
    "sql",
    "sql_now",
    "adapter_macro",
    "selected_resources",
    "submit_python_job",
    "compiled_code",
    "this",
];

/// `context`.
pub(super) fn context(host: &NodeHost) -> Value {
    let project = &host.shared.project;
    let mut names: Vec<Value> = ["context", "builtins"].map(Value::str).to_vec();
    names.extend(NAMES.map(Value::str));
    names.extend(
        glueline_catalog::jinja::shipped_macros()
            .iter()
            .map(|shipped| Value::str(shipped.name)),
    );
    names.push(Value::str("dbt"));
    names.extend(project.packages().iter().map(|package| Value::str(&package.name)));
    let visible = project
        .macros()
        .names()
        .into_iter()
        .filter(|name| project.macros().find(name, host.package).is_some());
    names.extend(visible.map(Value::str));
    names.extend(host.extra.iter().map(|(name, _)| Value::str(name)));
    names.extend(host.captured().added.iter().map(|(name, _)| Value::str(name)));
    Value::native(Whole {
        class: "ChainMap",
        names,
        find: |cx, name| Some(cx.lookup(name)).filter(|found| !found.is_undefined()),
    })
}

/// `builtins`: dbt's own names, where a macro of the same name hides one.
pub(super) fn builtins() -> Value {
    Value::native(Whole {
        class: "dict",
        names: NAMES.map(Value::str).to_vec(),
        find: |cx, name| member(cx, NodeHost::of(cx).ok()?, name),
    })
}

/// A mapping whose values are made when they are asked for.
#[derive(Debug)]
struct Whole {
    class: &'static str,
    names: Vec<Value>,
    find: fn(&Cx, &str) -> Option<Value>,
}

impl Native for Whole {
    fn type_name(&self) -> &str {
        self.class
    }

    fn qualified_type_name(&self) -> String {
        match self.class {
            "ChainMap" => "collections.ChainMap".to_owned(),
            other => other.to_owned(),
        }
    }

    fn is_subscriptable(&self) -> bool {
        true
    }

    fn attr(&self, cx: &Cx, name: &str) -> Result<Option<Value>, Error> {
        Ok((self.find)(cx, name))
    }

    fn item(&self, cx: &Cx, key: &Value) -> Option<Result<Value, Error>> {
        (self.find)(cx, &key.as_str()?).map(Ok)
    }

    fn call_method(&self, cx: &Cx, name: &str, args: &Args) -> Option<Result<Value, Error>> {
        let value = |name: &Value| {
            let found = name.as_str().and_then(|name| (self.find)(cx, &name));
            found.unwrap_or_default()
        };
        Some(match name {
            "get" => args
                .clone()
                .bind("get", ["key", "default"], 1)
                .map(|[key, default]| {
                    let found = key.and_then(|key| (self.find)(cx, &key.as_str()?));
                    found.unwrap_or_else(|| default.unwrap_or_default())
                }),
            "keys" => Ok(Value::list(self.names.clone())),
            "values" => Ok(Value::list(self.names.iter().map(value).collect())),
            "items" => {
                let items = self
                    .names
                    .iter()
                    .map(|name| Value::tuple(vec![name.clone(), value(name)]));
                Ok(Value::list(items.collect()))
            }
            "update" if self.class == "ChainMap" => update(cx, args),
            _ => return None,
        })
    }

    fn items(&self) -> Option<Vec<Value>> {
        Some(self.names.clone())
    }

    fn text(&self) -> String {
        format!("{}({{...}})", self.class)
    }
}

/// `context.update()`: the names are there for the rest of the rendering.
fn update(cx: &Cx, args: &Args) -> Result<Value, Error> {
    let host = NodeHost::of(cx)?;
    let given = Arc::new(Dict::default());
    cx.call_method(&Value::Dict(given.clone()), "update", args.clone())?;
    for (name, value) in given.items() {
        let name = to_str(&name).to_plain();
        let mut captured = host.captured();
        match captured.added.iter_mut().find(|(added, _)| *added == name) {
            Some((_, known)) => *known = value,
            None => captured.added.push((name, value)),
        }
    }
    Ok(Value::None)
}
