//! What the rules about tables ask of a node.

use std::sync::Arc;

use glueline_base::FileRange;
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

/// The names under which a node is made and that are its own to choose, with where they are chosen: its name or alias,
/// and its schema, unless that is the profile's.
pub(crate) fn names<'a>(cx: &NodeCx<'a>) -> [Option<(&'a str, FileRange)>; 2] {
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
    let chosen = |name: &'a Arc<str>, key: &str| {
        let at = cx.config(key).set().filter(|set| !model::is_folder_wide(set));
        (&**name, at.map_or(cx.node.at, Contribution::value_at))
    };
    let schema_key = ["target_schema", "schema"]
        .into_iter()
        .find(|key| cx.config(key).set().is_some());
    let identifier = cx.node.identifier.as_ref().map(|name| chosen(name, "alias"));
    let schema = cx.node.schema.as_ref().zip(schema_key).filter(|(schema, _)| {
        let of_profile = cx.project.target().and_then(|target| target.text("schema"));
        of_profile.is_none_or(|of_profile| !has_oddity(of_profile)) && has_oddity(schema)
    });
    [identifier, schema.map(|(schema, key)| chosen(schema, key))]
}

/// Whether a name is more than lower-case letters, digits and underscores.
fn has_oddity(name: &str) -> bool {
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
