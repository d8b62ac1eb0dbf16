//! A node as a dict: `model`, and the entries of `graph.nodes`.

use std::sync::Arc;

use glueline_base::slice;
use glueline_project::{EntryList, Language, Node, NodeId, ResourceType};
use glueline_template::{Dict, Value};
use sha2::{Digest, Sha256};

use super::super::basics::hexadecimal;
use super::super::{deep_copy, from_file};
use super::{columns, depends, docs, entry};
use crate::info::NodeInfo;
use crate::relation::Relation;
use crate::renderer::Shared;

/// A dict that is being made.
pub(super) struct Fields {
    dict: Dict,
    omit_none: bool,
}

impl Fields {
    pub(super) fn new(omit_none: bool) -> Self {
        Self {
            dict: Dict::default(),
            omit_none,
        }
    }

    pub(super) fn add(&self, name: &str, value: impl Into<Value>) {
        let value = value.into();
        if !(self.omit_none && value.is_none()) {
            self.dict.insert_str(name, value);
        }
    }

    pub(super) fn texts<'a>(&self, name: &str, texts: impl IntoIterator<Item = &'a str>) {
        self.add(name, Value::list(texts.into_iter().map(Value::str).collect()));
    }

    pub(super) fn finish(self) -> Value {
        Value::Dict(Arc::new(self.dict))
    }
}

/// What a node is called and where it is made.
struct Names {
    schema: Option<Arc<str>>,
    alias: Option<Arc<str>>,
    relation: Option<String>,
    /// Whether the node is parsed, so that it is known what it reads.
    parsed: bool,
}

/// A node as the manifest holds it after parsing.
pub(crate) fn of_node(shared: &Arc<Shared>, id: NodeId, omit_none: bool) -> Value {
    let info = Shared::info(shared, id);
    let node = shared.project.node(id);
    let is_ephemeral = info.materialized() == "ephemeral";
    let has_relation = node.kind.is_refable() && !is_ephemeral;
    let names = Names {
        schema: info.schema.clone(),
        alias: info.identifier.clone(),
        relation: has_relation.then(|| Relation::of_node(shared, id).render()),
        parsed: true,
    };
    dict(shared, id, &info, &names, omit_none)
}

/// A node while `generate_schema_name` and its kin are asked: in the target's schema, under its own name.
pub(crate) fn node_while_named(shared: &Arc<Shared>, id: NodeId, info: &NodeInfo) -> Value {
    let project = &shared.project;
    let names = Names {
        schema: crate::relation::target_schema(project),
        alias: Some(project.node(id).name.clone()),
        relation: None,
        parsed: false,
    };
    dict(shared, id, info, &names, false)
}

/// A node while it is parsed, before its config is known.
pub(crate) fn node_while_parsed(shared: &Arc<Shared>, id: NodeId) -> Value {
    node_while_named(shared, id, &NodeInfo::default())
}

fn dict(shared: &Arc<Shared>, id: NodeId, info: &NodeInfo, names: &Names, omit_none: bool) -> Value {
    let project = &shared.project;
    let node = project.node(id);
    let file = project.files().info(node.file());
    let entry = entry::of(shared, node);
    let config = |key: &str| info.config.get_str(key).map(|value| deep_copy(&value));
    let as_dict = |key: &str| match config(key) {
        Some(value) => match value.downcast::<crate::info::Record>() {
            Some(record) => record.to_dict(omit_none),
            None => value,
        },
        None => Value::None,
    };
    let database = crate::relation::node_database(project);
    let package = project.packages().get(node.package).map(|package| &*package.name);
    let fields = Fields::new(omit_none);
    fields.add("database", database.as_deref());
    fields.add("schema", names.schema.as_deref());
    fields.add("name", &*node.name);
    fields.add("resource_type", node.kind.name());
    fields.add("package_name", package);
    fields.add("path", path(shared, node));
    fields.add("original_file_path", file.original.as_str());
    fields.add("unique_id", &*node.unique_id);
    fields.texts("fqn", node.fqn.iter().map(|part| &**part));
    fields.add("alias", names.alias.as_deref());
    fields.add("checksum", checksum(shared, node));
    fields.add("config", info.config_dict(node.kind, omit_none));
    fields.add("tags", tags(shared, node, config("tags")));
    let description = entry.and_then(|entry| entry.text(shared, node, "description"));
    fields.add("description", description.unwrap_or_default());
    fields.add("columns", columns::of(shared, node, entry, omit_none));
    fields.add("meta", config("meta").unwrap_or_else(|| Value::dict::<&str>([])));
    fields.add("group", config("group").unwrap_or_default());
    fields.add(
        "docs",
        match as_dict("docs") {
            Value::None if omit_none => Value::dict([("show", Value::Bool(true))]),
            Value::None => Value::dict([("show", Value::Bool(true)), ("node_color", Value::None)]),
            docs => docs,
        },
    );
    let patch = entry.map(|entry| {
        let original = &project.files().info(entry.file).original;
        format!("{}://{original}", package.unwrap_or_default())
    });
    fields.add("patch_path", patch.as_deref());
    fields.add("build_path", Value::None);
    let copy = |dict: &Arc<Dict>| deep_copy(&Value::Dict(dict.clone()));
    fields.add("unrendered_config", copy(&info.stated));
    fields.add("created_at", created_at(shared));
    fields.add("config_call_dict", copy(&info.in_file));
    fields.add("unrendered_config_call_dict", copy(&info.in_file));
    if node.kind == ResourceType::Seed {
        fields.add("relation_name", names.relation.as_deref());
        fields.add("raw_code", "");
        fields.add("doc_blocks", Value::list(Vec::new()));
        let root = project
            .packages()
            .get(node.package)
            .map(|package| package.root.as_str());
        fields.add("root_path", root);
        fields.add("depends_on", Value::dict([("macros", Value::list(Vec::new()))]));
        fields.add("defer_relation", Value::None);
        return fields.finish();
    }
    fields.add("relation_name", names.relation.as_deref());
    fields.add("raw_code", raw_code(shared, node));
    fields.add("doc_blocks", Value::list(Vec::new()));
    let is_python = node.language == Language::Python;
    fields.add("language", if is_python { "python" } else { "sql" });
    fields.add("refs", depends::refs(shared, node, omit_none));
    fields.add("sources", depends::sources(node));
    fields.add("metrics", Value::list(Vec::new()));
    fields.add("functions", Value::list(Vec::new()));
    let depends = if names.parsed {
        depends_on(shared, node)
    } else {
        Value::dict([
            ("macros", Value::list(Vec::new())),
            ("nodes", Value::list(Vec::new())),
        ])
    };
    fields.add("depends_on", depends);
    fields.add("compiled_path", Value::None);
    fields.add("contract", contract(as_dict("contract"), omit_none));
    match node.kind {
        ResourceType::Model => model(&fields, node, entry, config("access")),
        ResourceType::Test if node.generic_test.is_some() => test(shared, &fields, node),
        ResourceType::Snapshot => fields.add("defer_relation", Value::None),
        _ => {}
    }
    fields.finish()
}

fn path(shared: &Shared, node: &Node) -> String {
    match (&node.generic_test, &node.identifier) {
        (Some(_), Some(alias)) => format!("{alias}.sql"),
        (Some(_), None) => format!("{}.sql", node.name),
        (None, _) => shared.project.files().info(node.file()).below.to_string(),
    }
}

/// Seconds since 1970 at which the node was made.
#[expect(clippy::cast_precision_loss, reason = "microseconds of this age fit")]
pub(super) fn created_at(shared: &Shared) -> Value {
    Value::Float(shared.settings.started_at as f64 / 1_000_000.0)
}

/// `FileHash` of the text with white space squeezed (`dbt/parser/read_files.py`, `normalize_file_contents`).
fn checksum(shared: &Shared, node: &Node) -> Value {
    if node.generic_test.is_some() {
        return Value::dict([("name", Value::str("none")), ("checksum", Value::str(""))]);
    }
    checksum_of(shared.project.files().text(node.file()))
}

/// The same of a text.
pub(super) fn checksum_of(text: &str) -> Value {
    let squeezed: Vec<&str> = text.split_whitespace().collect();
    let sum = hexadecimal(&Sha256::digest(squeezed.join(" ").as_bytes()));
    Value::dict([("name", Value::str("sha256")), ("checksum", Value::from(sum))])
}

/// The tags of a node; a generic test has those of its column, too.
fn tags(shared: &Shared, node: &Node, own: Option<Value>) -> Value {
    let mut tags = match own {
        Some(Value::List(tags)) => tags.items(),
        Some(Value::Str(tag)) => vec![Value::Str(tag)],
        _ => Vec::new(),
    };
    if node.generic_test.is_some()
        && let Some(column) = crate::compile::column_of_test(shared, node)
    {
        tags.extend(
            column_tags(shared, node, column)
                .into_iter()
                .filter(|tag| !tags.iter().any(|known| glueline_template::equal(known, tag)))
                .collect::<Vec<_>>(),
        );
    }
    Value::list(tags)
}

fn column_tags(shared: &Shared, node: &Node, column: &str) -> Vec<Value> {
    let Some(entry) = node.patch.and_then(|patch| entry::at(shared, patch)) else {
        return Vec::new();
    };
    let columns = entry.get("columns").and_then(|columns| columns.value.as_list());
    let found = columns.unwrap_or_default().iter().find(|item| {
        item.value
            .get("name")
            .is_some_and(|name| name.value.display() == column.trim_matches('`'))
    });
    let tags = found.and_then(|column| {
        let config = column
            .value
            .get("config")
            .and_then(|config| config.value.get("tags"));
        config.or_else(|| column.value.get("tags"))
    });
    match tags.map(|tags| from_file(&tags.value)) {
        Some(Value::List(tags)) => tags.items(),
        Some(Value::Str(tag)) => vec![Value::Str(tag)],
        _ => Vec::new(),
    }
}

/// The text of a node before it is rendered.
pub(crate) fn raw_code(shared: &Shared, node: &Node) -> String {
    if let Some(text) = crate::compile::made_up(shared, node) {
        return text + &config_of_test(node);
    }
    let text = shared.project.files().text(node.file());
    let block = node.block.and_then(|block| {
        let facts = shared.project.facts(node.file()).sql()?;
        Some(slice(text, facts.snapshots.get(block)?.range))
    });
    match block {
        Some(block) => docs::between(block).to_owned(),
        None => text.trim().to_owned(),
    }
}

/// The call of `config()` that dbt puts behind a generic test (`dbt/parser/generic_test_builders.py`, `construct_config`).
fn config_of_test(node: &Node) -> String {
    let entries = node
        .config
        .entries()
        .filter(|entry| node.generic_test.is_some() && entry.layer == glueline_project::Layer::Properties);
    let configs: Vec<String> = entries
        .map(|entry| {
            let value = match entry.value.value.as_str() {
                Some(text) => format!("\"{}\"", text.replace('"', "\\\"")),
                None => entry.value.value.repr(),
            };
            format!("{}={value}", entry.key.value)
        })
        .collect();
    if configs.is_empty() {
        return String::new();
    }
    format!("{{{{ config({}) }}}}", configs.join(","))
}

fn depends_on(shared: &Arc<Shared>, node: &Node) -> Value {
    let nodes = depends::nodes(shared, node);
    let nodes = nodes
        .iter()
        .map(|id| Value::str(&shared.project.node(*id).unique_id));
    let macros = depends::macros(shared, node).into_iter().map(Value::from);
    Value::dict([
        ("macros", Value::list(macros.collect())),
        ("nodes", Value::list(nodes.collect())),
    ])
}

fn contract(contract: Value, omit_none: bool) -> Value {
    let made = match contract {
        Value::Dict(dict) => dict,
        _ => Arc::new(Dict::default()),
    };
    let get = |key: &str, default: bool| made.get_str(key).unwrap_or(Value::Bool(default));
    let fields = Fields::new(omit_none);
    fields.add("enforced", get("enforced", false));
    fields.add("alias_types", get("alias_types", true));
    fields.add("checksum", Value::None);
    fields.finish()
}

fn model(fields: &Fields, node: &Node, entry: Option<entry::Entry<'_>>, access: Option<Value>) {
    fields.add("access", access.unwrap_or_else(|| Value::str("protected")));
    let constraints =
        entry.map(|entry| columns::list_of(entry.value, "constraints", fields.omit_none, false));
    fields.add(
        "constraints",
        constraints.unwrap_or_else(|| Value::list(Vec::new())),
    );
    let version = node.version.as_ref();
    let number = |v: &str| v.parse::<i64>().map_or_else(|_| Value::str(v), Value::Int);
    fields.add(
        "version",
        version.map_or(Value::None, |version| number(&version.v)),
    );
    let latest = entry
        .filter(|_| version.is_some())
        .map(|entry| latest_version(&entry));
    fields.add("latest_version", latest.unwrap_or_default());
    let deprecation = entry.map(|entry| entry.value("deprecation_date"));
    fields.add("deprecation_date", deprecation.unwrap_or_default());
    fields.add("defer_relation", Value::None);
    fields.add("primary_key", Value::list(Vec::new()));
    fields.add(
        "time_spine",
        entry.map_or(Value::None, |entry| time_spine(&entry)),
    );
    fields.add("batch", Value::None);
}

fn time_spine(entry: &entry::Entry<'_>) -> Value {
    let Value::Dict(written) = entry.value("time_spine") else {
        return Value::None;
    };
    let granularities = written.get_str("custom_granularities");
    Value::dict([
        (
            "standard_granularity_column",
            written.get_str("standard_granularity_column").unwrap_or_default(),
        ),
        (
            "custom_granularities",
            granularities.unwrap_or_else(|| Value::list(Vec::new())),
        ),
    ])
}

/// `latest_version:`, or the greatest of the versions.
fn latest_version(entry: &entry::Entry<'_>) -> Value {
    let stated = entry.value("latest_version");
    if !stated.is_none() {
        return stated;
    }
    let versions = entry.outer.and_then(|outer| outer.get("versions"));
    let versions = versions
        .and_then(|versions| versions.value.as_list())
        .unwrap_or_default();
    let mut all: Vec<Value> = versions
        .iter()
        .filter_map(|version| Some(from_file(&version.value.get("v")?.value)))
        .collect();
    all.sort_by(|a, b| glueline_template::order(a, b).unwrap_or(std::cmp::Ordering::Equal));
    all.pop().unwrap_or_default()
}

fn test(shared: &Arc<Shared>, fields: &Fields, node: &Node) {
    let column = crate::compile::column_of_test(shared, node);
    fields.add("column_name", column);
    let attached = node
        .dependencies
        .first()
        .and_then(|dependency| match dependency.resolution {
            glueline_project::Resolution::Node(id) => Some(shared.project.node(id)),
            _ => None,
        });
    let list = match node.patch.map(|patch| patch.list) {
        Some(EntryList::Sources) => "sources",
        _ => match attached.map(|node| node.kind) {
            Some(ResourceType::Seed) => "seeds",
            Some(ResourceType::Snapshot) => "snapshots",
            _ => "models",
        },
    };
    let name = attached.map(|node| match &node.source_name {
        Some(source) => format!("{list}.{source}"),
        None => format!("{list}.{}", node.name),
    });
    fields.add("file_key_name", name.as_deref());
    let attached = attached.filter(|node| node.kind != ResourceType::Source);
    fields.add("attached_node", attached.map(|node| &*node.unique_id));
    let test = node.generic_test.as_deref().unwrap_or_default();
    let (namespace, name) = match test.split_once('.') {
        Some((namespace, name)) => (Some(namespace), name),
        None => (None, test),
    };
    let metadata = Fields::new(fields.omit_none);
    metadata.add("name", name);
    metadata.add("kwargs", crate::compile::written_arguments(shared, node));
    metadata.add("namespace", namespace);
    fields.add("test_metadata", metadata.finish());
}
