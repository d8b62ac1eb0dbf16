//! The rows that a unit test gives, in any of the formats that dbt knows (`_validate_and_normalize_rows` in
//! `dbt/parser/unit_tests.py`).

use std::sync::Arc;

use glueline_base::System;
use glueline_project::{FileKind, Node, NodeId, ResourceType};
use glueline_template::{Dict, Error, Key, Value};

use super::read::{parsing, text};
use crate::renderer::Shared;

/// The rows of an input, or those that are expected.
pub(super) enum Rows {
    /// A list of dicts.
    Listed(Value),
    /// A query.
    Sql(String),
}

/// What rows are for.
#[derive(Clone, Copy)]
pub(super) enum Of {
    /// An input: the node that it stands for.
    Input(NodeId),
    /// What the model is to give.
    Expected,
}

impl Of {
    const fn name(self) -> &'static str {
        match self {
            Self::Input(_) => "input",
            Self::Expected => "expected",
        }
    }
}

/// The rows of an entry of `given:`, or of `expect:`.
pub(super) fn of(shared: &Shared, node: &Node, entry: &Dict, what: Of) -> Result<Rows, Error> {
    let format = text(entry, "format").unwrap_or_else(|| "dict".to_owned());
    let rows = entry.get_str("rows").unwrap_or_default();
    let fixture = text(entry, "fixture").filter(|name| !name.is_empty());
    let refused = |more: &str| {
        parsing(format!(
            "Unit test {} has {} rows{more} which do not match format {format}",
            node.name,
            what.name()
        ))
    };
    match &*format {
        "csv" | "sql" => {
            let written = match (&fixture, rows.as_str()) {
                (Some(fixture), _) => fixture_text(shared, node, fixture)?,
                (None, Some(text)) => text.into_owned(),
                (None, None) => {
                    let error = refused(" or fixtures");
                    return Err(parsing(format!("{}.  Expected string.", error.message())));
                }
            };
            Ok(match &*format {
                "sql" => Rows::Sql(written),
                _ => Rows::Listed(sorted(records(&written, Empty::None))),
            })
        }
        _ => match (rows, what) {
            (Value::List(rows), _) => Ok(Rows::Listed(sorted(rows.items()))),
            (Value::None, Of::Input(seed)) if fixture.is_none() => {
                Ok(Rows::Listed(sorted(rows_of_seed(shared, seed)?)))
            }
            _ => Err(refused("")),
        },
    }
}

/// The text of a file of `tests/fixtures`.
fn fixture_text(shared: &Shared, node: &Node, name: &str) -> Result<String, Error> {
    let files = shared.project.files();
    let mut fixtures = files.of_kind(FileKind::Fixture).filter(|file| {
        let info = files.info(*file);
        info.package == node.package && info.below.file_stem() == Some(name)
    });
    match fixtures.next() {
        Some(file) => Ok(files.text(file).to_owned()),
        None => Err(parsing(format!(
            "File not found for fixture '{name}' in unit tests in {}",
            files.info(node.file()).original
        ))),
    }
}

/// The rows of the seed itself, where a test gives it none.
fn rows_of_seed(shared: &Shared, seed: NodeId) -> Result<Vec<Value>, Error> {
    let node = shared.project.node(seed);
    if node.kind != ResourceType::Seed {
        return Err(parsing(format!(
            "Unable to find seed '{}' for unit tests",
            node.name
        )));
    }
    let path = &shared.project.files().info(node.file()).absolute;
    let system: &dyn System = &*shared.settings.system;
    let bytes = system
        .read(path)
        .map_err(|_| Error::unsupported("the file of the seed cannot be read"))?;
    Ok(records(&String::from_utf8_lossy(&bytes), Empty::Text))
}

/// What an empty field is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Empty {
    None,
    Text,
}

/// The records of a text of CSV, each a dict of texts (`csv.DictReader`).
fn records(text: &str, empty: Empty) -> Vec<Value> {
    let mut read = glueline_seed::texts(text).into_iter();
    let header = read.next().unwrap_or_default();
    let value = |field: &str| match (field, empty) {
        ("", Empty::None) => Value::None,
        _ => Value::str(field),
    };
    let row = |fields: Vec<String>| {
        let dict = Dict::default();
        for (index, name) in header.iter().enumerate() {
            let found = fields.get(index).map_or(Value::None, |field| value(field));
            dict.insert_str(name, found);
        }
        if let Some(rest) = fields.get(header.len()..).filter(|rest| !rest.is_empty())
            && let Some(key) = Key::of(&Value::None)
        {
            let rest = rest.iter().map(Value::str).collect();
            dict.insert(key, Value::None, Value::list(rest));
        }
        Value::Dict(Arc::new(dict))
    };
    read.filter(|fields| !fields.is_empty()).map(row).collect()
}

/// The rows with the first that has no null before all others, where there is one (`_promote_first_non_none_row`).
fn sorted(mut rows: Vec<Value>) -> Value {
    let is_full = |row: &Value| match row {
        Value::Dict(row) => row.items().iter().all(|(_, value)| !value.is_none()),
        _ => false,
    };
    if let Some(full) = rows.iter().position(is_full) {
        rows.swap(0, full);
    }
    Value::list(rows)
}
