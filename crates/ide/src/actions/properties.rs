//! What a properties file lacks: the entry of a model, columns, descriptions.

use std::fmt::Write as _;

use glueline_base::{FileId, FileRange, System, TextRange, TextSize, slice};
use glueline_project::{FileKind, Node, ResourceType};
use glueline_yaml::{Kind, NodeRef};

use super::text::{line_end, line_ending, line_start};
use super::{Action, ActionKind};
use crate::columns::{self, ColumnSource};
use crate::{Analysis, nodes};

pub(super) fn actions(analysis: &Analysis, file: FileId, range: TextRange) -> Vec<Action> {
    let kind = analysis.project().files().info(file).kind;
    if kind == FileKind::Properties {
        return of_entry(analysis, file, range);
    }
    describe(analysis, file, range).into_iter().collect()
}

/// The columns of a node that are sure to be there.
fn sure_columns(analysis: &Analysis, node: &Node) -> Vec<String> {
    let known = columns::of(analysis, node.id);
    let is_sure = |column: &&columns::NodeColumn| {
        !column.is_conditional && !matches!(column.source, ColumnSource::Properties | ColumnSource::Snapshot)
    };
    let sure = known.list.iter().filter(is_sure);
    sure.map(|column| scalar(&column.name)).collect()
}

/// A name as YAML reads it back as the same text.
fn scalar(name: &str) -> String {
    let is_plain = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let tree = glueline_yaml::parse(name);
    let is_text = tree
        .root()
        .and_then(|root| root.as_str().map(|text| text == name))
        == Some(true);
    if is_plain && is_text {
        name.to_owned()
    } else {
        format!("'{}'", name.replace('\'', "''"))
    }
}

/// The key of the list that describes nodes of a kind.
const fn list_of(kind: ResourceType) -> Option<&'static str> {
    match kind {
        ResourceType::Model => Some("models"),
        ResourceType::Seed => Some("seeds"),
        ResourceType::Snapshot => Some("snapshots"),
        _ => None,
    }
}

/// An entry for a node that has none: in the properties file of its folder, or in a new one.
fn describe(analysis: &Analysis, file: FileId, range: TextRange) -> Option<Action> {
    let project = analysis.project();
    let defined = nodes::defined_in(project, file);
    let node = defined.iter().find(|node| {
        let is_here = node.block.is_none() || node.at.range.intersect(range).is_some();
        is_here && node.enabled && node.package == 0 && node.patch.is_none() && node.version.is_none()
    })?;
    let list = list_of(node.kind)?;
    let folder = analysis.path(file).parent()?;
    let mut beside = project
        .files()
        .of_kind(FileKind::Properties)
        .filter(|other| analysis.path(*other).parent() == Some(folder));
    let title = |path: &str| format!("Describe `{}` in `{path}`", node.name);
    let names = sure_columns(analysis, node);
    if let Some(other) = beside.find(|other| has_list(analysis.text(*other), list)) {
        let (at, dash) = end_of_list(analysis.text(other), list)?;
        let newline = line_ending(analysis.text(other));
        let text = format!("{newline}{}", entry(node, &names, &dash, newline));
        let at = FileRange {
            file: other,
            range: TextRange::empty(at),
        };
        let path = analysis.path(other).file_name().unwrap_or_default();
        return Some(Action::new(title(path), ActionKind::Rewrite).replace(at, text));
    }
    let path = ["schema.yml".to_owned(), format!("{}.yml", node.name)]
        .into_iter()
        .map(|name| folder.join(name))
        .find(|path| analysis.system().kind(path).is_none())?;
    let newline = line_ending(analysis.text(file));
    let text = format!(
        "version: 2{newline}{newline}{list}:{newline}{}{newline}",
        entry(node, &names, "  ", newline)
    );
    let name = path.file_name().unwrap_or_default().to_owned();
    Some(Action::new(title(&name), ActionKind::Rewrite).create(path, text))
}

/// `- name: orders` with columns below, as far as they are known. `dash` stands before the dash.
fn entry(node: &Node, columns: &[String], dash: &str, newline: &str) -> String {
    let mut out = format!("{dash}- name: {}", scalar(&node.name));
    if !columns.is_empty() {
        let _ = write!(out, "{newline}{dash}  columns:");
        for column in columns {
            let _ = write!(out, "{newline}{dash}    - name: {column}");
        }
    }
    out
}

/// Whether a properties file has a list in block style that entries can be added to.
fn has_list(text: &str, list: &str) -> bool {
    end_of_list(text, list).is_some()
}

/// Where one more item goes, and what stands before its dash.
fn end_of_list(text: &str, list: &str) -> Option<(TextSize, String)> {
    let tree = glueline_yaml::parse_stripped(text);
    if !tree.errors.is_empty() {
        return None;
    }
    let value = value_of(tree.root()?, list)?;
    end_of_items(text, value)
}

fn value_of<'a>(map: NodeRef<'a>, key: &str) -> Option<NodeRef<'a>> {
    map.raw_entries()
        .find(|entry| entry.name() == key)
        .map(|entry| entry.value())
}

/// The same for a list that is known.
fn end_of_items(text: &str, list: NodeRef<'_>) -> Option<(TextSize, String)> {
    let first = list.items().next().filter(|_| !list.is_alias())?;
    let start = first.full_range().start();
    let before = slice(text, TextRange::new(line_start(text, start), start));
    let dash = before.trim_end().strip_suffix('-')?;
    // A list in brackets, or one that begins behind something else, is left alone.
    let is_block = dash.trim().is_empty();
    let end = written_end(text, list.range());
    is_block.then(|| (line_end(text, end), dash.to_owned()))
}

/// The end of what is written: a block scalar holds its last line break.
fn written_end(text: &str, range: TextRange) -> TextSize {
    range.start() + TextSize::of(slice(text, range).trim_end())
}

/// Columns and descriptions that the entry around the range lacks.
fn of_entry(analysis: &Analysis, file: FileId, range: TextRange) -> Vec<Action> {
    let text = analysis.text(file);
    let described = nodes::described_in(analysis.project(), file);
    let around = described
        .iter()
        .filter(|(_, entry)| nodes::touches(*entry, range.start()));
    let Some((node, at)) = around.min_by_key(|(_, entry)| entry.len()) else {
        return Vec::new();
    };
    let tree = glueline_yaml::parse_stripped(text);
    let Some(map) = tree.root().and_then(|root| mapping_at(root, *at)) else {
        return Vec::new();
    };
    if !tree.errors.is_empty() || slice(text, map.range()).starts_with('{') {
        return Vec::new();
    }
    let missing = add_columns(analysis, file, node, map);
    missing
        .into_iter()
        .chain(add_descriptions(analysis, file, node, map))
        .collect()
}

/// The mapping that stands at a range.
fn mapping_at(root: NodeRef<'_>, at: TextRange) -> Option<NodeRef<'_>> {
    let mut open = vec![root];
    while let Some(node) = open.pop() {
        if node.is_alias() || !node.range().contains_range(at) {
            continue;
        }
        match node.kind() {
            Kind::Mapping if node.range() == at => return Some(node),
            Kind::Mapping => open.extend(node.raw_entries().map(|entry| entry.value())),
            Kind::Sequence => open.extend(node.items()),
            Kind::Scalar(_) | Kind::Unreadable => {}
        }
    }
    None
}

fn add_columns(analysis: &Analysis, file: FileId, node: &Node, map: NodeRef<'_>) -> Option<Action> {
    let text = analysis.text(file);
    let known = columns::of(analysis, node.id);
    let is_declared = |name: &str| {
        let column = known.named(name.trim_matches('\'')).map(|(_, column)| column);
        column.is_some_and(|column| column.declared.is_some())
    };
    let missing: Vec<String> = sure_columns(analysis, node)
        .into_iter()
        .filter(|name| !is_declared(name))
        .collect();
    // The columns of a version are those of the model and more: what is missing is not plain to see.
    if missing.is_empty() || node.version.is_some() {
        return None;
    }
    let newline = line_ending(text);
    let (at, written) = match value_of(map, "columns") {
        Some(list) if list.items().len() > 0 => {
            let (at, dash) = end_of_items(text, list)?;
            let items = missing
                .iter()
                .map(|name| format!("{newline}{dash}- name: {name}"));
            (at, items.collect::<String>())
        }
        Some(_) => return None,
        None => {
            let indent = " ".repeat(column_of(text, map.range().start()));
            let items = missing
                .iter()
                .map(|name| format!("{newline}{indent}  - name: {name}"));
            let at = line_end(text, written_end(text, map.range()));
            (
                at,
                format!("{newline}{indent}columns:{}", items.collect::<String>()),
            )
        }
    };
    let count = missing.len();
    let title = if count == 1 {
        format!("Add the missing column of `{}`", node.name)
    } else {
        format!("Add the {count} missing columns of `{}`", node.name)
    };
    let at = FileRange {
        file,
        range: TextRange::empty(at),
    };
    Some(Action::new(title, ActionKind::Rewrite).replace(at, written))
}

/// How far from the start of its line an offset stands.
fn column_of(text: &str, offset: TextSize) -> usize {
    let before = slice(text, TextRange::new(line_start(text, offset), offset));
    before.chars().count()
}

/// An empty description for the entry and each of its columns that has none.
fn add_descriptions(analysis: &Analysis, file: FileId, node: &Node, map: NodeRef<'_>) -> Option<Action> {
    let text = analysis.text(file);
    let newline = line_ending(text);
    let columns = value_of(map, "columns").into_iter().flat_map(|list| {
        let is_own = !list.is_alias();
        list.items()
            .filter(move |item| is_own && item.is_mapping() && !item.is_alias())
    });
    let mut action = Action::new(
        format!("Add descriptions to `{}`", node.name),
        ActionKind::Rewrite,
    );
    for each in std::iter::once(map).chain(columns) {
        if slice(text, each.range()).starts_with('{') || value_of(each, "description").is_some() {
            continue;
        }
        let Some(name) = each.raw_entries().find(|entry| entry.name() == "name") else {
            continue;
        };
        let value = name.value().range();
        // What goes on over several lines has no end of line of its own.
        if line_start(text, value.start()) != line_start(text, value.end()) || value.is_empty() {
            continue;
        }
        let indent = " ".repeat(column_of(text, name.key().full_range().start()));
        let at = FileRange {
            file,
            range: TextRange::empty(line_end(text, value.end())),
        };
        action = action.replace(at, format!("{newline}{indent}description: ''"));
    }
    (!action.edits.is_empty()).then_some(action)
}
