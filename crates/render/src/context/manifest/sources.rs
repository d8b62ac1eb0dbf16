//! Sources and exposures as dicts: the entries of `graph.sources` and `graph.exposures`.

use std::sync::Arc;

use glueline_project::NodeId;
use glueline_template::{Dict, Value};

use super::super::{deep_copy, from_file};
use super::node::{Fields, created_at};
use super::{columns, depends, entry};
use crate::relation::Relation;
use crate::renderer::Shared;

fn strings(value: Option<Value>) -> Value {
    match value {
        Some(Value::Str(text)) => Value::list(vec![Value::Str(text)]),
        Some(Value::List(items)) => Value::list(items.items()),
        _ => Value::list(Vec::new()),
    }
}

fn empty() -> Value {
    Value::dict::<&str>([])
}

/// A source table.
pub(super) fn source(shared: &Arc<Shared>, id: NodeId) -> Value {
    let project = &shared.project;
    let node = project.node(id);
    let info = Shared::info(shared, id);
    let file = project.files().info(node.file());
    let entry = entry::of(shared, node);
    let package = project.packages().get(node.package).map(|package| &*package.name);
    let outer = entry.and_then(|entry| {
        Some(entry::Entry {
            value: entry.outer?,
            outer: None,
            ..entry
        })
    });
    let config = |key: &str| info.config.get_str(key).map(|value| deep_copy(&value));
    let config_dict = info.config_dict(node.kind, false);
    let freshness = match &config_dict {
        Value::Dict(dict) => dict.get_str("freshness").unwrap_or_default(),
        _ => Value::None,
    };
    let text = |from: Option<entry::Entry<'_>>, key: &str| {
        from.and_then(|entry| entry.text(shared, node, key))
            .unwrap_or_default()
    };
    let own = entry.map(|entry| entry::Entry { outer: None, ..entry });
    let fields = Fields::new(false);
    let database = outer.map(|outer| outer.value("database"));
    fields.add("database", database.unwrap_or_default());
    fields.add("schema", info.schema.as_deref());
    fields.add("name", &*node.name);
    fields.add("resource_type", "source");
    fields.add("package_name", package);
    fields.add("path", file.original.as_str());
    fields.add("original_file_path", file.original.as_str());
    fields.add("unique_id", &*node.unique_id);
    fields.texts("fqn", node.fqn.iter().map(|part| &**part));
    fields.add("source_name", node.source_name.as_deref());
    fields.add("source_description", text(outer, "description"));
    let loader = entry
        .map(|entry| entry.value("loader"))
        .filter(|loader| !loader.is_none());
    fields.add("loader", loader.unwrap_or_else(|| Value::str("")));
    fields.add("identifier", info.identifier.as_deref());
    let quoting = Dict::default();
    for key in ["database", "schema", "identifier", "column"] {
        let of = |entry: Option<entry::Entry<'_>>| {
            let found = entry?.value.get("quoting")?.value.get(key)?;
            Some(from_file(&found.value))
        };
        quoting.insert_str(key, of(own).or_else(|| of(outer)).unwrap_or_default());
    }
    fields.add("quoting", Value::Dict(Arc::new(quoting)));
    fields.add("loaded_at_field", config("loaded_at_field").unwrap_or_default());
    fields.add("loaded_at_query", config("loaded_at_query").unwrap_or_default());
    fields.add("freshness", freshness);
    fields.add(
        "external",
        own.map_or(Value::None, |entry| entry.value("external")),
    );
    fields.add("description", text(own, "description"));
    fields.add("columns", columns::of(shared, node, own, false));
    fields.add("meta", config("meta").unwrap_or_else(empty));
    let source_meta = outer
        .map(|outer| outer.value("meta"))
        .filter(|meta| !meta.is_none());
    fields.add("source_meta", source_meta.unwrap_or_else(empty));
    fields.add("tags", strings(config("tags")));
    let unrendered = stated_of_source(&config_dict, own, outer);
    fields.add("config", config_dict);
    fields.add("patch_path", Value::None);
    fields.add("unrendered_config", unrendered);
    fields.add("relation_name", Relation::name_of_source(shared, id));
    fields.add("created_at", created_at(shared));
    fields.add(
        "unrendered_database",
        outer.map_or(Value::None, |outer| outer.value("database")),
    );
    fields.add(
        "unrendered_schema",
        outer.map_or(Value::None, |outer| outer.value("schema")),
    );
    let doc_blocks = own.map_or_else(|| Value::list(Vec::new()), |entry| entry.doc_blocks(shared, node));
    fields.add("doc_blocks", doc_blocks);
    fields.add("_event_status", empty());
    fields.finish()
}

/// What is said of the config of a source, without dbt's defaults (`_generate_source_config` in `dbt/parser/sources.py`).
fn stated_of_source(config: &Value, own: Option<entry::Entry<'_>>, outer: Option<entry::Entry<'_>>) -> Value {
    const ALWAYS: [&str; 5] = ["freshness", "loaded_at_field", "loaded_at_query", "meta", "tags"];
    let Value::Dict(config) = config else {
        return empty();
    };
    let is_in = |entry: Option<entry::Entry<'_>>, key: &str| {
        let config = entry.and_then(|entry| entry.get("config"));
        config.is_some_and(|config| config.value.get(key).is_some())
    };
    let has_freshness = [own, outer].into_iter().flatten().any(|entry| {
        let config = entry
            .get("config")
            .and_then(|config| config.value.get("freshness"));
        entry.get("freshness").is_some() || config.is_some()
    });
    let stated = Dict::default();
    for (key, value) in config.items() {
        let Some(name) = key.as_str() else { continue };
        if *name == *"freshness" && !has_freshness {
            continue;
        }
        if is_in(own, &name) || is_in(outer, &name) || ALWAYS.contains(&&*name) {
            stated.insert_str(&name, deep_copy(&value));
        }
    }
    Value::Dict(Arc::new(stated))
}

/// Who owns an exposure or a group: what is written besides comes along.
pub(super) fn owner(entry: Option<entry::Entry<'_>>) -> Value {
    let owner = Dict::default();
    let written = entry.and_then(|entry| entry.get("owner"));
    for key in ["email", "name"] {
        let found = written.and_then(|written| written.value.get(key));
        owner.insert_str(key, found.map_or(Value::None, |found| from_file(&found.value)));
    }
    if let Some(Value::Dict(all)) = written.map(|written| from_file(&written.value)) {
        for (key, value) in all.items() {
            owner.insert_str(&key.as_str().unwrap_or_default(), value);
        }
    }
    Value::Dict(Arc::new(owner))
}

/// An exposure.
pub(super) fn exposure(shared: &Arc<Shared>, id: NodeId) -> Value {
    let project = &shared.project;
    let node = project.node(id);
    let info = Shared::info(shared, id);
    let file = project.files().info(node.file());
    let entry = entry::of(shared, node);
    let package = project.packages().get(node.package).map(|package| &*package.name);
    let value = |key: &str| entry.map_or(Value::None, |entry| entry.value(key));
    let config = |key: &str| info.config.get_str(key).map(|value| deep_copy(&value));
    let fields = Fields::new(false);
    fields.add("name", &*node.name);
    fields.add("resource_type", "exposure");
    fields.add("package_name", package);
    fields.add("path", file.below.as_str());
    fields.add("original_file_path", file.original.as_str());
    fields.add("unique_id", &*node.unique_id);
    fields.texts("fqn", node.fqn.iter().map(|part| &**part));
    fields.add("type", value("type"));
    fields.add("owner", owner(entry));
    let description = entry.and_then(|entry| entry.text(shared, node, "description"));
    fields.add("description", description.unwrap_or_default());
    fields.add("label", value("label"));
    fields.add("maturity", value("maturity"));
    fields.add("meta", config("meta").unwrap_or_else(empty));
    fields.add("tags", strings(config("tags")));
    fields.add("config", info.config_dict(node.kind, false));
    fields.add("unrendered_config", empty());
    fields.add("url", value("url"));
    // dbt looks for sources before it looks for models (`dbt/parser/manifest.py`, `load`).
    let is_source = |id: &NodeId| project.node(*id).kind == glueline_project::ResourceType::Source;
    let parents = node.parents().filter(is_source);
    let parents = parents.chain(node.parents().filter(|id| !is_source(id)));
    let parents = parents.map(|id| Value::str(&project.node(id).unique_id));
    fields.add(
        "depends_on",
        Value::dict([
            ("macros", Value::list(Vec::new())),
            ("nodes", Value::list(parents.collect())),
        ]),
    );
    fields.add("refs", depends::refs(shared, node, &info, false));
    fields.add("sources", depends::sources(node));
    fields.add("metrics", Value::list(Vec::new()));
    fields.add("created_at", created_at(shared));
    fields.finish()
}
