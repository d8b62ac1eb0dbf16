//! An earlier `manifest.json`, and what has changed since (`state:` selection).

use std::collections::BTreeMap;

use glueline_base::{System, Utf8Path, Value};
use glueline_select::StateQuestion;
use rustc_hash::FxHashSet;
use serde::Deserialize;
use serde_json::Value as Json;

use crate::config::canonical_key;
use crate::facts::sql::Site;
use crate::node::{Node, ResourceType};
use crate::project::Project;

/// The parts of a manifest that a comparison needs.
#[derive(Debug, Deserialize)]
pub struct Manifest {
    #[serde(default)]
    nodes: BTreeMap<String, Entry>,
    #[serde(default)]
    sources: BTreeMap<String, Entry>,
    #[serde(default)]
    exposures: BTreeMap<String, Entry>,
    #[serde(default)]
    unit_tests: BTreeMap<String, Entry>,
    #[serde(default)]
    macros: BTreeMap<String, MacroEntry>,
}

#[derive(Debug, Deserialize)]
struct Entry {
    #[serde(default)]
    raw_code: Option<String>,
    #[serde(default)]
    schema: Option<String>,
    #[serde(default)]
    alias: Option<String>,
    #[serde(default)]
    identifier: Option<String>,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    config: BTreeMap<String, Json>,
    #[serde(default)]
    unrendered_config: BTreeMap<String, Json>,
}

#[derive(Debug, Deserialize)]
struct MacroEntry {
    #[serde(default)]
    macro_sql: String,
}

impl Manifest {
    /// Reads `manifest.json` of a directory of artifacts.
    ///
    /// # Errors
    /// One line for people: the file is not there, or is no manifest.
    pub fn read(system: &dyn System, directory: &Utf8Path) -> Result<Self, String> {
        let path = directory.join("manifest.json");
        let bytes = system
            .read(&path)
            .map_err(|error| format!("{path}: {}", crate::files::error_text(&error)))?;
        serde_json::from_slice(&bytes).map_err(|error| format!("{path} is no manifest: {error}"))
    }

    fn entry(&self, node: &Node) -> Option<&Entry> {
        let map = match node.kind {
            ResourceType::Source => &self.sources,
            ResourceType::Exposure => &self.exposures,
            ResourceType::UnitTest => &self.unit_tests,
            _ => &self.nodes,
        };
        map.get(&*node.unique_id)
    }

    pub(crate) fn answers(&self, project: &Project, node: &Node, question: StateQuestion) -> bool {
        let Some(before) = self.entry(node) else {
            return matches!(question, StateQuestion::New | StateQuestion::Modified);
        };
        let body = || body_changed(project, node, before);
        let configs = || configs_changed(node, before);
        let relation = || relation_changed(node, before);
        let macros = || self.macros_changed(project, node);
        let description = || description_changed(project, node, before);
        let modified = || body() || configs() || relation() || macros() || description();
        match question {
            StateQuestion::New => false,
            StateQuestion::Old => true,
            StateQuestion::Modified => modified(),
            StateQuestion::Unmodified => !modified(),
            StateQuestion::ModifiedBody => body(),
            StateQuestion::ModifiedConfigs => configs(),
            StateQuestion::ModifiedPersistedDescriptions => description(),
            StateQuestion::ModifiedRelation => relation(),
            StateQuestion::ModifiedMacros => macros(),
            StateQuestion::ModifiedContract => contract_changed(node, before),
        }
    }

    /// Whether a macro that the node calls, itself or through others, reads otherwise than before.
    fn macros_changed(&self, project: &Project, node: &Node) -> bool {
        let mut seen = FxHashSet::default();
        let mut queue: Vec<String> = called(project, node);
        while let Some(name) = queue.pop() {
            if !seen.insert(name.clone()) {
                continue;
            }
            let bare = name.rsplit('.').next().unwrap_or(&name);
            let Some(reference) = project.macros().find(bare, node.package) else {
                continue;
            };
            let Some(facts) = project.facts(reference.file).sql() else {
                continue;
            };
            let Some(definition) = facts.macros.get(reference.index) else {
                continue;
            };
            let package = project
                .packages()
                .get(reference.package)
                .map_or("", |package| &package.name);
            let now = glueline_base::slice(project.files().text(reference.file), definition.range);
            let before = self
                .macros
                .get(&format!("macro.{package}.{}", definition.name.value));
            if before.is_none_or(|before| before.macro_sql.trim() != now.trim()) {
                return true;
            }
            let inside = |site: &Site| site.in_macro == Some(reference.index);
            queue.extend(
                facts
                    .calls
                    .iter()
                    .filter(|call| inside(&call.site))
                    .map(|call| call.path.value.to_string()),
            );
        }
        false
    }
}

fn called(project: &Project, node: &Node) -> Vec<String> {
    let Some(facts) = project.facts(node.file()).sql() else {
        return Vec::new();
    };
    let in_node = |site: &Site| site.in_macro.is_none() && site.in_snapshot == node.block;
    facts
        .calls
        .iter()
        .filter(|call| in_node(&call.site))
        .map(|call| call.path.value.to_string())
        .collect()
}

fn body_changed(project: &Project, node: &Node, before: &Entry) -> bool {
    let Some(raw) = &before.raw_code else { return false };
    if node.generic_test.is_some() || node.kind == ResourceType::Seed {
        return false;
    }
    let text = project.files().text(node.file());
    match node.block {
        None => text.trim() != raw.trim(),
        Some(_) => !text.contains(raw.trim()),
    }
}

fn relation_changed(node: &Node, before: &Entry) -> bool {
    let differs =
        |now: Option<&str>, before: Option<&str>| now.is_some() && before.is_some() && now != before;
    let name = before.alias.as_deref().or(before.identifier.as_deref());
    differs(node.schema.as_deref(), before.schema.as_deref()) || differs(node.identifier.as_deref(), name)
}

/// Keys set before or now, each with its effective value. What is not known now is taken as unchanged.
fn configs_changed(node: &Node, before: &Entry) -> bool {
    let now: std::collections::BTreeSet<&str> = node
        .config
        .entries()
        .map(|entry| canonical_key(&entry.key.value))
        .collect();
    let then = before.unrendered_config.keys().map(|key| canonical_key(key));
    if node.config.is_opaque() {
        return false;
    }
    let keys: std::collections::BTreeSet<&str> = now.iter().copied().chain(then).collect();
    keys.into_iter()
        .filter(|key| !matches!(*key, "schema" | "alias" | "database" | "tags"))
        .any(
            |key| match (node.config.get(key).value(), before.config.get(key)) {
                (Some(now), Some(before)) => now.is_known() && !same(now, before),
                (None, Some(before)) => node.config.get(key).is_unset() && was_set(before),
                (Some(now), None) => *now != Value::Null && now.is_known(),
                (None, None) => false,
            },
        )
}

/// Whether a value is more than the empty default that every manifest holds.
fn was_set(before: &Json) -> bool {
    match before {
        Json::Null => false,
        Json::Array(items) => !items.is_empty(),
        Json::Object(entries) => !entries.is_empty(),
        _ => true,
    }
}

fn contract_changed(node: &Node, before: &Entry) -> bool {
    let enforced = node
        .config
        .nested("contract", "enforced")
        .and_then(|(_, value)| value.value.as_bool());
    let was = before
        .config
        .get("contract")
        .and_then(|contract| contract.get("enforced"))
        .and_then(Json::as_bool);
    enforced.unwrap_or(false) != was.unwrap_or(false)
}

fn description_changed(project: &Project, node: &Node, before: &Entry) -> bool {
    let persisted = node
        .config
        .nested("persist_docs", "relation")
        .and_then(|(_, value)| value.value.as_bool());
    if persisted != Some(true) {
        return false;
    }
    let now = project
        .patch(node)
        .and_then(|patch| patch.description.as_ref())
        .map(|text| text.value.trim());
    let has_jinja = now.is_some_and(|text| text.contains("{{"));
    !has_jinja && now.unwrap_or_default() != before.description.as_deref().unwrap_or_default().trim()
}

fn same(now: &Value, before: &Json) -> bool {
    match (now, before) {
        (Value::Unknown, _) => true,
        (Value::Null, Json::Null) => true,
        (Value::Bool(a), Json::Bool(b)) => a == b,
        (Value::Int(a), Json::Number(b)) => b.as_i64() == Some(*a),
        (Value::Float(a), Json::Number(b)) => b.as_f64().is_some_and(|b| (a - b).abs() < f64::EPSILON),
        (Value::Str(a), Json::String(b)) => **a == *b,
        (Value::List(a), Json::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(&a.value, b))
        }
        (Value::Map(a), Json::Object(b)) => {
            a.len() == b.len()
                && a.iter().all(|entry| {
                    b.get(&*entry.key.value)
                        .is_some_and(|b| same(&entry.value.value, b))
                })
        }
        // Hooks are kept as mappings, written as texts.
        (Value::Str(a), Json::Array(b)) => match b.as_slice() {
            [only] => only.get("sql").and_then(Json::as_str) == Some(&**a),
            _ => false,
        },
        _ => false,
    }
}
