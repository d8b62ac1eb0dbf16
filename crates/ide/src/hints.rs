//! Inlay hints: what a name resolves to, what a config comes to, which columns a query gives.

mod items;

use glueline_base::{FileId, FileRange, Spanned, TextRange, TextSize, Value};
use glueline_project::facts::sql::{ConfigCall, RefCall, Site, SourceCall};
use glueline_project::{
    FileFacts, Layer, Node, NodeId, PackageId, Project, Resolution, ResourceType, Setting,
};
use glueline_python::{Call, CallKind};

use crate::{Analysis, nodes};

/// Something that is shown in a line and is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// Before which byte it is shown.
    pub at: TextSize,
    /// What is shown.
    pub label: String,
    /// What is to be known besides, in plain text.
    pub tooltip: String,
    /// What it leads to.
    pub target: Option<FileRange>,
    /// What it tells.
    pub kind: HintKind,
}

/// What a hint tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HintKind {
    /// The relation that a name stands for.
    Relation,
    /// A config that another file or dbt sets.
    Config,
    /// The type of a column.
    Type,
    /// The columns that a star stands for.
    Columns,
}

/// Which hints are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a choice of its own")]
pub struct Wanted {
    /// Relations behind `ref()` and `source()`.
    pub relations: bool,
    /// Configs that are not set in the file itself.
    pub configs: bool,
    /// Types of the columns that a model makes, where its text does not say them.
    pub types: bool,
    /// The columns that a star stands for.
    pub columns: bool,
}

/// The configs that are shown where a file does not set them itself.
const CONFIGS: [&str; 3] = ["materialized", "incremental_strategy", "file_format"];

/// The hints of some lines of a file, in the order of the text.
pub fn hints(analysis: &Analysis, file: FileId, range: TextRange, wanted: Wanted) -> Vec<Hint> {
    let mut found = Vec::new();
    if wanted.relations {
        relations(analysis, file, range, &mut found);
    }
    if wanted.configs {
        for node in nodes::defined_in(analysis.project(), file) {
            found.extend(configs(analysis, node).filter(|hint| nodes::touches(range, hint.at)));
        }
    }
    if wanted.types || wanted.columns {
        let is_wanted = |hint: &Hint| match hint.kind {
            HintKind::Columns => wanted.columns,
            _ => wanted.types,
        };
        for node in nodes::defined_in(analysis.project(), file) {
            let items = items::hints(analysis, node, range);
            found.extend(items.into_iter().filter(is_wanted));
        }
    }
    found.sort_by_key(|hint| hint.at);
    found
}

fn relations(analysis: &Analysis, file: FileId, range: TextRange, out: &mut Vec<Hint>) {
    let project = &**analysis.project();
    let from = project.files().info(file).package;
    let mut add = |end: TextSize, node: Option<NodeId>| {
        let hint = node.filter(|_| nodes::touches(range, end));
        out.extend(hint.and_then(|node| relation(analysis, end, node)));
    };
    match project.facts(file) {
        FileFacts::Sql(facts) => {
            for call in &facts.refs {
                add(call.site.range.end(), referenced(project, from, call));
            }
            for call in &facts.sources {
                add(call.site.range.end(), read(project, from, call));
            }
        }
        FileFacts::Python(facts) => {
            for call in &facts.calls {
                add(call.range.end(), named_in_python(project, from, call));
            }
        }
        FileFacts::Yaml(_) | FileFacts::Seed(_) | FileFacts::None => {}
    }
}

fn relation(analysis: &Analysis, at: TextSize, id: NodeId) -> Option<Hint> {
    let name = analysis.renderer().printed_name(id)?;
    let node = analysis.project().node(id);
    Some(Hint {
        at,
        label: name,
        tooltip: node.unique_id.to_string(),
        target: Some(node.at),
        kind: HintKind::Relation,
    })
}

/// The node that a `ref()` means, where it is written in the call.
pub(crate) fn referenced(project: &Project, from: PackageId, call: &RefCall) -> Option<NodeId> {
    // A name that is computed in part is not known.
    let is_partial = call.arguments > 1 + usize::from(call.package.is_some());
    let name = call.name.as_ref().filter(|_| !is_partial)?;
    let package = call.package.as_ref().map(|package| &*package.value);
    let version = match &call.version {
        None => None,
        Some(Spanned {
            value: Value::Unknown,
            ..
        }) => return None,
        Some(version) => Some(version.value.display()),
    };
    find(project, from, package, &name.value, version.as_deref())
}

fn find(
    project: &Project,
    from: PackageId,
    package: Option<&str>,
    name: &str,
    version: Option<&str>,
) -> Option<NodeId> {
    let package = match package {
        None => None,
        Some(named) => Some(
            project
                .packages()
                .iter()
                .position(|known| *known.name == *named)?,
        ),
    };
    enabled(project.lookup().find_ref(from, package, name, version))
}

/// The table that a `source()` means, where it is written in the call.
pub(crate) fn read(project: &Project, from: PackageId, call: &SourceCall) -> Option<NodeId> {
    let (source, table) = (call.source.as_ref()?, call.table.as_ref()?);
    enabled(project.lookup().find_source(from, &source.value, &table.value))
}

const fn enabled(found: Resolution) -> Option<NodeId> {
    match found {
        Resolution::Node(node) => Some(node),
        Resolution::Disabled(_) | Resolution::Missing | Resolution::Unknown => None,
    }
}

pub(crate) fn named_in_python(project: &Project, from: PackageId, call: &Call) -> Option<NodeId> {
    let texts: Option<Vec<&str>> = call
        .positional()
        .map(|argument| argument.value.value.as_str())
        .collect();
    match (call.kind, texts?.as_slice()) {
        (CallKind::Ref, [name]) if call.arguments.len() == 1 => find(project, from, None, name, None),
        (CallKind::Ref, [package, name]) if call.arguments.len() == 2 => {
            find(project, from, Some(package), name, None)
        }
        (CallKind::Source, [source, table]) => enabled(project.lookup().find_source(from, source, table)),
        _ => None,
    }
}

/// What a model is made as where its own file does not say.
fn configs<'a>(analysis: &'a Analysis, node: &'a Node) -> impl Iterator<Item = Hint> + 'a {
    let shown = node.enabled && matches!(node.kind, ResourceType::Model) && !node.config.is_opaque();
    let info = shown.then(|| analysis.renderer().info(node.id));
    let at = place(analysis.project(), node);
    let keys = info.into_iter().flat_map(move |info| {
        let is_incremental = info.materialized() == "incremental";
        let makes_table = !matches!(&*info.materialized(), "view" | "ephemeral");
        let wanted = CONFIGS.into_iter().filter(move |key| match *key {
            "incremental_strategy" => is_incremental,
            "file_format" => makes_table,
            _ => true,
        });
        wanted.filter_map(move |key| config(analysis, node, key, &info))
    });
    keys.map(move |(label, tooltip, target)| Hint {
        at,
        label,
        tooltip,
        target,
        kind: HintKind::Config,
    })
}

/// Behind the first call of `config()` that is made whatever happens, else at the start.
fn place(project: &Project, node: &Node) -> TextSize {
    let own = |site: &Site| site.in_macro.is_none() && site.in_snapshot == node.block;
    let written = match project.facts(node.file()) {
        FileFacts::Sql(facts) => {
            let mut calls = facts.configs.iter();
            let call = calls.find(|call: &&ConfigCall| own(&call.site));
            call.map(|call| call.site.range.end())
        }
        FileFacts::Python(facts) => {
            let call = facts.calls.iter().find(|call| call.kind == CallKind::Config);
            call.map(|call| call.range.end())
        }
        FileFacts::Yaml(_) | FileFacts::Seed(_) | FileFacts::None => None,
    };
    written.unwrap_or(TextSize::new(0))
}

/// A config as it would be written, who sets it, and where.
fn config(
    analysis: &Analysis,
    node: &Node,
    key: &str,
    info: &glueline_render::NodeInfo,
) -> Option<(String, String, Option<FileRange>)> {
    let value = info.config.get_str(key).filter(|value| !value.is_none());
    let (value, tooltip, target) = match node.config.get(key) {
        Setting::Unknown => return None,
        Setting::Set(set) if set.layer == Layer::InFile => return None,
        Setting::Set(set) => {
            let path = &analysis.project().files().info(set.file).shown;
            let value = glueline_template::to_str(&value?).plain().into_owned();
            (value, format!("set in {path}"), Some(set.key_at()))
        }
        Setting::Unset => {
            let known = glueline_catalog::model_key(key)?;
            let value = match value {
                Some(value) => glueline_template::to_str(&value).plain().into_owned(),
                None => known.default.trim_matches(['"', '\'']).to_owned(),
            };
            (value, "the default: nothing sets it".to_owned(), None)
        }
    };
    let is_none = value.is_empty() || value == "null";
    (!is_none).then(|| (format!("{key}={value}"), tooltip, target))
}
