//! `missing-location`.

use glueline_base::{Diagnostic, Severity};
use glueline_catalog::{FileFormat, Materialization};
use glueline_project::{Language, Node, ResourceType, Setting};

use crate::context::{Exists, NodeCx, TargetCx};
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "missing-location",
    Fails,
    Error,
    "missing_location.md",
    Check::Target(check)
);

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    if !cx.target.selected || !cx.target.lacks("location") {
        return;
    }
    let project = cx.project;
    let nodes = || {
        project
            .nodes()
            .iter()
            .filter(|node| node.enabled)
            .map(|node| NodeCx { project, node })
    };
    let certain = nodes().find(|node| needs_location(node) == Need::EachRun);
    let first = || nodes().find(|node| needs_location(node) == Need::WhenMade);
    let Some((node, severity)) = certain.map(|node| (node, Severity::Error)).or_else(|| {
        let node = first()?;
        let severity = if node.exists() == Exists::Yes {
            Severity::Warning
        } else {
            Severity::Error
        };
        Some((node, severity))
    }) else {
        return;
    };
    let message = format!(
        "`location` is not set, and {} has to be written somewhere: it fails with `'location' must be set in \
         profiles.yml to build a table location`. Set it to the S3 path that tables go below.",
        name(node.node)
    );
    let diagnostic = Diagnostic::new(&RULE.meta, cx.target.key_at("location"), message).severity(severity);
    cx.report(
        sink,
        diagnostic.related(node.node.at, "this is written below `location`"),
    );
}

fn name(node: &Node) -> String {
    format!("the {} `{}`", node.kind, node.name)
}

/// When a node asks for the profile's `location`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Need {
    /// On each run.
    EachRun,
    /// When its table is made: on the first run and with `--full-refresh`.
    WhenMade,
    /// Never, or it cannot be known.
    Never,
}

/// `dbt/adapters/glue/impl.py`, `_build_location`, and `glue__location_clause` in
/// `dbt/include/glue/macros/adapters.sql`.
fn needs_location(cx: &NodeCx<'_>) -> Need {
    let macros = cx.project.macros();
    if cx.node.kind == ResourceType::Seed {
        // Seeds do not look at `custom_location`.
        return if macros.materialization("seed").is_none() {
            Need::EachRun
        } else {
            Need::Never
        };
    }
    let has_own = !matches!(cx.config("custom_location"), Setting::Unset);
    let format = cx.file_format().and_then(FileFormat::parse);
    if has_own
        || cx.node.language != Language::Sql
        || format.is_none_or(|format| format == FileFormat::S3tables)
        || macros.override_of("location_clause", cx.node.package).is_some()
    {
        return Need::Never;
    }
    if cx.is_model(Materialization::Table.name()) {
        Need::EachRun
    } else if cx.is_incremental() || cx.is_snapshot() {
        Need::WhenMade
    } else {
        Need::Never
    }
}
