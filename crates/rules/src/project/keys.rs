//! Walking the keys of a YAML file by what the catalogue knows of them.

use glueline_base::{MapEntry, Node, Value};
use glueline_catalog::{KeySpec, Scope, ValueType, lookup};

/// A place in a YAML file, seen with the catalogue.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Place<'a> {
    /// A key with its value, and what is known of it.
    Key {
        /// Where it may stand.
        scope: Scope,
        /// The key and the value.
        entry: &'a MapEntry,
        /// What is known of it.
        spec: Option<&'static KeySpec>,
    },
    /// A mapping with the keys of a scope.
    Map {
        /// The scope.
        scope: Scope,
        /// The mapping.
        node: &'a Node,
    },
    /// An item of a list of mappings that is none.
    NoMap {
        /// The scope of the mappings.
        scope: Scope,
        /// The item.
        node: &'a Node,
    },
}

/// Scopes nest at most so deep in the files of dbt; an end to anything else.
const MAX_DEPTH: usize = 16;

/// Shows every mapping and every key below a value that has the keys of a scope.
pub(crate) fn walk<'a>(scope: Scope, node: &'a Node, see: &mut dyn FnMut(Place<'a>)) {
    inside(scope, node, see, 0);
}

fn inside<'a>(scope: Scope, node: &'a Node, see: &mut dyn FnMut(Place<'a>), depth: usize) {
    let Some(entries) = node.value.as_map().filter(|_| depth < MAX_DEPTH) else {
        return;
    };
    see(Place::Map { scope, node });
    for entry in entries {
        let spec = lookup(scope, &entry.key.value);
        see(Place::Key { scope, entry, spec });
        if let Some(spec) = spec {
            below(spec.value, &entry.value, see, depth);
        }
    }
}

fn below<'a>(kind: ValueType, node: &'a Node, see: &mut dyn FnMut(Place<'a>), depth: usize) {
    match kind {
        ValueType::Objects(scope) => {
            for item in node.value.as_list().unwrap_or_default() {
                match &item.value {
                    Value::Map(_) => inside(scope, item, see, depth + 1),
                    Value::Unknown => {}
                    _ => see(Place::NoMap { scope, node: item }),
                }
            }
        }
        ValueType::ObjectMap(scope) => {
            let items = node.value.as_map().unwrap_or_default();
            items
                .iter()
                .for_each(|item| inside(scope, &item.value, see, depth + 1));
        }
        _ => {
            if let Some(scope) = kind.scope() {
                inside(scope, node, see, depth + 1);
            }
        }
    }
}

/// Keys of `dbt_project.yml` that have a new name, which comes first; both together are refused
/// (`dbt/config/project.py`, `dbt/contracts/project.py`).
pub(crate) const RENAMED: [(&str, &str); 3] = [
    ("model-paths", "source-paths"),
    ("seed-paths", "data-paths"),
    ("data_tests", "tests"),
];

/// A value in a few words, for messages.
pub(crate) fn shown(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::Str(_) | Value::Bool(_) | Value::Int(_) | Value::Float(_) => format!("`{}`", value.display()),
        other => other.kind().to_owned(),
    }
}
