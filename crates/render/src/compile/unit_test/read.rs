//! What the entry of a unit test says, its Jinja rendered.

use std::sync::Arc;

use glueline_base::{FileRange, Spanned, Value as Written};
use glueline_jinja as jinja;
use glueline_project::{EntryList, Node, NodeId, Resolution, ResourceType};
use glueline_template::{
    Cx, Dict, Ends, Engine, Error, ErrorKind, Origin, Unit, Value, insert, lower_template, repr,
};

use super::rows::{self, Rows};
use super::{Input, Overrides, UnitTest};
use crate::host::{NodeHost, Phase};
use crate::renderer::Shared;

/// Reads a unit test.
///
/// # Errors
/// What dbt cannot read of it either: inputs that are no nodes, rows that are none.
pub(crate) fn read(shared: &Arc<Shared>, id: NodeId) -> Result<UnitTest, Error> {
    let node = shared.project.node(id);
    let Some(Resolution::Node(tested)) = node.dependencies.first().map(|model| model.resolution) else {
        return Err(parsing("the tested model is not to be found".to_owned()));
    };
    let entry = rendered_entry(shared, node)?;
    let place = node.at;
    let name = match &shared.project.node(tested).version {
        Some(version) => format!("{}_v{}", node.name, version.v).into(),
        None => node.name.clone(),
    };
    let mut inputs = Vec::new();
    let mut this = None;
    for given in list(&entry, "given") {
        let Value::Dict(given) = given else { continue };
        let named = text(&given, "input").unwrap_or_default();
        let original = original(shared, node, tested, &named)?;
        let rows = rows::of(shared, node, &given, rows::Of::Input(original))?;
        if original == tested {
            this = Some(original);
        }
        inputs.push(input(shared, original, rows));
    }
    let expected = match entry.get_str("expect") {
        Some(Value::Dict(expect)) => rows::of(shared, node, &expect, rows::Of::Expected)?,
        _ => Rows::Listed(Value::list(Vec::new())),
    };
    let (rows, sql) = match expected {
        Rows::Listed(rows) => (rows, Value::None),
        Rows::Sql(sql) => (Value::list(Vec::new()), Value::from(sql)),
    };
    Ok(UnitTest {
        node: id,
        tested,
        name,
        place,
        inputs,
        this,
        overrides: overrides(&entry),
        config: crate::info::of_unit_test(rows, sql),
    })
}

/// The entry with its Jinja rendered: a mapping. Its description is left out.
pub(crate) fn rendered_entry(shared: &Arc<Shared>, node: &Node) -> Result<Arc<Dict>, Error> {
    let entry = entry(shared, node)
        .ok_or_else(|| Error::unsupported("the entry of the unit test is not to be found"))?;
    let mut host = NodeHost::text(shared, "yaml", Phase::Parse);
    host.package = node.package;
    let (made, _) = shared.engine.with(Arc::new(host), shared.settings.limits, |cx| {
        rendered(cx, entry, node.at)
    });
    match made? {
        Value::Dict(entry) => Ok(entry),
        _ => Err(Error::unsupported("the entry of the unit test is no mapping")),
    }
}

/// The entry as it is written.
fn entry<'a>(shared: &'a Shared, node: &Node) -> Option<&'a Spanned<Written>> {
    let patch = node.patch.filter(|patch| patch.list == EntryList::UnitTests)?;
    let facts = shared.project.facts(patch.file).yaml()?;
    let range = facts.properties.unit_tests.get(patch.index)?.range;
    let root = &facts.value.value;
    let listed = root.get("unit_tests")?.value.as_list()?;
    listed.iter().find(|entry| entry.range == range)
}

/// What dbt calls a `Parsing Error`.
pub(super) fn parsing(message: String) -> Error {
    Error::new(ErrorKind::Python("ParsingError"), message)
}

/// A value with the Jinja in its texts rendered (`SchemaYamlRenderer`). Descriptions are left alone, and not read here.
fn rendered(cx: &Cx, value: &Spanned<Written>, place: FileRange) -> Result<Value, Error> {
    let place = FileRange {
        range: value.range,
        ..place
    };
    Ok(match &value.value {
        Written::Str(text) if text.contains(['{', '}']) => super::super::native(cx, text, place)?,
        Written::Str(text) => Value::str(text.strip_suffix('\n').unwrap_or(text)),
        Written::List(items) => {
            let items = items.iter().map(|item| rendered(cx, item, place));
            Value::list(items.collect::<Result<_, _>>()?)
        }
        Written::Map(entries) => {
            let dict = Dict::default();
            for entry in entries {
                if &*entry.key.value == "description" {
                    continue;
                }
                let made = rendered(cx, &entry.value, place)?;
                insert(&dict, entry, made);
            }
            Value::Dict(Arc::new(dict))
        }
        other => crate::context::from_file(other),
    })
}

pub(super) fn text(dict: &Dict, key: &str) -> Option<String> {
    Some(dict.get_str(key)?.as_str()?.into_owned())
}

fn list(dict: &Dict, key: &str) -> Vec<Value> {
    match dict.get_str(key) {
        Some(Value::List(items)) => items.items(),
        _ => Vec::new(),
    }
}

/// The node that an input names (`_get_original_input_node`).
fn original(shared: &Arc<Shared>, node: &Node, tested: NodeId, named: &str) -> Result<NodeId, Error> {
    if named.trim() == "this" {
        return Ok(tested);
    }
    let mut host = NodeHost::text(shared, "input", Phase::Parse);
    host.package = node.package;
    let host = Arc::new(host);
    let unit = Unit {
        name: "input".into(),
        origin: Origin::Entry(node.at),
        cached: None,
        marked: false,
    };
    let call = format!("{{{{ {named} }}}}");
    let program = Arc::new(lower_template(unit, &jinja::parse(&call), Ends::Newline));
    let (made, _) = Engine::render(&shared.engine, &program, host.clone(), shared.settings.limits);
    let is_call = ["ref", "source"]
        .iter()
        .any(|name| named.trim().starts_with(name));
    if made.is_err() || !is_call {
        return Err(parsing(format!(
            "Unit test given inputs must be either a 'ref', 'source' or 'this' call. Got: '{named}'."
        )));
    }
    let captured = host.captured();
    let found = captured.refs.first().or_else(|| captured.sources.first());
    found.copied().ok_or_else(|| {
        parsing(format!(
            "Unit test '{}' had an input ({named}) which was not found in the manifest.",
            node.name
        ))
    })
}

/// The ephemeral model that stands for a node.
fn input(shared: &Arc<Shared>, original: NodeId, rows: Rows) -> Input {
    let node = shared.project.node(original);
    let package = shared.project.packages().get(node.package);
    let package = package.map_or("", |package| &*package.name);
    let (unique_id, cte) = match (&node.source_name, node.kind) {
        (Some(source), ResourceType::Source) => {
            let name = format!("{source}__{}", node.name);
            (format!("model.{package}.{name}"), name)
        }
        _ => {
            let identifier = Shared::names(shared, original).identifier.clone();
            let identifier = identifier.unwrap_or_else(|| node.name.clone());
            (format!("model.{package}.{}", node.name), identifier.to_string())
        }
    };
    // The name of the CTE is what stands behind the last dot of the id.
    let cte = match node.kind {
        ResourceType::Source => cte.rsplit('.').next().unwrap_or_default().to_owned(),
        _ => cte,
    };
    Input {
        original,
        unique_id: unique_id.into(),
        cte: cte.into(),
        text: match rows {
            Rows::Sql(sql) => sql,
            Rows::Listed(rows) => format!("{{{{ get_fixture_sql({}, None) }}}}", repr(&rows)),
        },
    }
}

fn overrides(entry: &Dict) -> Overrides {
    let Some(Value::Dict(overrides)) = entry.get_str("overrides") else {
        return Overrides::default();
    };
    let part = |key: &str| match overrides.get_str(key) {
        Some(Value::Dict(part)) => part.items(),
        _ => Vec::new(),
    };
    let collected = |key: &str| {
        let dict = Dict::default();
        for (name, value) in part(key) {
            if let Some(name) = name.as_str() {
                dict.insert_str(&name, value);
            }
        }
        dict
    };
    let macros = part("macros").into_iter().filter_map(|(name, value)| {
        let name = name.as_str()?.into_owned();
        let parts: Vec<&str> = name.split('.').collect();
        let (package, name) = match parts.as_slice() {
            [package, name] => (Some(Arc::from(*package)), *name),
            _ => (None, parts.last().copied()?),
        };
        Some((package, name.into(), value))
    });
    Overrides {
        macros: macros.collect(),
        vars: collected("vars"),
        env_vars: collected("env_vars"),
    }
}
