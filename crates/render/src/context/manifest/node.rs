//! A node as a dict: `model`, and the entries of `graph.nodes`.

use std::sync::Arc;

use glueline_base::slice;
use glueline_project::{FileKind, Language, Node, NodeId, ResourceType};
use glueline_template::{Dict, Value};
use sha2::{Digest, Sha256};

use super::super::basics::hexadecimal;
use super::super::{deep_copy, from_file};
use super::{columns, depends, docs, entry, generic, keys, unrendered};
use crate::info::NodeInfo;
use crate::relation::Relation;
use crate::renderer::Shared;

/// A dict that is being made.
pub(super) struct Fields {
    dict: Dict,
    pub(super) omit_none: bool,
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
    let has_relation = crate::relation_name::makes_relation(shared, id);
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
    fields.texts("fqn", fqn(shared, node));
    fields.add("alias", names.alias.as_deref());
    fields.add("checksum", checksum(shared, node));
    let used = (node.language == Language::Python)
        .then(|| keys::used_in_python(shared, node))
        .flatten();
    fields.add(
        "config",
        with(info.config_dict(node.kind, omit_none), used.as_ref()),
    );
    fields.add("tags", generic::tags(shared, node, config("tags")));
    let description = entry.and_then(|entry| entry.text(shared, node, "description"));
    fields.add("description", description.unwrap_or_default());
    let columns = columns::of(shared, node, entry, omit_none);
    fields.add("columns", columns.clone());
    let doc_blocks = entry.map_or_else(|| Value::list(Vec::new()), |entry| entry.doc_blocks(shared, node));
    fields.add("meta", config("meta").unwrap_or_else(|| Value::dict::<&str>([])));
    fields.add("group", generic::group(shared, node, config("group")));
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
    let raw = raw_code(shared, node);
    let unrendered = unrendered::config(shared, node, info, &raw);
    fields.add("unrendered_config", with(unrendered, used.as_ref()));
    fields.add("created_at", created_at(shared));
    fields.add("config_call_dict", copy(&info.in_file));
    fields.add("unrendered_config_call_dict", copy(&info.in_file));
    if node.kind == ResourceType::Seed {
        fields.add("relation_name", names.relation.as_deref());
        fields.add("raw_code", "");
        fields.add("doc_blocks", doc_blocks);
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
    fields.add("raw_code", raw);
    fields.add("doc_blocks", doc_blocks);
    let is_python = node.language == Language::Python;
    fields.add("language", if is_python { "python" } else { "sql" });
    fields.add("refs", depends::refs(shared, node, info, omit_none));
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
    let constraints = constraints(entry, omit_none);
    let checksum = (node.kind == ResourceType::Model)
        .then(|| keys::contract(&columns, &constraints, &info.materialized()));
    fields.add("contract", contract(as_dict("contract"), checksum, omit_none));
    match node.kind {
        ResourceType::Model => model(&fields, node, entry, config("access"), constraints),
        ResourceType::Test if node.generic_test.is_some() => generic::test(shared, &fields, node),
        ResourceType::Snapshot => fields.add("defer_relation", Value::None),
        _ => {}
    }
    fields.finish()
}

/// A dict with entries added.
fn with(dict: Value, more: Option<&Value>) -> Value {
    if let (Value::Dict(dict), Some(Value::Dict(more))) = (&dict, more) {
        for (key, value) in more.items() {
            dict.insert_str(&key.as_str().unwrap_or_default(), value);
        }
    }
    dict
}

fn path(shared: &Shared, node: &Node) -> String {
    match (&node.generic_test, &node.identifier) {
        _ if is_written_in_yaml(shared, node) => format!("{}.sql", node.name),
        _ if node.kind == ResourceType::Analysis => {
            format!("{ANALYSES}/{}", shared.project.files().info(node.file()).below)
        }
        (Some(_), Some(alias)) => format!("{alias}.sql"),
        (Some(_), None) => format!("{}.sql", node.name),
        (None, _) => shared.project.files().info(node.file()).below.to_string(),
    }
}

/// What dbt puts before the paths of analyses, wherever they are (`dbt/parser/analysis.py`).
const ANALYSES: &str = "analysis";

/// Whether a snapshot has no file of its own.
fn is_written_in_yaml(shared: &Shared, node: &Node) -> bool {
    let kind = shared.project.files().info(node.file()).kind;
    node.kind == ResourceType::Snapshot && kind == FileKind::Properties
}

/// What selectors know a node by.
fn fqn<'a>(shared: &Shared, node: &'a Node) -> Vec<&'a str> {
    let mut parts: Vec<&str> = node.fqn.iter().map(|part| &**part).collect();
    if node.kind == ResourceType::Analysis && parts.get(1) != Some(&ANALYSES) && !parts.is_empty() {
        parts.insert(1, ANALYSES);
    }
    if is_written_in_yaml(shared, node) {
        parts.truncate(1);
        parts.push(&node.name);
    }
    parts
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
    let files = shared.project.files();
    if node.kind != ResourceType::Seed {
        return checksum_of(files.text(node.file()));
    }
    // The text of a seed counts, white space and all; one that is too large counts by its name alone (`dbt/parser/read_files.py`, `load_seed_source_file`).
    let file = files.info(node.file());
    let (name, sum) = if file.size > LARGEST_SEED {
        ("path", file.original.to_string())
    } else {
        let bytes = shared.settings.system.read(&file.absolute).unwrap_or_default();
        // Read as text, with the ends of lines that all systems share.
        let text = String::from_utf8_lossy(&bytes)
            .replace("\r\n", "\n")
            .replace('\r', "\n");
        ("sha256", hexadecimal(&Sha256::digest(text.trim().as_bytes())))
    };
    Value::dict([("name", Value::str(name)), ("checksum", Value::from(sum))])
}

/// How large a seed is at most whose text is looked at.
const LARGEST_SEED: u64 = 1 << 20;

/// The same of a text.
pub(super) fn checksum_of(text: &str) -> Value {
    let squeezed: Vec<&str> = text.split_whitespace().collect();
    let sum = hexadecimal(&Sha256::digest(squeezed.join(" ").as_bytes()));
    Value::dict([("name", Value::str("sha256")), ("checksum", Value::from(sum))])
}

/// The text of a node before it is rendered.
pub(crate) fn raw_code(shared: &Shared, node: &Node) -> String {
    if let Some(text) = crate::compile::made_up(shared, node) {
        return text + &generic::config_of_test(node);
    }
    let text = shared.project.files().text(node.file());
    let block = node.block.and_then(|block| {
        let facts = shared.project.facts(node.file()).sql()?;
        Some(slice(text, facts.snapshots.get(block)?.range))
    });
    match block {
        Some(block) => docs::stripped(block).to_owned(),
        None => text.trim().to_owned(),
    }
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

fn contract(contract: Value, checksum: Option<String>, omit_none: bool) -> Value {
    let made = match contract {
        Value::Dict(dict) => dict,
        _ => Arc::new(Dict::default()),
    };
    let get = |key: &str, default: bool| made.get_str(key).unwrap_or(Value::Bool(default));
    let checksum = checksum.filter(|_| get("enforced", false).truth());
    let fields = Fields::new(omit_none);
    fields.add("enforced", get("enforced", false));
    fields.add("alias_types", get("alias_types", true));
    fields.add("checksum", Value::from(checksum.as_deref()));
    fields.finish()
}

fn constraints(entry: Option<entry::Entry<'_>>, omit_none: bool) -> Value {
    let written = entry.map(|entry| columns::list_of(entry.value, "constraints", omit_none, false));
    written.unwrap_or_else(|| Value::list(Vec::new()))
}

/// The number of a version, or its name.
pub(super) fn version(v: &str) -> Value {
    v.parse::<i64>().map_or_else(|_| Value::str(v), Value::Int)
}

fn model(
    fields: &Fields,
    node: &Node,
    entry: Option<entry::Entry<'_>>,
    access: Option<Value>,
    constraints: Value,
) {
    fields.add("access", access.unwrap_or_else(|| Value::str("protected")));
    fields.add("constraints", constraints);
    let number = node.version.as_ref().map(|found| version(&found.v));
    fields.add("version", number.unwrap_or_default());
    let latest = entry
        .filter(|_| node.version.is_some())
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
