//! What the rules about tables ask of a node.

use glueline_base::{Diagnostic, RuleMeta};
use glueline_catalog::FileFormat;
use glueline_project::{Contribution, Language, ResourceType};

use crate::context::NodeCx;
use crate::incremental::model;

/// Whether it is made by `create table as`, or as one: a table, a snapshot, or an incremental model that no Python code
/// of the adapter writes.
pub(crate) fn is_created_as_select(cx: &NodeCx<'_>) -> bool {
    match cx.node.kind {
        ResourceType::Snapshot => cx.is_snapshot(),
        ResourceType::Model if cx.node.language == Language::Sql => {
            let by_python = || {
                model::format(cx).is_none_or(|format| matches!(format, FileFormat::Delta | FileFormat::Hudi))
            };
            cx.is_model("table") || (cx.is_incremental() && !by_python())
        }
        _ => false,
    }
}

/// The names under which a node is made and that are its own to choose, with the setting that chooses them: its alias,
/// or `None` for its own name, and its schema, unless that is the profile's.
pub(crate) fn names<'a>(cx: &NodeCx<'a>) -> [Option<(&'a str, Option<&'a Contribution>)>; 2] {
    let is_made = match cx.node.kind {
        ResourceType::Model => cx
            .materialized()
            .is_some_and(|materialized| materialized != "ephemeral"),
        ResourceType::Seed | ResourceType::Snapshot => true,
        _ => false,
    };
    if !is_made {
        return [None, None];
    }
    let identifier = cx
        .node
        .identifier
        .as_deref()
        .map(|name| (name, cx.config("alias").set()));
    let chosen = || {
        ["target_schema", "schema"]
            .into_iter()
            .find_map(|key| cx.config(key).set())
    };
    let of_profile = || cx.project.target().and_then(|target| target.text("schema"));
    let schema = cx
        .node
        .schema
        .as_deref()
        .filter(|schema| is_odd(schema) && !of_profile().is_some_and(is_odd))
        .and_then(|schema| Some((schema, Some(chosen()?))));
    [identifier, schema]
}

/// A finding about a name, where it is chosen.
pub(crate) fn name_finding(
    cx: &NodeCx<'_>,
    rule: &RuleMeta,
    chosen: Option<&Contribution>,
    message: String,
) -> Diagnostic {
    match chosen {
        Some(set) => model::at_setting(cx, rule, set, set.value_at(), message),
        None => cx.diagnostic(rule, cx.node.at, message),
    }
}

/// Whether a name is more than lower-case letters, digits and underscores.
fn is_odd(name: &str) -> bool {
    !name
        .bytes()
        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// Whether a properties file lists columns of the node.
pub(crate) fn declares_columns(cx: &NodeCx<'_>) -> bool {
    let (Some(patch), Some(reference)) = (cx.project.patch(cx.node), cx.node.patch) else {
        return false;
    };
    let version = reference.inner.and_then(|inner| patch.versions.get(inner));
    !patch.columns.is_empty() || version.is_some_and(|version| !version.columns.is_empty())
}
