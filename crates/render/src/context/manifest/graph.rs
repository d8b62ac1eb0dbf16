//! `graph`: every node, source and exposure of the project (`dbt/contracts/graph/manifest.py`, `build_flat_graph`).

use std::sync::{Arc, OnceLock};

use glueline_project::{NodeId, ResourceType};
use glueline_template::{Dict, Value};

use super::node::{Fields, of_node};
use super::operation::of_operation;
use super::sources::{exposure, source};
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

fn make(shared: &Arc<Shared>) -> Value {
    let project = &shared.project;
    let packages = project.packages().len();
    let nodes = Dict::default();
    let enabled = || project.nodes().iter().filter(|node| node.enabled);
    for package in 0..packages {
        for kind in ORDER {
            let of_kind = enabled()
                .filter(|node| node.kind == kind && node.package == package && node.generic_test.is_none());
            for node in of_kind {
                nodes.insert_str(&node.unique_id, of_node(shared, node.id, false));
            }
        }
        // Not all start hooks before all end hooks: dbt reads package by package.
        for operation in shared
            .operations()
            .iter()
            .filter(|operation| operation.package == package)
        {
            let made = of_operation(shared, operation, (&[], &[]), false);
            nodes.insert_str(&operation.unique_id, made);
        }
    }
    for node in enabled().filter(|node| node.generic_test.is_some()) {
        nodes.insert_str(&node.unique_id, of_node(shared, node.id, false));
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

fn groups(shared: &Arc<Shared>) -> Value {
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
            dict.insert_str(&id, fields.finish());
        }
    }
    Value::Dict(Arc::new(dict))
}

fn unit_test(shared: &Arc<Shared>, id: NodeId) -> Value {
    let project = &shared.project;
    let node = project.node(id);
    let fields = Fields::new(false);
    fields.add("name", &*node.name);
    fields.add("resource_type", "unit_test");
    fields.add("unique_id", &*node.unique_id);
    let package = project.packages().get(node.package).map(|package| &*package.name);
    fields.add("package_name", package);
    fields.add(
        "original_file_path",
        project.files().info(node.file()).original.as_str(),
    );
    fields.texts("fqn", node.fqn.iter().map(|part| &**part));
    fields.finish()
}
