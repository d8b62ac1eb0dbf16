//! Unit tests as dicts: the entries of `unit_tests` (`UnitTestParser` in `dbt/parser/unit_tests.py`).

use std::sync::Arc;

use glueline_project::{NodeId, Resolution};
use glueline_template::{Value, repr, to_str};
use sha2::{Digest, Sha256};

use super::super::basics::hexadecimal;
use super::entry;
use super::node::{Fields, created_at};
use crate::compile::unit_test_entry;
use crate::renderer::Shared;

/// A unit test as it is defined.
pub(super) fn unit_test(shared: &Arc<Shared>, id: NodeId) -> Value {
    let project = &shared.project;
    let node = project.node(id);
    let file = project.files().info(node.file());
    let entry = entry::of(shared, node);
    let written = unit_test_entry(shared, node).unwrap_or_default();
    let get = |key: &str| written.get_str(key).unwrap_or_default();
    let given = match get("given") {
        Value::List(items) => items.items(),
        _ => Vec::new(),
    };
    let given = Value::list(given.iter().map(|item| fixture(item, true)).collect());
    let expect = fixture(&get("expect"), false);
    let overrides = parts(&get("overrides"), ["macros", "vars", "env_vars"], || {
        Value::dict::<&str>([])
    });
    let versions = parts(&get("versions"), ["include", "exclude"], Value::default);
    let package = project.packages().get(node.package).map(|package| &*package.name);
    let fields = Fields::new(false);
    fields.add("model", get("model"));
    fields.add("given", given.clone());
    fields.add("expect", expect.clone());
    fields.add("name", &*node.name);
    fields.add("resource_type", "unit_test");
    fields.add("package_name", package);
    fields.add("path", file.below.as_str());
    fields.add("original_file_path", file.original.as_str());
    fields.add("unique_id", &*node.unique_id);
    fields.texts("fqn", node.fqn.iter().map(|part| &**part));
    let description = entry.and_then(|entry| entry.text(shared, node, "description"));
    fields.add("description", description.unwrap_or_default());
    fields.add("overrides", overrides.clone());
    // The tested model is found once all models are known; for one that is disabled it is not looked for (`process_unit_test`).
    let tested = node
        .dependencies
        .first()
        .and_then(|model| match model.resolution {
            Resolution::Node(id) if node.enabled => Some(id),
            _ => None,
        });
    let read = tested.into_iter();
    let read = read.map(|id| Value::str(&project.node(id).unique_id));
    fields.add(
        "depends_on",
        Value::dict([
            ("macros", Value::list(Vec::new())),
            ("nodes", Value::list(read.collect())),
        ]),
    );
    fields.add("config", Shared::info(shared, id).config_dict(node.kind, false));
    let checksum = checksum(&[get("model"), versions.clone(), given, expect, overrides]);
    fields.add("checksum", checksum);
    let schema = tested.and_then(|id| Shared::names(shared, id).schema.clone());
    fields.add("schema", schema.as_deref());
    fields.add("created_at", created_at(shared));
    fields.add("versions", versions);
    let version = tested.and_then(|id| project.node(id).version.as_ref());
    fields.add(
        "version",
        version.map_or(Value::None, |version| super::node::version(&version.v)),
    );
    fields.finish()
}

/// Keys of a mapping, in order, each with what stands where it is not given; nothing where there is no mapping.
fn parts<const N: usize>(written: &Value, keys: [&str; N], default: impl Fn() -> Value) -> Value {
    let Value::Dict(written) = written else {
        return Value::None;
    };
    Value::dict(keys.map(|key| (key, written.get_str(key).unwrap_or_else(&default))))
}

/// Rows, and where they come from. A first row without nulls is put first (`_promote_first_non_none_row`).
fn fixture(written: &Value, is_input: bool) -> Value {
    let get = |key: &str| match written {
        Value::Dict(dict) => dict.get_str(key).unwrap_or_default(),
        _ => Value::None,
    };
    let mut rows = get("rows");
    if let Value::List(items) = &rows {
        let mut items = items.items();
        let is_full = |row: &Value| match row {
            Value::Dict(row) => row.items().iter().all(|(_, value)| !value.is_none()),
            _ => false,
        };
        if let Some(full) = items.iter().position(is_full) {
            items.swap(0, full);
        }
        rows = Value::list(items);
    }
    let format = match get("format") {
        Value::None => Value::str("dict"),
        format => format,
    };
    let fields = Fields::new(false);
    if is_input {
        fields.add("input", get("input"));
    }
    fields.add("rows", rows);
    fields.add("format", format);
    fields.add("fixture", get("fixture"));
    fields.finish()
}

/// The checksum of all but the description, as Python prints it (`build_unit_test_checksum` in `dbt/contracts/graph/nodes.py`).
fn checksum([model, versions, given, expect, overrides]: &[Value; 5]) -> String {
    let inputs = match given {
        Value::List(items) => items.items(),
        _ => Vec::new(),
    };
    let inputs: Vec<String> = inputs
        .iter()
        .map(|input| printed(input, "UnitTestInputFixture"))
        .collect();
    let text = format!(
        "{}-{}-[{}]-{}-{}",
        to_str(model).plain(),
        printed(versions, "UnitTestNodeVersions"),
        inputs.join(", "),
        printed(expect, "UnitTestOutputFixture"),
        printed(overrides, "UnitTestOverrides"),
    );
    hexadecimal(&Sha256::digest(text.as_bytes()))
}

/// An object of a class, as Python prints it.
fn printed(value: &Value, class: &str) -> String {
    let Value::Dict(fields) = value else {
        return repr(value);
    };
    let fields = fields.items().into_iter().map(|(key, value)| {
        let key = to_str(&key).plain().into_owned();
        let value = match &*key {
            "format" => {
                let format = to_str(&value).plain().into_owned();
                let name = ["CSV", "Dict", "SQL"]
                    .into_iter()
                    .find(|name| name.eq_ignore_ascii_case(&format));
                format!("<UnitTestFormat.{}: '{format}'>", name.unwrap_or_default())
            }
            _ => repr(&value),
        };
        format!("{key}={value}")
    });
    format!("{class}({})", fields.collect::<Vec<_>>().join(", "))
}
