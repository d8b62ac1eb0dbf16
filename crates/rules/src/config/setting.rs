//! What the rules about single settings share.

use glueline_base::{FileRange, Fix, Spanned, Value, range, slice};
use glueline_catalog::{KeySpec, Language, Materialization, Scope, Situation, lookup};
use glueline_project::{Contribution, Project, ResourceType};
use rustc_hash::FxHashSet;

use crate::context::NodeCx;
use crate::incremental::model::is_folder_wide;

/// Where the configs of a kind of node are looked up in the catalogue.
pub(crate) const fn scope(kind: ResourceType) -> Scope {
    match kind {
        ResourceType::Model => Scope::ModelConfig,
        ResourceType::Seed => Scope::SeedConfig,
        ResourceType::Snapshot => Scope::SnapshotConfig,
        ResourceType::Source => Scope::SourceConfig,
        ResourceType::Test => Scope::TestConfig,
        ResourceType::UnitTest => Scope::UnitTestConfig,
        ResourceType::Analysis => Scope::AnalysisConfig,
        ResourceType::Exposure => Scope::ExposureConfig,
    }
}

/// A config as nodes of a kind know it, or else as some other kind of node does.
pub(crate) fn of_any_node(scope: Scope, key: &str) -> Option<&'static KeySpec> {
    let others = [Scope::ModelConfig, Scope::SnapshotConfig, Scope::SeedConfig];
    lookup(scope, key).or_else(|| others.into_iter().find_map(|scope| lookup(scope, key)))
}

/// Calls a function with each setting of the project's own nodes. One that speaks for a whole folder comes once, with the
/// first node below it.
pub(crate) fn each_once<'a>(project: &'a Project, mut look: impl FnMut(&NodeCx<'a>, &'a Contribution)) {
    let mut seen = FxHashSet::default();
    for node in project.own_nodes() {
        let cx = NodeCx { project, node };
        for set in node.config.entries() {
            if !is_folder_wide(set) || seen.insert((set.file, set.key.range)) {
                look(&cx, set);
            }
        }
    }
}

/// How dbt-glue builds a node, leaving format and strategy open; `None` where that is not known, or where the project
/// brings a materialization of its own.
pub(crate) fn built_as(cx: &NodeCx<'_>) -> Option<Situation> {
    let name = cx.materialized()?;
    let materialization = Materialization::parse(name)?;
    if cx.project.macros().materialization(name).is_some() {
        return None;
    }
    let language = match cx.node.language {
        glueline_project::Language::Sql => Some(Language::Sql),
        glueline_project::Language::Python => Some(Language::Python),
        glueline_project::Language::None => None,
    };
    Some(Situation {
        materialization: Some(materialization),
        language,
        ..Situation::default()
    })
}

/// Writes another name in the place of a key, as it is written there: with its quotes, or the plus of a project file.
pub(crate) fn renamed(project: &Project, at: FileRange, from: &str, to: &str, fix: Fix) -> Option<Fix> {
    let written = slice(project.files().text(at.file), at.range);
    let mut found = written.match_indices(from).map(|(offset, _)| offset);
    let (Some(offset), None) = (found.next(), found.next()) else {
        return None;
    };
    let start = usize::from(at.range.start()) + offset;
    Some(fix.replace(
        FileRange {
            file: at.file,
            range: range(start, start + from.len()),
        },
        to,
    ))
}

/// Takes an entry of a YAML mapping out with its line, where the line holds nothing else and the mapping another entry.
pub(crate) fn without_line(project: &Project, at: FileRange, fix: Fix) -> Option<Fix> {
    let text = project.files().text(at.file);
    let (start, end) = (usize::from(at.range.start()), usize::from(at.range.end()));
    let line_start = text.get(..start)?.rfind('\n').map_or(0, |newline| newline + 1);
    let line_end = text.get(end..)?.find('\n').map(|newline| end + newline + 1)?;
    let indent = text.get(line_start..start)?;
    let behind = text.get(end..line_end)?.trim();
    let alone = indent.bytes().all(|b| b == b' ') && (behind.is_empty() || behind.starts_with('#'));
    let is_sibling = |line: &str| {
        line.strip_prefix(indent)
            .is_some_and(|rest| rest.starts_with(|c: char| !c.is_whitespace() && c != '-'))
    };
    let before = text
        .get(..line_start)?
        .lines()
        .rev()
        .find(|line| !line.trim().is_empty());
    let after = text.get(line_end..)?.lines().find(|line| !line.trim().is_empty());
    if !alone || !(before.is_some_and(is_sibling) || after.is_some_and(is_sibling)) {
        return None;
    }
    Some(fix.delete(FileRange {
        file: at.file,
        range: range(line_start, line_end),
    }))
}

/// The entry of a config that layers update (`meta`, `contract`, ...) and that counts: the strongest layer's.
pub(crate) fn counts(
    cx: &NodeCx<'_>,
    set: &Contribution,
    key: &str,
    name: &str,
    value: &Spanned<Value>,
) -> bool {
    let found = cx.node.config.nested(key, name);
    found.is_some_and(|(strongest, found)| strongest.file == set.file && found.range == value.range)
}
