//! Names that entries of properties files give, and the nodes that they are about.

use std::collections::BTreeSet;

use glueline_base::Value;
use glueline_catalog::Scope;
use glueline_catalog::jinja::{Place as Known, generic_tests};
use glueline_jinja::expression_cursor;
use glueline_project::facts::properties::PatchKind;
use glueline_project::facts::sql::{MacroDef, MacroKind};
use glueline_project::{FileKind, MacroRef, Node, ResourceType};

use super::super::calls::frames;
use super::super::cx::Cx;
use super::super::item::{Completions, Item, ItemKind, List};
use super::super::subject::Subject;
use super::super::words::Host;
use super::super::{models, refs};
use super::Spot;
use super::keys::with_colon;
use super::shape::Shape;

/// Whether the project gives names for a key.
pub(super) fn has_names(scope: Scope, key: &str) -> bool {
    matches!(
        (scope, key),
        (
            Scope::Model | Scope::Seed | Scope::Snapshot | Scope::Analysis | Scope::Macro | Scope::Column,
            "name" | "data_type"
        ) | (Scope::UnitTest, "model")
            | (Scope::UnitTestInput, "input")
            | (Scope::Profile, "target")
            | (Scope::SelectorDefinition, "method" | "value")
            | (Scope::Selector, "definition")
            | (Scope::ProjectFile, "profile")
            | (Scope::Dispatch, "macro_namespace")
    )
}

/// The name of the entry around the caret, if it stands in this section.
pub(super) fn entry_name<'a>(spot: &Spot<'a>, section: &str) -> Option<&'a str> {
    let (found, name) = entry(spot)?;
    (found == section).then_some(name)
}

/// The section and the name of the entry around the caret.
fn entry<'a>(spot: &Spot<'a>) -> Option<(&'a str, &'a str)> {
    let [root, items, own, ..] = spot.cursor.levels.as_slice() else {
        return None;
    };
    let section = root.lines.last()?.key;
    if !items.is_list || own.is_list {
        return None;
    }
    let is_innermost = spot.cursor.levels.len() == 3;
    let later = if is_innermost {
        spot.cursor.later.as_slice()
    } else {
        &[]
    };
    let key = if section == "unit_tests" { "model" } else { "name" };
    let name = own.lines.iter().chain(later).find(|line| line.key == key)?;
    Some((section, name.value))
}

/// The node that the entry around the caret is about.
pub(super) fn entry_node<'a>(cx: &Cx<'a>, spot: &Spot<'_>) -> Option<&'a Node> {
    let (section, name) = entry(spot)?;
    match section {
        "models" | "seeds" | "snapshots" | "unit_tests" => cx.find_ref(name),
        "sources" => {
            let [_, _, _, tables, table, ..] = spot.cursor.levels.as_slice() else {
                return None;
            };
            let later = if spot.cursor.levels.len() == 5 {
                spot.cursor.later.as_slice()
            } else {
                &[]
            };
            let found = table.lines.iter().chain(later).find(|line| line.key == "name")?;
            tables
                .is_list
                .then(|| cx.find_source(name, found.value))
                .flatten()
        }
        _ => None,
    }
}

/// The columns of the node that the entry around the caret is about.
pub(super) fn columns_of_entry(cx: &Cx<'_>, spot: &Spot<'_>) -> Vec<(String, String)> {
    let Some(node) = entry_node(cx, spot) else {
        return Vec::new();
    };
    cx.columns(node.id)
        .into_iter()
        .map(|column| (column.name, column.detail))
        .collect()
}

/// The names of the other entries of the list that the caret's entry stands in, told from lines of the same indentation.
pub(super) fn names_beside<'a>(cx: &Cx<'a>, spot: &Spot<'_>) -> Vec<&'a str> {
    let [.., list, own] = spot.cursor.levels.as_slice() else {
        return Vec::new();
    };
    if !list.is_list || own.is_list || list.is_flow {
        return Vec::new();
    }
    let start = cx.offset() - cx.line_before().len();
    let before = cx.text.get(..start).unwrap_or("").lines().rev();
    let after = cx.text.get(start..).unwrap_or("").lines().skip(1);
    let inside = |line: &&str| {
        let indent = line.len() - line.trim_start_matches(' ').len();
        let is_end = indent < list.column || indent == list.column && !line.trim_start().starts_with('-');
        line.trim().is_empty() || !is_end
    };
    let name = |line: &'a str| {
        let inner = line.trim_start_matches([' ', '-']);
        let value = inner.strip_prefix("name:")?;
        let value = value.split(" #").next().unwrap_or(value).trim();
        (line.len() - inner.len() == own.column).then(|| value.trim_matches(['"', '\'']))
    };
    let above = before.take_while(inside).filter_map(name);
    above.chain(after.take_while(inside).filter_map(name)).collect()
}

/// Offers what an entry can describe that no entry describes yet.
pub(super) fn undescribed(cx: &Cx<'_>, spot: &Spot<'_>, list: &mut List<'_>, scope: Scope) {
    let write = |name: &str| spot.host.text(name);
    if scope == Scope::Macro {
        return macros(cx, list, write);
    }
    let kind = match scope {
        Scope::Seed => ResourceType::Seed,
        Scope::Snapshot => ResourceType::Snapshot,
        Scope::Analysis => ResourceType::Analysis,
        Scope::SingularTest => ResourceType::Test,
        _ => ResourceType::Model,
    };
    let is_here = |node: &Node| {
        cx.project
            .patch(node)
            .zip(node.patch)
            .is_some_and(|(patch, at)| at.file == cx.file && patch.name.range.contains_inclusive(cx.caret))
    };
    let own_folder = cx.info.shown.parent();
    for node in cx.project.nodes() {
        let is_open = node.kind == kind
            && node.package == cx.package()
            && node.generic_test.is_none()
            && (node.patch.is_none() || is_here(node));
        if is_open {
            let info = cx.project.files().info(node.file());
            let tier = u16::from(info.shown.parent() != own_folder);
            let item = |item: Item| {
                item.detail(info.shown.as_str())
                    .text(write(&node.name))
                    .about(Subject::Node(node.unique_id.to_string()))
            };
            list.offer(tier, &node.name, item, ItemKind::Relation);
        }
    }
}

fn macros(cx: &Cx<'_>, list: &mut List<'_>, write: impl Fn(&str) -> String) {
    let described: BTreeSet<&str> = cx
        .project
        .files()
        .of_kind(FileKind::Properties)
        .filter_map(|file| cx.project.facts(file).yaml().map(|facts| (file, facts)))
        .flat_map(|(file, facts)| facts.properties.patches.iter().map(move |patch| (file, patch)))
        .filter(|(file, patch)| {
            patch.kind == PatchKind::Macro
                && (*file != cx.file || !patch.name.range.contains_inclusive(cx.caret))
        })
        .map(|(_, patch)| &*patch.name.value)
        .collect();
    for (reference, definition) in cx.macros() {
        let name = &*definition.written.value;
        let is_open = definition.kind == MacroKind::Macro && reference.package == cx.package();
        if is_open && !described.contains(name) {
            let shown = cx.project.files().info(reference.file).shown.as_str();
            list.offer(
                0,
                name,
                |item| item.detail(shown).text(write(name)),
                ItemKind::Function,
            );
        }
    }
}

/// A generic test of the project or of a package, by the name that properties files use.
pub(in crate::completion) fn find_test<'a>(cx: &Cx<'a>, name: &str) -> Option<(MacroRef, &'a MacroDef)> {
    let index = cx.project.macros();
    let reference = match name.rsplit_once('.') {
        Some((package, name)) => index.find_in(&format!("test_{name}"), cx.package_named(package)?)?,
        None => index.find(&format!("test_{name}"), cx.package())?,
    };
    Some((reference, cx.macro_of(reference)?))
}

/// Offers generic tests: the project's own, dbt's, and those of packages with their package's name.
pub(super) fn tests(cx: &Cx<'_>, spot: &Spot<'_>, list: &mut List<'_>, dash: &str) {
    let levels = &spot.cursor.levels;
    let at_column = levels
        .iter()
        .rev()
        .filter(|level| !level.is_list)
        .nth(1)
        .and_then(|level| level.lines.last())
        .is_some_and(|line| line.key == "columns");
    let given: Vec<&str> = levels
        .last()
        .filter(|level| level.is_list)
        .map_or_else(Vec::new, |level| {
            level.lines.iter().map(|line| line.value).collect()
        });
    for test in generic_tests() {
        if given.contains(&test.name)
            || cx
                .project
                .macros()
                .find(&format!("test_{}", test.name), 0)
                .is_some()
        {
            continue;
        }
        let has_arguments = test.arguments.iter().any(|argument| argument.required);
        let tier = if test.needs_column && !at_column { 20 } else { 0 };
        let item = Item::new(ItemKind::Name, test.name, list.range)
            .detail(test.summary)
            .about(Subject::Test(test.name.to_owned()));
        list.push(tier, test_item(spot, item, dash, has_arguments));
    }
    for (reference, definition) in cx.macros() {
        let Some(name) = definition.name.value.strip_prefix("test_") else {
            continue;
        };
        if definition.kind == MacroKind::Materialization {
            continue;
        }
        let is_own = reference.package == cx.package();
        let package = cx.package_name(reference.package);
        let shown = if is_own {
            name.to_owned()
        } else {
            format!("{package}.{name}")
        };
        if given.contains(&shown.as_str()) {
            continue;
        }
        let needs_column = definition
            .parameters
            .iter()
            .any(|(name, _)| &*name.value == "column_name");
        let has_arguments = definition
            .parameters
            .iter()
            .any(|(name, has_default)| !has_default && !matches!(&*name.value, "model" | "column_name"));
        let tier = u16::from(!is_own) * 5 + if needs_column == at_column { 0 } else { 20 };
        let item = Item::new(ItemKind::Name, shown, list.range)
            .detail(cx.project.files().info(reference.file).shown.as_str())
            .about(Subject::Macro(
                package.to_owned(),
                definition.name.value.to_string(),
            ));
        list.push(tier, test_item(spot, item, dash, has_arguments));
    }
}

fn test_item(spot: &Spot<'_>, mut item: Item, dash: &str, has_arguments: bool) -> Item {
    item.text = format!("{dash}{}", item.text);
    if has_arguments {
        return with_colon(spot, item, false);
    }
    if let Host::Quoted(ending) = spot.host {
        item.text = ending.close(&item.text, true);
    }
    item
}

/// The node that `ref('x')` or `source('a', 'b')` names.
pub(super) fn node_of_expression<'a>(cx: &Cx<'a>, text: &str) -> Option<&'a Node> {
    let head = text.get(..text.rfind(')')?)?;
    let cursor = expression_cursor(head, head.len());
    let open = frames(head, &cursor.before);
    let frame = open.last()?;
    let mut names = frame.texts.iter().map(|(_, text)| text.as_str());
    match frame.callee.as_str() {
        "ref" => cx.find_ref(names.next_back()?),
        "source" => {
            let source = names.next()?;
            cx.find_source(source, names.next()?)
        }
        _ => None,
    }
}

/// What can stand where a Jinja expression without braces is expected: `ref('orders')`.
pub(super) fn expression(cx: &Cx<'_>, spot: &Spot<'_>) -> Completions {
    let word = spot.cursor.word;
    if cx.slice(word).contains('(') {
        return super::super::jinja::in_expression(cx, word, Known::Nodes);
    }
    let mut list = List::new(cx.text, word, cx.caret);
    let inner = if spot.cursor.quote == Some('\'') {
        '"'
    } else {
        '\''
    };
    let ending = match spot.host {
        Host::Quoted(ending) => ending,
        _ => super::Ending::default(),
    };
    let is_input = entry(spot).is_some_and(|(section, _)| section == "unit_tests");
    let call = |name: &str| ending.close(&format!("ref({inner}{name}{inner})"), true);
    let parents: Vec<&Node> = if is_input {
        let node = entry_node(cx, spot);
        node.into_iter()
            .flat_map(Node::parents)
            .map(|id| cx.project.node(id))
            .collect()
    } else {
        Vec::new()
    };
    for parent in &parents {
        let text = match &parent.source_name {
            Some(source) => ending.close(
                &format!("source({inner}{source}{inner}, {inner}{}{inner})", parent.name),
                true,
            ),
            None => call(&parent.name),
        };
        list.push(0, expression_item(cx, &list, parent, text));
    }
    let mut named = List::new(cx.text, word, cx.caret);
    models::offer(cx, &mut named, None, 0, call);
    let found = named.finish();
    if found.is_incomplete {
        list.cut();
    }
    for (place, mut item) in found.items.into_iter().enumerate() {
        if parents.iter().all(|parent| *parent.name != *item.label) {
            item.filter = Some(item.label.clone());
            item.label.clone_from(&item.text);
            list.push(2 + u16::try_from(place).unwrap_or(u16::MAX - 2), item);
        }
    }
    for (name, inside) in [("ref", 1), ("source", 2)] {
        let first = format!("{inner}$1{inner}");
        let second = if inside == 2 {
            format!(", {inner}$2{inner}")
        } else {
            String::new()
        };
        let item = Item::new(ItemKind::Function, name, word)
            .text(format!("{name}("))
            .snippet(format!("{name}({first}{second})$0"))
            .asks_again();
        list.push(1, item);
    }
    if matches!(spot.shape, Shape::Expression) && is_input {
        list.offer(
            1,
            "this",
            |item| item.detail("the model as it was before"),
            ItemKind::Variable,
        );
    }
    list.finish()
}

fn expression_item(cx: &Cx<'_>, list: &List<'_>, node: &Node, text: String) -> Item {
    let mut item = Item::new(ItemKind::Relation, text.clone(), list.range)
        .text(text)
        .detail(refs::summary(cx, node))
        .about(Subject::Node(node.unique_id.to_string()));
    item.filter = Some(node.name.to_string());
    item
}

/// The outputs of the profile around the caret.
pub(super) fn outputs_of(cx: &Cx<'_>, spot: &Spot<'_>) -> Vec<String> {
    let profile = spot
        .cursor
        .levels
        .first()
        .and_then(|root| root.lines.last())
        .map_or("", |line| line.key);
    let outputs = cx
        .project
        .facts(cx.file)
        .yaml()
        .and_then(|facts| facts.value.value.get(profile)?.value.get("outputs"))
        .map(|outputs| &outputs.value);
    outputs
        .and_then(Value::as_map)
        .unwrap_or_default()
        .iter()
        .map(|entry| entry.key.value.to_string())
        .collect()
}

/// Offers the folders at the top of the project.
pub(super) fn folders(cx: &Cx<'_>, list: &mut List<'_>, write: impl Fn(&str) -> String) {
    let files = cx.project.files();
    let names: BTreeSet<&str> = files
        .ids()
        .map(|file| files.info(file))
        .filter(|info| info.package == 0)
        .filter_map(|info| Some(info.original.as_str().split_once('/')?.0))
        .collect();
    for name in names {
        list.offer(0, name, |item| item.text(write(name)), ItemKind::Folder);
    }
}

/// Offers the names of model files, without their endings.
pub(super) fn stems(cx: &Cx<'_>, list: &mut List<'_>, write: impl Fn(&str) -> String) {
    let files = cx.project.files();
    for file in files.ids() {
        let info = files.info(file);
        if info.package == cx.package()
            && matches!(info.kind, FileKind::Model | FileKind::PythonModel)
            && let Some(stem) = info.shown.file_stem()
        {
            list.offer(
                0,
                stem,
                |item| item.detail(info.shown.as_str()).text(write(stem)),
                ItemKind::Relation,
            );
        }
    }
}
