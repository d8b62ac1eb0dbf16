//! The layers of a node's config as values, the weakest first.

use std::sync::Arc;

use glueline_base::{FileId, FileRange, Spanned, TextRange, Value as Written};
use glueline_project::{Config, Contribution, Layer, Node, NodeId, canonical_key};
use glueline_template::{Dict, Value, insert};

use crate::context::from_file;
use crate::host::{NodeHost, Phase};
use crate::renderer::Shared;

/// A setting of a node.
pub(super) struct Setting {
    /// The key as dbt knows it.
    pub(super) key: Arc<str>,
    /// The key as it is written.
    pub(super) written: Arc<str>,
    pub(super) value: Value,
    /// Whether a call of `config()` in the node's own file says it.
    pub(super) is_in_file: bool,
    /// Whether a project file says it.
    pub(super) is_of_project: bool,
}

/// Every setting of a node, in the order in which dbt joins them.
///
/// Where the file itself sets something that its text alone does not tell, the file is rendered as dbt renders it while parsing.
pub(super) fn of(shared: &Arc<Shared>, id: NodeId) -> Vec<Setting> {
    let node = shared.project.node(id);
    let mut settings = Vec::new();
    let is_rendered = needs_rendering(&node.config);
    let mut push_rendered = is_rendered;
    // A test's macro comes before what the entry of the test says.
    let mut push_of_macro = !is_rendered && macro_configures(shared, node);
    for entry in node.config.entries() {
        if push_of_macro && !is_of_project(entry.layer) {
            push_of_macro = false;
            settings.extend(rendered(shared, id));
        }
        let is_later = matches!(entry.layer, Layer::InFile | Layer::RootProjectFile(_));
        if push_rendered && is_later {
            push_rendered = false;
            settings.extend(rendered(shared, id));
        }
        if !(is_rendered && entry.layer == Layer::InFile) {
            settings.push(setting(shared, node, entry));
        }
    }
    if push_rendered || push_of_macro {
        settings.extend(rendered(shared, id));
    }
    settings
}

const fn is_of_project(layer: Layer) -> bool {
    matches!(layer, Layer::ProjectFile(_) | Layer::RootProjectFile(_))
}

/// Whether the macro of a generic test may call `config()`: something in its file does. dbt does not render its own two tests to parse
/// them (`dbt/parser/schema_generic_tests.py`, `render_test_update`).
fn macro_configures(shared: &Shared, node: &Node) -> bool {
    let Some(test) = node.generic_test.as_deref() else {
        return false;
    };
    let project = &shared.project;
    let (package, name) = match test.split_once('.') {
        Some((package, name)) => {
            let known = project
                .packages()
                .iter()
                .position(|known| &*known.name == package);
            (known, name)
        }
        None => (None, test),
    };
    let full = format!("test_{name}");
    let found = match package {
        Some(package) => project.macros().find_in(&full, package),
        None => project.macros().find(&full, node.package),
    };
    let facts = found.and_then(|found| project.facts(found.file).sql());
    facts.is_some_and(|facts| facts.configs.iter().any(|call| call.site.in_macro.is_some()))
}

fn needs_rendering(config: &Config) -> bool {
    let is_unknown = |entry: &Contribution| entry.layer == Layer::InFile && !entry.value.value.is_known();
    config.is_opaque() || config.entries().any(is_unknown)
}

fn rendered(shared: &Arc<Shared>, id: NodeId) -> Vec<Setting> {
    let captured = crate::context::parsed(shared, id);
    let configs = captured.configs.iter();
    configs
        .map(|(key, value, _)| Setting {
            key: canonical_key(key).into(),
            written: key.clone(),
            value: value.clone(),
            is_in_file: true,
            is_of_project: false,
        })
        .collect()
}

fn setting(shared: &Arc<Shared>, node: &Node, entry: &Contribution) -> Setting {
    Setting {
        key: canonical_key(&entry.key.value).into(),
        written: entry.key.value.clone(),
        value: known(shared, node, entry.file, &entry.value),
        is_in_file: entry.layer == Layer::InFile,
        is_of_project: is_of_project(entry.layer),
    }
}

/// A value of a file, with the Jinja in it rendered where that was not possible without macros.
fn known(shared: &Arc<Shared>, node: &Node, file: FileId, value: &Spanned<Written>) -> Value {
    match &value.value {
        Written::Unknown => {
            let place = FileRange {
                file,
                range: value.range,
            };
            written_at(shared, place).map_or_else(
                || from_file(&Written::Unknown),
                |text| evaluate(shared, node, &text, place),
            )
        }
        Written::List(items) => {
            Value::list(items.iter().map(|item| known(shared, node, file, item)).collect())
        }
        Written::Map(entries) => {
            let dict = Dict::default();
            for entry in entries {
                let made = known(shared, node, file, &entry.value);
                insert(&dict, entry, made);
            }
            Value::Dict(Arc::new(dict))
        }
        other => from_file(other),
    }
}

/// A text of a file of YAML, by its place.
fn written_at(shared: &Shared, place: FileRange) -> Option<Arc<str>> {
    let root = &shared.project.facts(place.file).yaml()?.value;
    find(root, place.range)
}

fn find(node: &Spanned<Written>, range: TextRange) -> Option<Arc<str>> {
    match &node.value {
        Written::Str(text) if node.range == range => Some(text.clone()),
        Written::List(items) => items.iter().find_map(|item| find(item, range)),
        Written::Map(entries) => entries.iter().find_map(|entry| find(&entry.value, range)),
        _ => None,
    }
}

/// A text of Jinja in a file of YAML, rendered for a node: one expression alone keeps its type.
pub(super) fn evaluate(shared: &Arc<Shared>, node: &Node, text: &str, place: FileRange) -> Value {
    let mut host = NodeHost::text(shared, "config", Phase::Parse);
    host.package = node.package;
    let (made, _) = shared.engine.with(Arc::new(host), shared.settings.limits, |cx| {
        crate::compile::native(cx, text, place)
    });
    made.unwrap_or_else(|error| Value::undefined(error.message().to_owned()))
}
