//! The schema and name under which a node is made.
//!
//! dbt-glue renders `schema.identifier` and never a database (`dbt/adapters/glue/relation.py`). Both come from macros
//! that a project may replace; a replacement is evaluated as far as it can be, and otherwise the name is not known.

use std::sync::Arc;

use glueline_base::Value;

use crate::config::Setting;
use crate::node::{Node, ResourceType};
use crate::project::Inputs;

/// Fills in schema and identifier.
pub(crate) fn name(inputs: &Inputs<'_>, node: &mut Node) {
    match node.kind {
        ResourceType::Source => source(inputs, node),
        ResourceType::Model | ResourceType::Seed | ResourceType::Snapshot => {
            node.identifier = identifier(inputs, node);
            node.schema = schema(inputs, node);
        }
        ResourceType::Test | ResourceType::UnitTest | ResourceType::Analysis | ResourceType::Exposure => {}
    }
}

fn source(inputs: &Inputs<'_>, node: &mut Node) {
    let Some(reference) = node.patch else { return };
    let Some(source) = inputs.source_facts(reference) else {
        return;
    };
    let Some(table) = reference.inner.and_then(|inner| source.tables.get(inner)) else {
        return;
    };
    let scope = inputs.scope(node.package);
    let made = |text: &crate::values::Text| match scope.text(&text.value) {
        Value::Str(text) => Some(text),
        Value::Unknown => None,
        Value::Null => Some("".into()),
        other => Some(other.display().into()),
    };
    // What comes out as nothing counts as not written (`dbt/parser/sources.py`, `parse_source`).
    let or_name = |written: Option<&crate::values::Text>, name| match written.map(made) {
        Some(Some(text)) if text.is_empty() => made(name),
        Some(text) => text,
        None => made(name),
    };
    node.schema = or_name(source.schema.as_ref(), &source.name);
    node.identifier = or_name(table.identifier.as_ref(), &table.name);
}

/// `alias:`, or the name, with the version of a versioned model behind it (`generate_alias_name` of dbt).
fn identifier(inputs: &Inputs<'_>, node: &Node) -> Option<Arc<str>> {
    let custom = match node.config.get("alias") {
        Setting::Unset => None,
        Setting::Unknown => return None,
        Setting::Set(set) => match &set.value.value {
            Value::Null => None,
            value => Some(value.clone()),
        },
    };
    if let Some(made) = inputs.generated("generate_alias_name", node, custom.as_ref()) {
        return as_name(&made);
    }
    match (custom, &node.version) {
        (Some(alias), _) => Some(alias.display().trim().into()),
        (None, Some(version)) => Some(format!("{}_v{}", node.name, version.v.replace('.', "_")).into()),
        (None, None) => Some(node.name.clone()),
    }
}

/// The target's schema, with `schema:` behind it; a snapshot's `target_schema` as it is.
fn schema(inputs: &Inputs<'_>, node: &Node) -> Option<Arc<str>> {
    if node.kind == ResourceType::Snapshot {
        match node.config.get("target_schema") {
            Setting::Unknown => return None,
            Setting::Set(set) if set.value.value.truthy() == Some(true) => return as_name(&set.value.value),
            Setting::Unset | Setting::Set(_) => {}
        }
    }
    let custom = match node.config.get("schema") {
        Setting::Unset => None,
        Setting::Unknown => return None,
        Setting::Set(set) => match &set.value.value {
            Value::Null => None,
            value => Some(value.clone()),
        },
    };
    if let Some(made) = inputs.generated("generate_schema_name", node, custom.as_ref()) {
        return as_name(&made);
    }
    let default = inputs.target_text("schema")?;
    Some(match custom {
        None => default.into(),
        Some(custom) => format!("{default}_{}", custom.display().trim()).into(),
    })
}

fn as_name(value: &Value) -> Option<Arc<str>> {
    match value {
        Value::Str(text) => Some(text.trim().into()),
        Value::Unknown | Value::Null => None,
        other => Some(other.display().into()),
    }
}
