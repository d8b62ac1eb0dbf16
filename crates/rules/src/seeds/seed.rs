//! What the rules about seeds ask of one.

use glueline_base::FileRange;
use glueline_project::ResourceType;
use glueline_seed::Seed;

use crate::context::NodeCx;

/// The facts of a seed that dbt-glue itself loads, and whose delimiter dbt takes.
pub(crate) fn facts<'a>(cx: &NodeCx<'a>) -> Option<&'a Seed> {
    (is_loaded(cx) && !super::seed_delimiter::is_refused(cx))
        .then(|| cx.project.facts(cx.node.file()).seed())?
}

/// Whether the node is a seed that dbt-glue's own materialization loads.
pub(crate) fn is_loaded(cx: &NodeCx<'_>) -> bool {
    cx.node.kind == ResourceType::Seed
        && cx.project.macros().materialization("seed").is_none()
        && ["create_csv_table", "reset_csv_table", "load_csv_rows"]
            .iter()
            .all(|name| cx.project.macros().override_of(name, cx.node.package).is_none())
}

/// Whether the profile switches `enable_spark_seed_casting` on; `None` where that is not known.
pub(crate) fn is_cast(cx: &NodeCx<'_>) -> Option<bool> {
    match cx.project.target()?.get("enable_spark_seed_casting") {
        None => Some(false),
        Some(value) => value.truthy(),
    }
}

/// A place in the seed's file; its start where it was read only in part.
pub(crate) fn at(cx: &NodeCx<'_>, range: glueline_base::TextRange) -> FileRange {
    let file = cx.node.file();
    let text = cx.project.files().text(file);
    let inside = text
        .get(usize::from(range.start())..usize::from(range.end()))
        .is_some();
    FileRange {
        file,
        range: if inside { range } else { glueline_base::range(0, 0) },
    }
}

/// Some names of a list, for a message.
pub(crate) fn some<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.collect();
    let shown: Vec<String> = names.iter().take(3).map(|name| format!("`{name}`")).collect();
    let more = if names.len() > shown.len() { ", ..." } else { "" };
    shown.join(", ") + more
}
