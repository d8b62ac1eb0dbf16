//! Node selection: methods and what they are compared with.

use std::collections::BTreeSet;

use glueline_base::Value;
use glueline_project::{FileKind, ResourceType};
use glueline_select::Method;

use super::cx::Cx;
use super::item::{ItemKind, List};
use super::models;

/// What a selection can begin with: a method, or the name of a node.
pub(super) fn start(cx: &Cx<'_>, list: &mut List<'_>) {
    for method in Method::ALL {
        let name = method.name();
        list.offer(
            0,
            name,
            |item| item.text(format!("{name}:")).asks_again(),
            ItemKind::Keyword,
        );
    }
    models::offer(cx, list, None, 5, str::to_owned);
}

/// The values of a method.
pub(super) fn values(cx: &Cx<'_>, list: &mut List<'_>, method: &str, write: impl Fn(&str) -> String) {
    let (name, argument) = method
        .split_once('.')
        .map_or((method, None), |(name, rest)| (name, Some(rest)));
    let mut words: BTreeSet<String> = BTreeSet::new();
    match name {
        "tag" => words.extend(cx.texts_of_config("tags").iter().map(ToString::to_string)),
        "group" => words.extend(cx.groups().iter().map(ToString::to_string)),
        "access" => words.extend(["private", "protected", "public"].map(str::to_owned)),
        "fqn" | "unit_test" | "exposure" | "test_name" => {
            if name == "fqn" {
                models::offer(cx, list, None, 0, &write);
            }
            let kind = match name {
                "unit_test" => ResourceType::UnitTest,
                "exposure" => ResourceType::Exposure,
                _ => ResourceType::Test,
            };
            for node in cx.project.nodes().of_kind(kind) {
                match (name, &node.generic_test) {
                    ("test_name", Some(test)) => words.extend([test.to_string()]),
                    ("unit_test" | "exposure", _) => words.extend([node.name.to_string()]),
                    _ => {}
                }
            }
        }
        "source" => {
            for (source, table) in cx.project.lookup().source_names() {
                words.insert(source.to_owned());
                words.insert(format!("{source}.{table}"));
            }
        }
        "package" => {
            words.insert("this".to_owned());
            words.extend(
                cx.project
                    .packages()
                    .iter()
                    .map(|package| package.name.to_string()),
            );
        }
        "path" => words.extend(folders(cx)),
        "file" => words.extend(files(cx)),
        "resource_type" => {
            let kinds = [
                "analysis",
                "exposure",
                "model",
                "saved_query",
                "seed",
                "semantic_model",
                "snapshot",
                "source",
                "test",
                "unit_test",
            ];
            words.extend(kinds.map(str::to_owned));
        }
        "test_type" => words.extend(["data", "generic", "singular", "unit"].map(str::to_owned)),
        "state" => {
            let states = [
                "modified",
                "new",
                "old",
                "unmodified",
                "modified.body",
                "modified.configs",
                "modified.contract",
                "modified.macros",
                "modified.persisted_descriptions",
                "modified.relation",
            ];
            words.extend(states.map(str::to_owned));
        }
        "result" => words.extend(["error", "fail", "pass", "skipped", "success", "warn"].map(str::to_owned)),
        "source_status" => words.extend(["error", "fresher", "pass", "warn"].map(str::to_owned)),
        "version" => words.extend(["latest", "none", "old", "prerelease"].map(str::to_owned)),
        "selector" => {
            if let Some((_, selectors)) = cx.project.selectors() {
                words.extend(
                    selectors
                        .selectors
                        .iter()
                        .map(|selector| selector.name.value.to_string()),
                );
            }
        }
        "config" => {
            if let Some(key) = argument {
                for node in cx.project.nodes() {
                    for setting in node.config.all(key) {
                        words.extend(shown(&setting.value.value));
                    }
                }
            }
        }
        _ => {}
    }
    for word in words {
        list.offer(0, &word, |item| item.text(write(&word)), ItemKind::Value);
    }
}

/// A value that a selection can name.
fn shown(value: &Value) -> Vec<String> {
    match value {
        Value::Str(text) => vec![text.to_string()],
        Value::Bool(_) | Value::Int(_) => vec![value.display()],
        Value::List(items) => items.iter().flat_map(|item| shown(&item.value)).collect(),
        _ => Vec::new(),
    }
}

fn is_of_nodes(kind: FileKind) -> bool {
    matches!(
        kind,
        FileKind::Model
            | FileKind::PythonModel
            | FileKind::Seed
            | FileKind::Snapshot
            | FileKind::SingularTest
            | FileKind::Analysis
    )
}

/// The folders of the root project that hold nodes.
fn folders(cx: &Cx<'_>) -> BTreeSet<String> {
    let files = cx.project.files();
    let mut found = BTreeSet::new();
    for file in files.ids() {
        let info = files.info(file);
        if info.package == 0 && is_of_nodes(info.kind) {
            for folder in info
                .original
                .ancestors()
                .skip(1)
                .filter(|folder| !folder.as_str().is_empty())
            {
                if !found.insert(folder.to_string()) {
                    break;
                }
            }
        }
    }
    found
}

/// The names of files that hold nodes.
fn files(cx: &Cx<'_>) -> BTreeSet<String> {
    let files = cx.project.files();
    files
        .ids()
        .map(|file| files.info(file))
        .filter(|info| info.package == 0 && is_of_nodes(info.kind))
        .filter_map(|info| info.original.file_name().map(str::to_owned))
        .collect()
}
