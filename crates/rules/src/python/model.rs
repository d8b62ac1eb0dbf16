//! What the rules about Python models ask of one.

use glueline_base::FileRange;
use glueline_catalog::FileFormat;
use glueline_project::{Contribution, Language, Layer, ResourceType};
use glueline_python::{Call, CallKind, PythonModel};

use crate::context::NodeCx;

/// Whether the node is a model in Python.
pub(crate) fn is_python(cx: &NodeCx<'_>) -> bool {
    cx.node.language == Language::Python && cx.node.kind == ResourceType::Model
}

/// The facts of a Python model that Python itself can read.
pub(crate) fn facts<'a>(cx: &NodeCx<'a>) -> Option<&'a PythonModel> {
    let facts = cx.project.facts(cx.node.file()).python()?;
    (is_python(cx) && facts.errors.is_empty()).then_some(facts)
}

/// The first `dbt.config()`.
pub(crate) fn config_call(facts: &PythonModel) -> Option<&Call> {
    facts.calls.iter().find(|call| call.kind == CallKind::Config)
}

/// Where to point for what a model's config lacks: its `dbt.config`, else its function.
pub(crate) fn blame(cx: &NodeCx<'_>) -> FileRange {
    let file = cx.node.file();
    let place = cx.project.facts(file).python().and_then(|facts| {
        let call = config_call(facts).map(|call| call.callee);
        call.or_else(|| facts.model().map(|model| model.name.range))
    });
    place.map_or(cx.node.at, |range| FileRange { file, range })
}

/// The materialization as the user wrote it; `None` where dbt has put its own default for Python in its place.
pub(crate) fn materialized<'a>(cx: &NodeCx<'a>) -> Option<&'a Contribution> {
    let set = cx.config("materialized").set()?;
    let is_default = set.layer == Layer::Properties && set.file == cx.node.file();
    (!is_default).then_some(set)
}

/// Whether it is an incremental Python model as dbt-glue has it, and the format it writes.
pub(crate) fn incremental_format(cx: &NodeCx<'_>) -> Option<FileFormat> {
    if !is_python(cx) || !cx.is_incremental() || !writes_as_shipped(cx) {
        return None;
    }
    cx.file_format().and_then(FileFormat::parse)
}

/// Whether dbt-glue's own code writes the table.
pub(crate) fn writes_as_shipped(cx: &NodeCx<'_>) -> bool {
    cx.project
        .macros()
        .override_of("py_write_table", cx.node.package)
        .is_none()
}
