//! What the rules about written tables ask of a node.

use glueline_base::{Diagnostic, FileRange, RuleMeta, Severity, Spanned, Value};
use glueline_catalog::{FileFormat, Merge, Strategy, model_key};
use glueline_project::{Contribution, Language, Layer, ResourceType, Setting, Table};

use crate::context::{Exists, NodeCx};

/// Whether it is an incremental model in SQL, as dbt-glue has it.
pub(crate) fn is_sql_incremental(cx: &NodeCx<'_>) -> bool {
    cx.node.language == Language::Sql && cx.is_incremental()
}

/// Whether it is a model that the node's own language lets dbt-glue build with SQL.
pub(crate) fn is_sql_model(cx: &NodeCx<'_>, materialized: &str) -> bool {
    cx.node.language == Language::Sql && cx.is_model(materialized)
}

/// The format; `None` where it is not known or none that incremental models take.
pub(crate) fn format(cx: &NodeCx<'_>) -> Option<FileFormat> {
    cx.file_format().and_then(FileFormat::parse)
}

/// The strategy; `None` where it is unset, not known or none of dbt-glue's.
pub(crate) fn strategy(cx: &NodeCx<'_>) -> Option<Strategy> {
    cx.strategy().and_then(Strategy::parse)
}

/// Whether it is an incremental model in SQL whose rows are merged with `merge into`; Hudi has a writer of its own.
pub(crate) fn merges_with_sql(cx: &NodeCx<'_>) -> bool {
    strategy(cx) == Some(Strategy::Merge)
        && format(cx).is_some_and(|format| format.is_transactional() && format != FileFormat::Hudi)
        && is_sql_incremental(cx)
}

/// Whether the project replaces one of these macros of the adapter, so that nothing can be said of what they do.
pub(crate) fn replaces(cx: &NodeCx<'_>, macros: &[&str]) -> bool {
    let own = cx.project.macros();
    macros
        .iter()
        .any(|name| own.override_of(name, cx.node.package).is_some())
}

/// A setting that Python takes for true.
pub(crate) fn truthy<'a>(cx: &NodeCx<'a>, key: &str) -> Option<&'a Contribution> {
    cx.config(key)
        .set()
        .filter(|set| set.value.value.truthy() == Some(true))
}

/// Whether a setting is sure to be unset or empty.
pub(crate) fn is_falsy(cx: &NodeCx<'_>, key: &str) -> bool {
    match cx.config(key) {
        Setting::Unset => true,
        Setting::Unknown => false,
        Setting::Set(set) => set.value.value.truthy() == Some(false),
    }
}

/// The entry of a config that is a mapping, and the setting it stands in. `Setting::Unknown` hides what lies below it.
pub(crate) fn inner<'a>(
    cx: &NodeCx<'a>,
    key: &'a str,
    entry: &str,
) -> Option<(&'a Contribution, &'a Spanned<Value>)> {
    if cx.node.config.is_opaque() {
        return None;
    }
    let updates = model_key(key).is_some_and(|spec| spec.merge != Merge::Clobber);
    for set in cx.node.config.all(key).rev() {
        if set.value.value == Value::Unknown {
            return None;
        }
        if let Some(found) = set.value.value.get(entry) {
            return Some((set, found));
        }
        if !updates {
            return None;
        }
    }
    None
}

/// Whether a contract is enforced; `None` where that is not known.
pub(crate) fn has_contract(cx: &NodeCx<'_>) -> Option<bool> {
    if cx.config("contract").is_unknown() {
        return None;
    }
    inner(cx, "contract", "enforced").map_or(Some(false), |(_, enforced)| enforced.value.truthy())
}

/// Whether a run rebuilds the table of a model that would otherwise add to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rebuilt {
    /// Every run does, by config.
    Always,
    /// This run does, or it is not known.
    Perhaps,
    /// It does not.
    No,
}

fn rebuilt(cx: &NodeCx<'_>) -> Rebuilt {
    let by_flag = if cx.project.run_options().full_refresh {
        Rebuilt::Perhaps
    } else {
        Rebuilt::No
    };
    match cx.config("full_refresh") {
        _ if cx.node.kind == ResourceType::Snapshot => Rebuilt::No,
        Setting::Unset => by_flag,
        Setting::Unknown => Rebuilt::Perhaps,
        Setting::Set(set) => match set.value.value {
            Value::Null => by_flag,
            Value::Bool(true) => Rebuilt::Always,
            Value::Bool(false) => Rebuilt::No,
            _ => Rebuilt::Perhaps,
        },
    }
}

/// Whether what exists is created anew all the same: a view is dropped, and what dbt-glue does not see is not there for
/// it.
fn is_no_table(cx: &NodeCx<'_>) -> bool {
    // Snapshots look it up in a way that stumbles over a table without any list of parameters.
    let is_overlooked = |table: &Table| cx.is_snapshot() && table.parameters.is_none();
    // What says that it is Iceberg is never taken for a view.
    let is_view = |table: &Table| table.is_view() && !table.is_iceberg();
    cx.in_catalog()
        .is_some_and(|table| is_view(table) || !table.is_visible() || is_overlooked(table))
}

/// How loud to be about what strikes only when rows are added to a table that exists; `None` where the model is
/// rebuilt on each run, so that they never are.
pub(crate) fn when_adding(cx: &NodeCx<'_>) -> Option<Severity> {
    match rebuilt(cx) {
        Rebuilt::Always => None,
        Rebuilt::Perhaps => Some(Severity::Warning),
        Rebuilt::No if is_no_table(cx) => Some(Severity::Warning),
        Rebuilt::No => Some(cx.later_severity()),
    }
}

/// How loud to be about what strikes only when the table is created.
pub(crate) fn when_creating(cx: &NodeCx<'_>) -> Severity {
    if cx.exists() != Exists::Yes || rebuilt(cx) != Rebuilt::No || is_no_table(cx) {
        Severity::Error
    } else {
        Severity::Warning
    }
}

/// Whether a setting speaks for a whole folder rather than for one node.
pub(crate) const fn is_folder_wide(set: &Contribution) -> bool {
    matches!(set.layer, Layer::ProjectFile(_) | Layer::RootProjectFile(_))
}

/// The first of these settings that stands with the node: in its file or in its entry of a properties file.
pub(crate) fn own_setting<'a>(cx: &NodeCx<'a>, keys: &[&str]) -> Option<&'a Contribution> {
    keys.iter()
        .filter_map(|key| cx.config(key).set())
        .find(|set| !is_folder_wide(set))
}

/// Where to point for what a node lacks: the first of these settings that stands with the node, else the node. A
/// setting for a whole folder is not to blame for one node.
pub(crate) fn beside(cx: &NodeCx<'_>, keys: &[&str]) -> FileRange {
    own_setting(cx, keys).map_or(cx.node.at, Contribution::value_at)
}

/// A finding at a setting that is nobody's failure. One that speaks for a whole folder names no node, so that it shows
/// once.
pub(crate) fn at_setting(
    cx: &NodeCx<'_>,
    rule: &RuleMeta,
    set: &Contribution,
    at: FileRange,
    message: impl Into<String>,
) -> Diagnostic {
    if is_folder_wide(set) {
        Diagnostic::new(rule, at, message)
    } else {
        cx.diagnostic(rule, at, message)
    }
}
