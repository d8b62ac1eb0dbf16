//! What of a node's `meta` dbt-glue reads before it runs the node.

use glueline_base::MapEntry;
use glueline_catalog::Materialization;
use glueline_project::{Contribution, Language, ResourceType};

use super::setting;
use crate::context::NodeCx;

/// Calls a function with each entry of `meta` that counts, of a node whose session the entries are for.
pub(crate) fn each(cx: &NodeCx<'_>, mut look: impl FnMut(&Contribution, &MapEntry)) {
    if !opens_session(cx) {
        return;
    }
    for set in cx.node.config.all("meta") {
        for entry in set.value.value.as_map().unwrap_or_default() {
            if setting::counts(cx, set, "meta", &entry.key.value, &entry.value) {
                look(set, entry);
            }
        }
    }
}

/// Whether the node shares its session with a group; `None` where that is not known.
pub(crate) fn group(cx: &NodeCx<'_>) -> Option<bool> {
    match cx.node.config.nested("meta", "group_session_id") {
        Some((_, value)) => value.value.truthy(),
        None => Some(cx.node.config.is_opaque()),
    }
}

/// Python models send their statement through another session than their `meta` asks for, ephemeral ones send none.
fn opens_session(cx: &NodeCx<'_>) -> bool {
    let is_run = matches!(
        cx.node.kind,
        ResourceType::Model | ResourceType::Seed | ResourceType::Snapshot
    );
    is_run
        && cx.node.language != Language::Python
        && cx.node.config.all("meta").next().is_some()
        && cx
            .materialized()
            .is_some_and(|name| Materialization::parse(name) != Some(Materialization::Ephemeral))
}
