//! Generic tests: the template dbt makes up for an entry, and its arguments (`dbt/parser/generic_test_builders.py`,
//! `dbt/clients/jinja.py`).

use std::sync::Arc;

use glueline_base::{FileRange, Spanned, Value as Written};
use glueline_project::facts::properties::{Column, TestUse};
use glueline_project::{CONFIG_ARGUMENTS, EntryList, Node, NodeId, Resolution};
use glueline_template::{Cx, Dict, Error, Value, insert};

use crate::host::{Captured, NodeHost};
use crate::renderer::Shared;

/// The name under which the template finds its arguments.
pub(super) const KWARGS: &str = "_dbt_generic_test_kwargs";

/// The template of a generic test; `None` for any other node.
pub(super) fn raw_code(shared: &Shared, node: &Node) -> Option<String> {
    let test = node.generic_test.as_deref()?;
    find(shared, node)?;
    let name = match test.split_once('.') {
        Some((package, test)) => format!("{package}.test_{test}"),
        None => format!("test_{test}"),
    };
    Some(format!("{{{{ {name}(**{KWARGS}) }}}}"))
}

/// The column that a generic test is put on.
pub(super) fn column<'a>(shared: &'a Shared, node: &Node) -> Option<&'a str> {
    find(shared, node)?.column
}

/// The arguments of a generic test as they are written, with the model, as the manifest holds them.
pub(super) fn written(shared: &Shared, node: &Node) -> Value {
    let dict = Dict::default();
    if let Some(found) = find(shared, node) {
        for (key, value) in &found.test.arguments {
            if !CONFIG_ARGUMENTS.contains(&&*key.value) {
                dict.insert_str(&key.value, glueline_template::from_base(&value.value));
            }
        }
        if let Some(column) = found.column {
            dict.insert_str("column_name", Value::str(column));
        }
        let model = format!("{{{{ get_where_subquery({}) }}}}", found.target);
        dict.insert_str("model", Value::from(model));
    }
    Value::Dict(Arc::new(dict))
}

/// A generic test as it is written.
struct Found<'a> {
    test: &'a TestUse,
    column: Option<&'a str>,
    /// `ref('orders')`, `source('raw', 'orders')`
    target: String,
}

fn find<'a>(shared: &'a Shared, node: &Node) -> Option<Found<'a>> {
    let patch = node.patch?;
    let facts = &shared.project.facts(patch.file).yaml()?.properties;
    let at = node.at.range;
    let in_columns = |columns: &'a [Column]| {
        columns.iter().find_map(|column| {
            let test = column.tests.iter().find(|test| test.test.range == at)?;
            Some((test, Some(&*column.tested_name)))
        })
    };
    let own = |tests: &'a [TestUse]| {
        let test = tests.iter().find(|test| test.test.range == at)?;
        Some((test, None))
    };
    match patch.list {
        EntryList::Patches => {
            let entry = facts.patches.get(patch.index)?;
            let version = patch.inner.and_then(|inner| entry.versions.get(inner));
            let found = own(entry.tests_of(version)).or_else(|| {
                entry.columns_of(version).find_map(|column| {
                    let test = column.tests.iter().find(|test| test.test.range == at)?;
                    Some((test, Some(&*column.tested_name)))
                })
            })?;
            let name = &entry.name.value;
            let target = match version {
                Some(version) => format!("ref('{name}', version='{}')", version.v.value),
                None => format!("ref('{name}')"),
            };
            Some(Found {
                test: found.0,
                column: found.1,
                target,
            })
        }
        EntryList::Sources => {
            let source = facts.sources.get(patch.index)?;
            let table = source.tables.get(patch.inner?)?;
            let found = own(&table.tests).or_else(|| in_columns(&table.columns))?;
            Some(Found {
                test: found.0,
                column: found.1,
                target: source_call(shared, node, &source.name.value, &table.name.value),
            })
        }
        EntryList::Exposures | EntryList::UnitTests => None,
    }
}

/// How a test names the table it is put on: as the node, where that is known, for its entry may hold Jinja.
fn source_call(shared: &Shared, test: &Node, source: &str, table: &str) -> String {
    let found = test
        .dependencies
        .first()
        .and_then(|first| match first.resolution {
            Resolution::Node(id) => Some(shared.project.node(id)),
            _ => None,
        });
    let (source, table) = match found.map(|node| (&node.source_name, &node.name)) {
        Some((Some(source), table)) => (&**source, &**table),
        _ => (source, table),
    };
    format!("source('{source}', '{table}')")
}

/// Whether what a generic test is put on is there and enabled; dbt leaves the test out where it is not.
pub(super) fn has_target(shared: &Shared, node: &Node) -> bool {
    let Some(patch) = node.patch.filter(|_| node.generic_test.is_some()) else {
        return true;
    };
    if patch.list != EntryList::Patches {
        return true;
    }
    let project = &shared.project;
    let entry = project
        .facts(patch.file)
        .yaml()
        .and_then(|facts| facts.properties.patches.get(patch.index));
    entry.is_some_and(|entry| {
        let version = patch.inner.and_then(|inner| entry.versions.get(inner));
        let version = version.map(|version| &*version.v.value);
        let found = project
            .lookup()
            .find_ref(node.package, None, &entry.name.value, version);
        !matches!(found, Resolution::Missing | Resolution::Disabled(_))
    })
}

/// The arguments of a generic test, their Jinja rendered, and what that asked for.
pub(super) fn arguments(
    shared: &Arc<Shared>,
    node: NodeId,
    host: &NodeHost,
) -> Result<(Value, Captured), Error> {
    let known = shared.project.node(node);
    let Some(found) = find(shared, known) else {
        return Err(Error::unsupported("the entry of the test is not to be found"));
    };
    let place = known.at;
    let inner = Arc::new(NodeHost::node(shared, node, host.phase, host.scene.clone()));
    let (made, _) = shared.engine.with(inner.clone(), shared.settings.limits, |cx| {
        kwargs(cx, &found, place)
    });
    let captured = std::mem::take(&mut *inner.captured());
    Ok((made?, captured))
}

fn kwargs(cx: &Cx, found: &Found<'_>, place: FileRange) -> Result<Value, Error> {
    let dict = Dict::default();
    let arguments = found
        .test
        .arguments
        .iter()
        .filter(|(key, _)| !CONFIG_ARGUMENTS.contains(&&*key.value));
    for (key, value) in arguments {
        let range = if value.range.is_empty() {
            place.range
        } else {
            value.range
        };
        let place = FileRange { range, ..place };
        dict.insert_str(
            &key.value,
            rendered(cx, value, place, &*key.value == "column_name")?,
        );
    }
    if let Some(column) = found.column {
        dict.insert_str("column_name", Value::str(column));
    }
    let model = format!("{{{{ get_where_subquery({}) }}}}", found.target);
    dict.insert_str("model", super::native(cx, &model, place)?);
    Ok(Value::Dict(Arc::new(dict)))
}

/// A value with the Jinja in its texts rendered. What looks like a call of `ref` and its kin is one.
fn rendered(cx: &Cx, value: &Spanned<Written>, place: FileRange, is_column: bool) -> Result<Value, Error> {
    Ok(match &value.value {
        Written::Null => Value::None,
        Written::Bool(value) => Value::Bool(*value),
        Written::Int(value) => Value::Int(*value),
        Written::Float(value) => Value::Float(*value),
        Written::Str(text) if is_column => Value::str(&**text),
        Written::Str(text) if looks_like_call(text) => {
            super::native(cx, &format!("{{{{ {text} }}}}"), place)?
        }
        Written::Str(text) => super::native(cx, text, place)?,
        date @ Written::Date(_) => crate::context::from_file(date),
        Written::List(items) => Value::list(
            items
                .iter()
                .map(|item| rendered(cx, item, place, false))
                .collect::<Result<_, _>>()?,
        ),
        Written::Map(entries) => {
            let dict = Dict::default();
            for entry in entries {
                let made = rendered(cx, &entry.value, place, false)?;
                insert(&dict, entry, made);
            }
            Value::Dict(Arc::new(dict))
        }
        Written::Unknown => Value::undefined("the value is not known".to_owned()),
    })
}

/// `^\s*(env_var|ref|var|source|doc)\s*\(.+\)\s*$`
fn looks_like_call(text: &str) -> bool {
    let text = text.trim();
    ["env_var", "ref", "var", "source", "doc"].iter().any(|name| {
        text.strip_prefix(name).is_some_and(|rest| {
            let rest = rest.trim_start();
            rest.len() > 2 && rest.starts_with('(') && rest.ends_with(')') && !rest.contains('\n')
        })
    })
}
