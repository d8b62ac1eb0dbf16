//! What the rules about single settings share.

use glueline_base::{FileRange, Fix, Spanned, Value, range, slice};
use glueline_catalog::{Language, Materialization, Scope, Situation};
use glueline_project::{Contribution, Project, ResourceType};

use crate::context::NodeCx;

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

/// Whether the project's own SQL or macros, or those of its packages, may read a config of this name: then it is theirs.
pub(crate) fn is_read_by_macros(project: &Project, key: &str) -> bool {
    project.files().ids().any(|file| {
        let Some(facts) = project.facts(file).sql() else {
            return false;
        };
        let reads = |path: &str| path.contains("config.") || path == "config";
        let asked = facts.calls.iter().any(|call| {
            let name = call.first.as_ref().and_then(|first| first.value.as_str());
            reads(&call.path.value) && name.is_none_or(|name| name == key)
        });
        // A macro may get at it in other ways: `model.config[key]`.
        asked || (!facts.macros.is_empty() && project.files().text(file).contains(key))
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
