//! What dbt works out of the columns and tests of a model: its primary key, and the checksum of its contract.

use std::collections::BTreeSet;

use glueline_project::{Node, ResourceType};
use glueline_python::CallKind;
use glueline_template::{Dict, Value, repr, to_str};
use sha2::{Digest, Sha256};

use super::super::basics::hexadecimal;
use super::super::from_file;
use crate::renderer::Shared;

fn dict(value: &Value) -> Option<&Dict> {
    match value {
        Value::Dict(dict) => Some(dict),
        _ => None,
    }
}

fn items(value: Option<Value>) -> Vec<Value> {
    match value {
        Some(Value::List(items)) => items.items(),
        _ => Vec::new(),
    }
}

fn text(value: Option<Value>) -> String {
    value.map_or_else(String::new, |value| to_str(&value).plain().into_owned())
}

fn is_primary(constraint: &Value) -> bool {
    dict(constraint).is_some_and(|constraint| text(constraint.get_str("type")) == "primary_key")
}

/// The columns that are taken for a primary key (`infer_primary_key` in `dbt/contracts/graph/nodes.py`).
pub(super) fn primary(shared: &Shared, node: &Node, constraints: &Value, columns: &Value) -> Value {
    let mut found = of_constraints(constraints, columns).unwrap_or_else(|| of_tests(shared, node));
    found.sort_unstable();
    Value::list(found.into_iter().map(Value::from).collect())
}

fn of_constraints(constraints: &Value, columns: &Value) -> Option<Vec<String>> {
    if let Some(found) = items(Some(constraints.clone()))
        .iter()
        .find(|one| is_primary(one))
    {
        let names = items(dict(found)?.get_str("columns"));
        return Some(names.into_iter().map(|name| text(Some(name))).collect());
    }
    let (name, _) = dict(columns)?.items().into_iter().find(|(_, column)| {
        let constraints = dict(column).and_then(|column| column.get_str("constraints"));
        items(constraints).iter().any(is_primary)
    })?;
    Some(vec![text(Some(name))])
}

fn of_tests(shared: &Shared, node: &Node) -> Vec<String> {
    let project = &shared.project;
    let mut unique = BTreeSet::new();
    let mut not_null = BTreeSet::new();
    for id in project.graph().children(node.id) {
        let test = project.node(*id);
        if test.kind != ResourceType::Test || super::generic::attached(shared, test) != Some(node.id) {
            continue;
        }
        let Some(named) = test.generic_test.as_deref() else {
            continue;
        };
        let named = named.rsplit('.').next().unwrap_or(named);
        let into = match named {
            "unique" | "unique_combination_of_columns" => &mut unique,
            "not_null" => &mut not_null,
            _ => continue,
        };
        let arguments = crate::compile::written_arguments(shared, test);
        let get = |key: &str| dict(&arguments).and_then(|arguments| arguments.get_str(key));
        match get("column_name") {
            Some(Value::Str(column)) => {
                into.insert(column.plain().into_owned());
            }
            _ => {
                let listed = items(get("combination_of_columns")).into_iter();
                into.extend(listed.filter_map(|column| Some(column.as_str()?.into_owned())));
            }
        }
    }
    let both: Vec<String> = not_null.intersection(&unique).cloned().collect();
    if both.is_empty() {
        unique.into_iter().collect()
    } else {
        both
    }
}

/// The configs that a Python model asks for, with what it takes where they are not set (`parse_python_model` in `dbt/parser/models.py`).
pub(super) fn used_in_python(shared: &Shared, node: &Node) -> Option<Value> {
    let facts = shared.project.facts(node.file()).python()?;
    let of = |kind: CallKind| -> [Value; 2] {
        let calls = facts
            .calls
            .iter()
            .filter(|call| call.kind == kind && call.is_seen);
        let pairs = calls.filter_map(|call| {
            let mut arguments = call.positional().map(|argument| from_file(&argument.value.value));
            Some((arguments.next()?, arguments.next().unwrap_or_default()))
        });
        let (keys, defaults) = pairs.unzip();
        [Value::list(keys), Value::list(defaults)]
    };
    let [keys, defaults] = of(CallKind::ConfigGet);
    let [meta_keys, meta_defaults] = of(CallKind::ConfigMetaGet);
    (keys.truth() || meta_keys.truth()).then(|| {
        Value::dict([
            ("config_keys_used", keys),
            ("config_keys_defaults", defaults),
            ("meta_keys_used", meta_keys),
            ("meta_keys_defaults", meta_defaults),
        ])
    })
}

/// The checksum of an enforced contract (`build_contract_checksum` in `dbt/contracts/graph/nodes.py`).
pub(super) fn contract(columns: &Value, constraints: &Value, materialized: &str) -> String {
    let mut listed: Vec<(String, Value)> = dict(columns)
        .map(Dict::items)
        .unwrap_or_default()
        .into_iter()
        .map(|(name, column)| (text(Some(name)), column))
        .collect();
    listed.sort_by(|(one, _), (other, _)| one.cmp(other));
    let mut state = String::new();
    for (name, column) in &listed {
        let get = |key: &str| dict(column).and_then(|column| column.get_str(key));
        state.push('|');
        state.push_str(name);
        state.push_str(&text(Some(get("data_type").unwrap_or_default())));
        state.push_str(&printed(get("constraints"), "ColumnLevelConstraint"));
    }
    if matches!(materialized, "table" | "incremental") {
        state.push_str(materialized);
        state.push_str(&printed(Some(constraints.clone()), "ModelLevelConstraint"));
    }
    hexadecimal(&Sha256::digest(state.as_bytes()))
}

/// Constraints as Python prints a list of them.
fn printed(constraints: Option<Value>, class: &str) -> String {
    let each = items(constraints).into_iter().map(|constraint| {
        let fields = dict(&constraint).map(Dict::items).unwrap_or_default();
        let fields = fields.into_iter().map(|(key, value)| {
            let key = text(Some(key));
            let value = if key == "type" {
                let kind = text(Some(value));
                format!("<ConstraintType.{kind}: '{kind}'>")
            } else {
                repr(&value)
            };
            format!("{key}={value}")
        });
        format!("{class}({})", fields.collect::<Vec<_>>().join(", "))
    });
    format!("[{}]", each.collect::<Vec<_>>().join(", "))
}
