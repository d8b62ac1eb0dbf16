//! `node` as a comment sees it.

use std::sync::Arc;

use glueline_project::NodeId;
use glueline_template::{Args, Cx, Dict, Error, Native, Value, to_str};

use crate::context;
use crate::renderer::Shared;

/// An object of which only fields are read.
#[derive(Debug)]
pub(super) struct Attributes {
    class: &'static str,
    fields: Arc<Dict>,
    /// What a field gives that is not there.
    missing: Value,
}

impl Attributes {
    /// `node`: the node as dbt holds it before it is compiled, behind a wrapper for which every name is there
    /// (`QueryHeaderContextWrapper`).
    pub(super) fn of_node(shared: &Arc<Shared>, id: NodeId) -> Self {
        let dict = match context::of_node(shared, id, false) {
            Value::Dict(dict) => dict,
            _ => Arc::new(Dict::default()),
        };
        let config = dict.get_str("config").unwrap_or_default();
        let materialized = text_of(&config, "materialized");
        let is_model = shared.project.node(id).kind == glueline_project::ResourceType::Model;
        let name = dict.get_str("name").unwrap_or_default();
        let part = |of: &str, key: &str| match dict.get_str(of) {
            Some(Value::Dict(inner)) => inner.get_str(key),
            _ => None,
        };
        let empty = || Value::list(Vec::new());
        let path = dict.get_str("original_file_path").unwrap_or_default();
        let package = dict.get_str("package_name").unwrap_or_default();
        let file = format!("{}://{}", to_str(&package).plain(), to_str(&path).plain());
        let is_versioned = dict.get_str("version").is_some_and(|version| !version.is_none());
        let derived = [
            ("compiled", Value::Bool(false)),
            ("compiled_code", Value::None),
            ("extra_ctes", empty()),
            ("extra_ctes_injected", Value::Bool(false)),
            (
                "depends_on_nodes",
                part("depends_on", "nodes").unwrap_or_else(empty),
            ),
            (
                "depends_on_macros",
                part("depends_on", "macros").unwrap_or_else(empty),
            ),
            ("identifier", dict.get_str("alias").unwrap_or_default()),
            ("file_id", Value::from(file)),
            ("search_name", name),
            (
                "is_refable",
                Value::Bool(shared.project.node(id).kind.is_refable()),
            ),
            ("is_versioned", Value::Bool(is_versioned)),
            (
                "is_ephemeral",
                Value::Bool(materialized.as_deref() == Some("ephemeral")),
            ),
            (
                "is_ephemeral_model",
                Value::Bool(is_model && materialized.as_deref() == Some("ephemeral")),
            ),
            ("quoting_dict", part("config", "quoting").unwrap_or_default()),
            ("empty", Value::Bool(false)),
        ];
        let enforces = matches!(materialized.as_deref(), Some("table" | "incremental"));
        let of_model = [
            ("is_external_node", Value::Bool(false)),
            ("materialization_enforces_constraints", Value::Bool(enforces)),
            (
                "all_constraints",
                dict.get_str("constraints").unwrap_or_else(empty),
            ),
        ];
        let of_model = of_model.into_iter().filter(|_| is_model);
        for (name, value) in derived.into_iter().chain(of_model) {
            if dict.get_str(name).is_none() {
                dict.insert_str(name, value);
            }
        }
        if let Value::Dict(fields) = config {
            let class = "NodeConfig";
            let missing = Value::None;
            let config = Self {
                class,
                fields,
                missing,
            };
            dict.insert_str("config", Value::native(config));
        }
        Self {
            class: "QueryHeaderContextWrapper",
            fields: dict,
            missing: Value::str(""),
        }
    }

    fn get(&self, name: &str) -> Value {
        self.fields.get_str(name).unwrap_or_else(|| self.missing.clone())
    }
}

fn text_of(dict: &Value, key: &str) -> Option<String> {
    match dict {
        Value::Dict(dict) => dict.get_str(key)?.as_str().map(std::borrow::Cow::into_owned),
        _ => None,
    }
}

impl Native for Attributes {
    fn type_name(&self) -> &str {
        self.class
    }

    fn attr(&self, _cx: &Cx, name: &str) -> Result<Option<Value>, Error> {
        Ok(Some(self.get(name)))
    }

    fn item(&self, _cx: &Cx, key: &Value) -> Option<Result<Value, Error>> {
        Some(Ok(self.get(&key.as_str()?)))
    }

    fn is_subscriptable(&self) -> bool {
        true
    }

    fn call_method(&self, _cx: &Cx, name: &str, args: &Args) -> Option<Result<Value, Error>> {
        (name == "get" && self.missing.is_none()).then(|| {
            let [key, default] = args.clone().bind("get", ["key", "default"], 1)?;
            let found = key.and_then(|key| self.fields.get_str(&key.as_str()?));
            Ok(found.unwrap_or_else(|| default.unwrap_or_default()))
        })
    }

    fn text(&self) -> String {
        format!("<{} object at 0x7f0000000000>", self.class)
    }
}
