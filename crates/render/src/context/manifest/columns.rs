//! The columns of nodes (`dbt/parser/schemas.py`, `ColumnInfo`).

use std::sync::Arc;

use glueline_base::{FileRange, Spanned, Value as Written};
use glueline_project::Node;
use glueline_template::{Dict, Value};

use super::super::from_file;
use super::docs::described;
use super::entry::Entry;
use crate::renderer::Shared;

/// Columns by name.
pub(super) fn of(shared: &Arc<Shared>, node: &Node, entry: Option<Entry<'_>>, omit_none: bool) -> Value {
    let dict = Dict::default();
    let Some(entry) = entry else {
        return Value::Dict(Arc::new(dict));
    };
    for column in written(entry) {
        let Some(name) = column.value.get("name").map(|name| name.value.display()) else {
            continue;
        };
        let made = column_info(shared, node, entry, &column.value, &name, omit_none);
        dict.insert_str(&name, made);
    }
    Value::Dict(Arc::new(dict))
}

fn list(value: Option<&Written>) -> &[Spanned<Written>] {
    value
        .and_then(|value| value.get("columns"))
        .and_then(|columns| columns.value.as_list())
        .unwrap_or_default()
}

/// The columns of an entry. A version has those of the model that it includes, and its own
/// (`dbt/contracts/graph/unparsed.py`, `get_columns_for_version`).
fn written(entry: Entry<'_>) -> Vec<&Spanned<Written>> {
    let own = list(Some(entry.value));
    let is_version = entry.value.get("v").is_some();
    let Some(outer) = entry.outer.filter(|_| is_version) else {
        return own.iter().collect();
    };
    let chosen = own
        .iter()
        .find(|item| item.value.get("include").is_some() || item.value.get("exclude").is_some());
    let name = |column: &Spanned<Written>| column.value.get("name").map(|name| name.value.display());
    let names = |key: &str| -> Option<Vec<String>> {
        let found = &chosen?.value.get(key)?.value;
        Some(match found {
            Written::List(items) => items.iter().map(|item| item.value.display()).collect(),
            other => vec![other.display()],
        })
    };
    let include = names("include");
    let exclude = names("exclude").unwrap_or_default();
    let takes = |column: &Spanned<Written>| {
        let Some(name) = name(column) else { return false };
        let included = match &include {
            Some(names) => names
                .iter()
                .any(|found| *found == name || found == "*" || found == "all"),
            None => true,
        };
        included && !exclude.contains(&name)
    };
    let own: Vec<_> = own.iter().filter(|column| name(column).is_some()).collect();
    let replaced = |column: &Spanned<Written>| own.iter().any(|other| name(other) == name(column));
    let mut columns: Vec<_> = list(Some(outer))
        .iter()
        .filter(|column| takes(column) && !replaced(column))
        .collect();
    columns.extend(own);
    columns
}

fn column_info(
    shared: &Arc<Shared>,
    node: &Node,
    entry: Entry<'_>,
    column: &Written,
    name: &str,
    omit_none: bool,
) -> Value {
    let get = |key: &str| column.get(key).map(|found| from_file(&found.value));
    let config = |key: &str| {
        let found = column.get("config")?.value.get(key)?;
        Some(from_file(&found.value))
    };
    let empty = || Value::dict::<&str>([]);
    let description = column
        .get("description")
        .filter(|text| text.value != Written::Null);
    let doc_blocks = description.map_or_else(
        || Value::list(Vec::new()),
        |text| super::docs::blocks(shared, node.package, &text.value.display()),
    );
    let description = description.map_or(String::new(), |text| {
        let place = FileRange {
            file: entry.file,
            range: text.range,
        };
        described(shared, node, &text.value.display(), place)
    });
    let meta = config("meta").or_else(|| get("meta")).unwrap_or_else(empty);
    let tags = config("tags").or_else(|| get("tags"));
    let tags = match tags {
        None => Value::list(Vec::new()),
        Some(Value::Str(text)) => Value::list(vec![Value::Str(text)]),
        Some(other) => other,
    };
    let inner = Value::dict([("meta", meta.clone()), ("tags", tags.clone())]);
    let constraints = list_of(column, "constraints", omit_none, true);
    let fields = [
        ("name", Value::str(name)),
        ("description", Value::from(description)),
        ("meta", meta),
        ("data_type", get("data_type").unwrap_or_default()),
        ("constraints", constraints),
        ("quote", get("quote").unwrap_or_default()),
        ("config", inner),
        ("tags", tags),
        ("granularity", get("granularity").unwrap_or_default()),
        ("dimension", get("dimension").unwrap_or_default()),
        ("entity", get("entity").unwrap_or_default()),
        ("doc_blocks", doc_blocks),
    ];
    Value::dict(
        fields
            .into_iter()
            .filter(|(_, value)| !(omit_none && value.is_none())),
    )
}

/// The constraints of an entry or a column (`dbt_common/contracts/constraints.py`).
pub(super) fn list_of(entry: &Written, key: &str, omit_none: bool, of_column: bool) -> Value {
    let items = entry
        .get(key)
        .and_then(|found| found.value.as_list())
        .unwrap_or_default();
    let made = items.iter().map(|item| {
        let get = |key: &str, default: Value| {
            item.value
                .get(key)
                .map_or(default, |found| from_file(&found.value))
        };
        let mut fields = vec![
            ("type", get("type", Value::None)),
            ("name", get("name", Value::None)),
            ("expression", get("expression", Value::None)),
            ("warn_unenforced", get("warn_unenforced", Value::Bool(true))),
            ("warn_unsupported", get("warn_unsupported", Value::Bool(true))),
            ("to", get("to", Value::None)),
            ("to_columns", get("to_columns", Value::list(Vec::new()))),
        ];
        if !of_column {
            fields.push(("columns", get("columns", Value::list(Vec::new()))));
        }
        fields.retain(|(_, value)| !(omit_none && value.is_none()));
        Value::dict(fields)
    });
    Value::list(made.collect())
}
