//! Renaming nodes: their files, their entries and all that names them.

use std::sync::Arc;

use glueline_base::{FileId, System, Utf8PathBuf};
use glueline_project::{FileKind, Language, Node, NodeId, PackageId, Resolution, ResourceType};

use super::names::{identifier, node_name, refuse};
use super::{Move, Refusal, Rename, files, of_texts, only_own, sources, texts};
use crate::Analysis;
use crate::symbol::{self, Symbol};

/// A node; of a model with versions, all of them.
pub(super) fn node(analysis: &Analysis, id: NodeId, new: &str) -> Result<Rename, Refusal> {
    let project = analysis.project();
    let node = project.node(id);
    if node.kind == ResourceType::Source {
        return sources::table(analysis, node, new);
    }
    if node.version.is_some() && node.kind == ResourceType::Model {
        return versioned(analysis, node.package, &node.name, new);
    }
    only_own(analysis, node.package, &what(node))?;
    if node.generic_test.is_some() {
        return Err("The name of this test is made by dbt.".to_owned());
    }
    valid(node, new)?;
    not_taken(analysis, node, new)?;
    let mut rename = of_texts(texts(analysis, &Symbol::Node(id), &|_| Some(new.to_owned()))?);
    if node.block.is_none() && node.language != Language::None || node.kind == ResourceType::Seed {
        let file = node.file();
        rename.moves.push(moved(analysis, file, new)?);
        rename = files::with_paths(analysis, rename);
    }
    Ok(rename)
}

/// A model with all its versions.
pub(super) fn versioned(
    analysis: &Analysis,
    package: PackageId,
    name: &Arc<str>,
    new: &str,
) -> Result<Rename, Refusal> {
    let project = analysis.project();
    only_own(analysis, package, &format!("The model `{name}`"))?;
    node_name(new)?;
    let versions: Vec<&Node> = symbol::versions(project, package, name).collect();
    if let Some(first) = versions.first() {
        not_taken(analysis, first, new)?;
    }
    let symbol = Symbol::VersionedModel {
        package,
        name: name.clone(),
    };
    let mut rename = of_texts(texts(analysis, &symbol, &|written| {
        // The entry of a version names it by its number.
        (*written == **name).then(|| new.to_owned())
    })?);
    for node in versions {
        let file = node.file();
        let stem = analysis.path(file).file_stem().unwrap_or_default();
        let version = node.version.as_ref().map_or("", |version| &*version.v);
        let new_stem = if *stem == **name {
            new.to_owned()
        } else if stem == format!("{name}_v{version}") {
            format!("{new}_v{version}")
        } else {
            // `defined_in` says which file it is, and goes on saying so.
            continue;
        };
        rename.moves.push(moved(analysis, file, &new_stem)?);
    }
    rename.moves.sort_by_key(|moved| moved.file);
    Ok(files::with_paths(analysis, rename))
}

fn what(node: &Node) -> String {
    let kind = match node.kind {
        ResourceType::UnitTest => "unit test",
        kind => kind.name(),
    };
    format!("The {kind} `{}`", node.name)
}

fn valid(node: &Node, new: &str) -> Result<(), Refusal> {
    if node.block.is_some() {
        identifier(new)
    } else {
        node_name(new)
    }
}

/// Refuses a name that another node has: `ref()` knows models, seeds and snapshots by one name.
fn not_taken(analysis: &Analysis, node: &Node, new: &str) -> Result<(), Refusal> {
    let project = analysis.project();
    if *node.name == *new {
        return Ok(());
    }
    if node.kind.is_refable() {
        let found = match project.lookup().find_ref(0, None, new, None) {
            Resolution::Node(found) | Resolution::Disabled(found) => Some(project.node(found).kind),
            Resolution::Missing | Resolution::Unknown => None,
        };
        return match found {
            Some(kind) => refuse(true, kind.name(), new),
            None => refuse(!project.lookup().versions(new).is_empty(), "model", new),
        };
    }
    let taken = project
        .nodes()
        .iter()
        .any(|other| other.kind == node.kind && other.package == node.package && *other.name == *new);
    let kind = match node.kind {
        ResourceType::UnitTest => "unit test",
        kind => kind.name(),
    };
    refuse(taken, kind, new)
}

/// A file with another name in its folder.
fn moved(analysis: &Analysis, file: FileId, stem: &str) -> Result<Move, Refusal> {
    let path = analysis.path(file);
    let name = match path.extension() {
        Some(extension) => format!("{stem}.{extension}"),
        None => stem.to_owned(),
    };
    let to: Utf8PathBuf = path.with_file_name(name);
    let is_same = to.as_str().eq_ignore_ascii_case(path.as_str());
    if !is_same && analysis.system().kind(&to).is_some() {
        return Err(format!("The file `{to}` is there already."));
    }
    Ok(Move { file, to })
}

/// The node that a file is, where the name of the file is its name.
pub(super) fn named_by_file(analysis: &Analysis, file: FileId) -> Option<NodeId> {
    let project = analysis.project();
    let info = project.files().info(file);
    let is_code = matches!(
        info.kind,
        FileKind::Model
            | FileKind::PythonModel
            | FileKind::Seed
            | FileKind::Analysis
            | FileKind::SingularTest
    );
    if !is_code || info.package != 0 {
        return None;
    }
    let stem = analysis.path(file).file_stem()?;
    let mut nodes = symbol::nodes_of_file(project, file).into_iter();
    let (only, None) = (nodes.next()?, nodes.next()) else {
        return None;
    };
    let node = project.node(only);
    (node.version.is_none() && *node.name == *stem).then_some(only)
}
