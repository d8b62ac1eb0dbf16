//! What dbt makes of a generic test (`dbt/parser/schema_generic_tests.py`).

use std::sync::Arc;

use glueline_project::{EntryList, Node, NodeId, Resolution, ResourceType};
use glueline_template::Value;

use super::super::from_file;
use super::entry;
use super::node::Fields;
use crate::renderer::Shared;

/// The node that a generic test is put on.
pub(super) fn attached(shared: &Shared, test: &Node) -> Option<NodeId> {
    test.generic_test.as_ref()?;
    match test.dependencies.first()?.resolution {
        Resolution::Node(id) => Some(shared.project.node(id).id),
        _ => None,
    }
}

/// The group of a node; that of the model that it is put on for a generic test without one
/// (`dbt/parser/schema_generic_tests.py`, `add_test_node`).
pub(super) fn group(shared: &Arc<Shared>, node: &Node, own: Option<Value>) -> Value {
    match own {
        Some(own) if !own.is_none() => own,
        _ => {
            let model =
                attached(shared, node).filter(|id| shared.project.node(*id).kind == ResourceType::Model);
            model
                .and_then(|id| Shared::info(shared, id).config.get_str("group"))
                .unwrap_or_default()
        }
    }
}

pub(super) fn test(shared: &Arc<Shared>, fields: &Fields, node: &Node) {
    let column = crate::compile::column_of_test(shared, node);
    fields.add("column_name", column);
    let attached = attached(shared, node).map(|id| shared.project.node(id));
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

/// The tags of a node; a generic test has those of its column, too.
pub(super) fn tags(shared: &Shared, node: &Node, own: Option<Value>) -> Value {
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

/// The alias by which the name of a generic test is made short that is too long.
pub(super) fn short_alias(node: &Node) -> Option<&str> {
    let own = node.config.entries().any(|entry| &*entry.key.value == "alias");
    let made = node
        .identifier
        .as_deref()
        .filter(|_| node.generic_test.is_some() && !own);
    made.filter(|alias| *alias != &*node.name)
}

/// The call of `config()` that dbt puts behind a generic test (`dbt/parser/generic_test_builders.py`, `construct_config`).
pub(super) fn config_of_test(node: &Node) -> String {
    let entries = node
        .config
        .entries()
        .filter(|entry| node.generic_test.is_some() && entry.layer == glueline_project::Layer::Properties);
    let alias = short_alias(node).map(|alias| format!("alias=\"{alias}\""));
    let configs: Vec<String> = entries
        .map(|entry| {
            let value = match entry.value.value.as_str() {
                Some(text) => format!("\"{}\"", text.replace('"', "\\\"")),
                None => entry.value.value.repr(),
            };
            format!("{}={value}", entry.key.value)
        })
        .chain(alias)
        .collect();
    if configs.is_empty() {
        return String::new();
    }
    format!("{{{{ config({}) }}}}", configs.join(","))
}
