//! The selectors of a project as a manifest holds them (`SelectorDict` in `dbt/config/selectors.py`).

use glueline_project::{FileKind, Project};
use glueline_select::{Criterion, IndirectSelection, Reach, parse_criterion};
use glueline_template::{from_base, to_json};
use serde_json::{Map, Value};

/// Every selector by its name, with its definition spelt out.
pub(crate) fn selectors(project: &Project) -> Map<String, Value> {
    let mut found = Map::new();
    let file = project.files().of_kind(FileKind::Selectors).next();
    let Some(facts) = file.and_then(|file| project.facts(file).yaml()) else {
        return found;
    };
    let text = to_json(&from_base(&facts.value.value), false).unwrap_or_default();
    let mut root: Value = serde_json::from_str(&text).unwrap_or_default();
    let listed = root.get_mut("selectors").and_then(Value::as_array_mut);
    for selector in listed.into_iter().flatten() {
        let Some(name) = selector.get("name").and_then(Value::as_str).map(str::to_owned) else {
            continue;
        };
        if let Some(definition) = selector.get_mut("definition") {
            *definition = spelt_out(definition.take(), DEEPEST);
        }
        found.insert(name, selector.take());
    }
    found
}

/// How deep definitions may nest, as for the reader of selectors.
const DEEPEST: usize = 60;

fn spelt_out(definition: Value, depth: usize) -> Value {
    if depth == 0 {
        return definition;
    }
    match definition {
        Value::String(text) => single(&text),
        Value::Object(mut entries) => {
            for key in ["union", "intersection"] {
                if let Some(parts) = entries.remove(key) {
                    return Map::from_iter([(key.to_owned(), each(parts, depth))]).into();
                }
            }
            let is_alone = entries.len() == 1;
            let Some((key, value)) = entries.iter_mut().next() else {
                return entries.into();
            };
            let (key, value) = (key.clone(), each(value.take(), depth));
            if key == "exclude" {
                return Map::from_iter([(key, value)]).into();
            }
            if is_alone {
                let method = ("method".to_owned(), Value::from(key));
                return Map::from_iter([method, ("value".to_owned(), value)]).into();
            }
            entries.insert(key, value);
            entries.into()
        }
        other => other,
    }
}

/// Each part of a list; anything else stays as it is.
fn each(value: Value, depth: usize) -> Value {
    match value {
        Value::Array(parts) => {
            let parts = parts.into_iter().map(|part| match part {
                Value::Object(_) | Value::String(_) => spelt_out(part, depth - 1),
                other => other,
            });
            parts.collect()
        }
        other => other,
    }
}

/// A criterion as the command line spells it (`dict_from_single_spec` in `dbt/graph/selector_spec.py`).
fn single(text: &str) -> Value {
    let Ok(criterion) = parse_criterion(text, None, IndirectSelection::default()) else {
        return Map::from_iter([("error".to_owned(), Value::from("Invalid selector spec"))]).into();
    };
    let Criterion {
        method,
        arguments,
        value,
        childrens_parents,
        parents,
        children,
        ..
    } = &criterion;
    let mut entries = Map::new();
    let mut add = |key: &str, value: Value| entries.insert(key.to_owned(), value);
    if *childrens_parents {
        add("childrens_parents", true.into());
    }
    let mut reach = |key: &str, reach: &Option<Reach>| {
        if let Some(reach) = reach {
            add(key, true.into());
            if let Reach::Steps(levels) = reach {
                add(&format!("{key}_depth"), levels.to_string().into());
            }
        }
    };
    reach("parents", parents);
    let method = std::iter::once(method.name()).chain(arguments.iter().map(String::as_str));
    let method = method.collect::<Vec<_>>().join(".");
    reach("children", children);
    entries.insert("method".to_owned(), method.into());
    entries.insert("value".to_owned(), value.display().into());
    entries.into()
}
