//! The parts of `manifest.json` (`dbt/artifacts/schemas/manifest/v12/manifest.py`).

use std::collections::BTreeMap;
use std::sync::Arc;

use glueline_base::slice;
use glueline_project::{FileKind, NodeId, ResourceType};
use glueline_template::Value;

use super::definition::unit_test;
use super::docs::body;
use super::graph::{Listed, groups, listed};
use super::node::{Fields, of_node};
use super::operation::of_operation;
use super::sources::{exposure, source};
use super::{keys, macros};
use crate::Renderer;
use crate::compile::{Compiled, Operation};
use crate::relation::project_quoting;
use crate::renderer::Shared;
use crate::run::plain_time;

/// What dbt's classes hold and its artifacts do not (`to_resource` in `dbt/contracts/graph/nodes.py`).
const INNER: [&str; 6] = [
    "config_call_dict",
    "unrendered_config_call_dict",
    "defer_relation",
    "batch",
    "_event_status",
    "fixture_sql",
];

/// An entry of a manifest.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its id.
    pub unique_id: Arc<str>,
    /// All that the manifest holds of it: a dict.
    pub value: Value,
}

impl Entry {
    pub(super) fn new(unique_id: &Arc<str>, value: Value) -> Self {
        if let Value::Dict(dict) = &value {
            dict.lock()
                .retain(|_, (key, _)| !key.as_str().is_some_and(|key| INNER.contains(&&*key)));
        }
        Self {
            unique_id: unique_id.clone(),
            value,
        }
    }

    /// The ids of the nodes that it reads, as `depends_on` lists them.
    pub fn parents(&self) -> Vec<String> {
        let listed = || match &self.value {
            Value::Dict(dict) => match dict.get_str("depends_on")? {
                Value::Dict(depends) => match depends.get_str("nodes")? {
                    Value::List(nodes) => Some(nodes.items()),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        };
        let ids = listed().unwrap_or_default();
        ids.iter()
            .filter_map(|id| Some(id.as_str()?.into_owned()))
            .collect()
    }

    /// The group it belongs to.
    pub fn group(&self) -> Option<String> {
        match &self.value {
            Value::Dict(dict) => Some(dict.get_str("group")?.as_str()?.into_owned()),
            _ => None,
        }
    }

    /// Adds what it was compiled to. `path` is the file that holds the code, relative to the project, where there is one.
    pub fn add_code(&self, renderer: &Renderer, compiled: &Compiled, path: Option<&str>) {
        let Value::Dict(dict) = &self.value else { return };
        let Some(code) = compiled.code.as_deref().filter(|_| compiled.failure.is_none()) else {
            return;
        };
        let project = &renderer.0.project;
        let ctes = compiled.ephemeral().map(|(node, sql)| {
            Value::dict([
                ("id", Value::str(&project.node(node).unique_id)),
                ("sql", Value::str(sql)),
            ])
        });
        dict.insert_str("compiled_path", Value::from(path));
        dict.insert_str("compiled", Value::Bool(true));
        dict.insert_str("compiled_code", Value::str(code));
        dict.insert_str("extra_ctes_injected", Value::Bool(true));
        dict.insert_str("extra_ctes", Value::list(ctes.collect()));
    }
}

/// The `begin` of a microbatch model, which dbt makes a time of once all models are known (`dbt/parser/manifest.py`,
/// `check_valid_microbatch_config`).
fn begin_as_time(config: &Value) {
    let Value::Dict(config) = config else { return };
    let text = |key: &str| Some(config.get_str(key)?.as_str()?.into_owned());
    if text("incremental_strategy").as_deref() != Some("microbatch") {
        return;
    }
    if let Some(time) = text("begin").and_then(|begin| plain_time(&begin)) {
        config.insert_str("begin", Value::from(time));
    }
}

/// A docs block: its id, its package, its file below the searched directory and below the package, its text.
pub(super) fn doc(id: &Arc<str>, package: &str, [below, original]: [&str; 2], text: &str) -> Entry {
    let fields = Fields::new(false);
    fields.add("name", id.rsplit('.').next().unwrap_or_default());
    fields.add("resource_type", "doc");
    fields.add("package_name", package);
    fields.add("path", below);
    fields.add("original_file_path", original);
    fields.add("unique_id", &**id);
    fields.add("block_contents", text);
    Entry::new(id, fields.finish())
}

/// A project as a manifest holds it, made piece by piece.
#[derive(Debug, Clone, Copy)]
pub struct Manifest<'a>(&'a Renderer);

/// What stands among the nodes of a manifest.
#[derive(Debug, Clone)]
pub enum Member {
    /// A node.
    Node(NodeId),
    /// A hook of a run.
    Operation(Arc<Operation>),
}

impl<'a> Manifest<'a> {
    /// That of a project.
    pub const fn new(renderer: &'a Renderer) -> Self {
        Self(renderer)
    }

    const fn shared(self) -> &'a Arc<Shared> {
        &self.0.0
    }

    /// What stands under `nodes`, in dbt's order.
    pub fn members(self) -> Vec<Member> {
        let project = &self.shared().project;
        let entries = listed(self.shared()).into_iter().filter_map(|entry| match entry {
            Listed::Node(id) => (!project.node(id).is_dropped()).then_some(Member::Node(id)),
            Listed::Operation(operation) => Some(Member::Operation(operation.clone())),
        });
        entries.collect()
    }

    /// The enabled nodes of a kind.
    pub fn of_kind(self, kind: ResourceType) -> impl Iterator<Item = NodeId> {
        let nodes = self.shared().project.nodes().of_kind(kind);
        nodes.filter(|node| node.enabled).map(|node| node.id)
    }

    /// A node, a source, an exposure or a unit test.
    pub fn node(self, id: NodeId) -> Entry {
        let shared = self.shared();
        let node = shared.project.node(id);
        let value = match node.kind {
            ResourceType::Source => source(shared, id),
            ResourceType::Exposure => exposure(shared, id),
            ResourceType::UnitTest => unit_test(shared, id),
            _ => of_node(shared, id, false),
        };
        if node.kind == ResourceType::Model
            && let Value::Dict(dict) = &value
        {
            // Not in what templates see: it would have to be found again whenever a test comes or goes.
            let get = |key: &str| dict.get_str(key).unwrap_or_default();
            begin_as_time(&get("config"));
            let key = keys::primary(shared, node, &get("constraints"), &get("columns"));
            dict.insert_str("primary_key", key);
        }
        Entry::new(&node.unique_id, value)
    }

    /// A hook of a run.
    pub fn operation(self, operation: &Arc<Operation>) -> Entry {
        let compiled = self.0.compile_operation(operation);
        let read = (&*compiled.refs, &*compiled.sources);
        let value = of_operation(self.shared(), operation, read, false);
        if let (Value::Dict(dict), Ok(index)) = (&value, i64::try_from(operation.index)) {
            // It counts from one while it runs only.
            dict.insert_str("index", Value::Int(index));
        }
        Entry::new(&operation.unique_id, value)
    }

    /// The nodes that a config disables, by their ids. One id may stand for several.
    pub fn disabled(self) -> BTreeMap<Arc<str>, Vec<Entry>> {
        let mut found: BTreeMap<Arc<str>, Vec<Entry>> = BTreeMap::new();
        let nodes = self.shared().project.nodes().iter();
        for node in nodes.filter(|node| !node.enabled) {
            let entry = self.node(node.id);
            found.entry(node.unique_id.clone()).or_default().push(entry);
        }
        found
    }

    /// The macros of the project and its packages, and of dbt and the adapter where they are installed beside the project.
    pub fn macros(self) -> Vec<Entry> {
        macros::all(self.shared())
    }

    /// The docs blocks of the project and its packages.
    pub fn docs(self) -> Vec<Entry> {
        let project = &self.shared().project;
        let blocks = project.files().of_kind(FileKind::Docs).flat_map(|file| {
            let facts = project.facts(file).sql();
            let blocks = facts.map_or(&[][..], |facts| &facts.docs);
            blocks.iter().map(move |block| (file, block))
        });
        let made = blocks.map(|(file, block)| {
            let info = project.files().info(file);
            let package = project.packages().get(info.package);
            let package = package.map_or("", |package| &*package.name);
            let id: Arc<str> = format!("doc.{package}.{}", block.name.value).into();
            let text = body(slice(project.files().text(file), block.range));
            doc(&id, package, [info.below.as_str(), info.original.as_str()], text)
        });
        let mut made: Vec<Entry> = made.collect();
        made.extend(macros::docs(self.shared()));
        made
    }

    /// The groups of the project and its packages: a dict by id.
    pub fn groups(self) -> Value {
        groups(self.shared())
    }

    /// `quoting` of the metadata.
    pub fn quoting(self) -> Value {
        let policy = project_quoting(&self.shared().project);
        Value::dict([
            ("database", Value::Bool(policy.database)),
            ("schema", Value::Bool(policy.schema)),
            ("identifier", Value::Bool(policy.identifier)),
            ("column", Value::None),
        ])
    }
}
