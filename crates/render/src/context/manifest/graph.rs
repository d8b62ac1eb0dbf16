//! `graph`: every node, source and exposure of the project (`dbt/contracts/graph/manifest.py`, `build_flat_graph`).

use std::sync::{Arc, OnceLock};

use glueline_project::{NodeId, ResourceType};
use glueline_template::{Dict, Value};

use super::definition::unit_test;
use super::node::{Fields, of_node};
use super::operation::of_operation;
use super::sources::{exposure, owner, source};
use crate::compile::Operation;
use crate::host::NodeHost;
use crate::renderer::Shared;

/// The graph, made when first asked for.
#[derive(Debug, Default)]
pub(crate) struct Graph(OnceLock<Value>);

/// `graph`; empty while dbt parses.
pub(crate) fn graph(host: &NodeHost) -> Value {
    if !host.executes() {
        return Value::dict::<&str>([]);
    }
    let shared = &host.shared;
    if let Some(known) = shared.graph.0.get() {
        return known.clone();
    }
    // Not within the cell: what it is made of may be asked for by others at the same time.
    let made = make(shared);
    shared.graph.0.get_or_init(|| made).clone()
}

/// The order in which dbt reads kinds of nodes (`dbt/parser/manifest.py`).
const ORDER: [ResourceType; 5] = [
    ResourceType::Model,
    ResourceType::Snapshot,
    ResourceType::Analysis,
    ResourceType::Test,
    ResourceType::Seed,
];

/// What stands among the `nodes` of a manifest.
pub(super) enum Listed<'a> {
    Node(NodeId),
    Operation(&'a Arc<Operation>),
}

/// The enabled nodes of a project and the hooks of its runs, in the order in which dbt reads them.
pub(super) fn listed(shared: &Shared) -> Vec<Listed<'_>> {
    let project = &shared.project;
    let enabled = || project.nodes().iter().filter(|node| node.enabled);
    let mut found = Vec::new();
    for package in 0..project.packages().len() {
        for kind in ORDER {
            let of_kind = enabled()
                .filter(|node| node.kind == kind && node.package == package && node.generic_test.is_none());
            found.extend(of_kind.map(|node| Listed::Node(node.id)));
        }
        // Not all start hooks before all end hooks: dbt reads package by package.
        let hooks = shared.operations().iter();
        let own = hooks.filter(|operation| operation.package == package);
        found.extend(own.map(Listed::Operation));
    }
    let generic = enabled().filter(|node| node.generic_test.is_some());
    found.extend(generic.map(|node| Listed::Node(node.id)));
    found
}

fn make(shared: &Arc<Shared>) -> Value {
    let project = &shared.project;
    let nodes = Dict::default();
    let enabled = || project.nodes().iter().filter(|node| node.enabled);
    for entry in listed(shared) {
        match entry {
            Listed::Node(id) => {
                nodes.insert_str(&project.node(id).unique_id, of_node(shared, id, false));
            }
            Listed::Operation(operation) => {
                let made = of_operation(shared, operation, (&[], &[]), false);
                nodes.insert_str(&operation.unique_id, made);
            }
        }
    }
    let of = |kind: ResourceType, make: fn(&Arc<Shared>, NodeId) -> Value| {
        let found = enabled().filter(|node| node.kind == kind);
        Value::dict(found.map(|node| (&*node.unique_id, make(shared, node.id))))
    };
    let empty = || Value::dict::<&str>([]);
    Value::dict([
        ("exposures", of(ResourceType::Exposure, exposure)),
        ("functions", empty()),
        ("groups", groups(shared)),
        ("metrics", empty()),
        ("nodes", Value::Dict(Arc::new(nodes))),
        ("sources", of(ResourceType::Source, source)),
        ("semantic_models", empty()),
        ("saved_queries", empty()),
        ("unit_tests", of(ResourceType::UnitTest, unit_test)),
    ])
}

pub(super) fn groups(shared: &Arc<Shared>) -> Value {
    let project = &shared.project;
    let dict = Dict::default();
    for file in project.files().of_kind(glueline_project::FileKind::Properties) {
        let Some(facts) = project.facts(file).yaml() else {
            continue;
        };
        let info = project.files().info(file);
        let package = project
            .packages()
            .get(info.package)
            .map_or("", |package| &*package.name);
        for group in &facts.properties.groups {
            let id = format!("group.{package}.{}", group.name.value);
            let fields = Fields::new(false);
            fields.add("name", &*group.name.value);
            fields.add("resource_type", "group");
            fields.add("package_name", package);
            fields.add("path", info.below.as_str());
            fields.add("original_file_path", info.original.as_str());
            fields.add("unique_id", id.as_str());
            add_owner(&fields, super::entry::of_range(shared, file, group.range));
            dict.insert_str(&id, fields.finish());
        }
    }
    Value::Dict(Arc::new(dict))
}

/// `owner`, `description` and `config` of a group.
fn add_owner(fields: &Fields, entry: Option<super::entry::Entry<'_>>) {
    let value = |key: &str| entry.map_or(Value::None, |entry| entry.value(key));
    fields.add("owner", owner(entry));
    fields.add("description", value("description"));
    let meta = match value("config") {
        Value::Dict(config) => config.get_str("meta"),
        _ => None,
    };
    let meta = meta.unwrap_or_else(|| Value::dict::<&str>([]));
    fields.add("config", Value::dict([("meta", meta)]));
}
