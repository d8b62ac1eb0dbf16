//! `temp-schema-unused`.

use glueline_base::Diagnostic;
use glueline_catalog::FileFormat;
use glueline_project::ResourceType;

use crate::context::NodeCx;
use crate::context::TargetCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "temp-schema-unused",
    Ineffective,
    Info,
    "temp_schema_unused.md",
    Check::Target(check)
);

const KEY: &str = "temp_schema";

fn check(cx: &TargetCx<'_>, sink: &mut Sink) {
    if !cx.target.selected || cx.target.text(KEY).is_none_or(str::is_empty) {
        return;
    }
    let project = cx.project;
    if project
        .nodes()
        .iter()
        .filter(|node| node.enabled)
        .any(|node| may_use_it(&NodeCx { project, node }))
    {
        return;
    }
    let message = format!(
        "No model of this project uses `{KEY}`: it holds the staging tables of incremental models in the formats \
         `iceberg` and `s3tables`, and of nothing else."
    );
    cx.report(sink, Diagnostic::new(&RULE.meta, cx.target.key_at(KEY), message));
}

fn may_use_it(cx: &NodeCx<'_>) -> bool {
    if cx.node.kind != ResourceType::Model {
        return false;
    }
    // A materialization of the project's own may do as dbt-glue's does.
    let own = |name: &str| cx.project.macros().materialization(name).is_some();
    match cx.materialized() {
        None => true,
        Some("incremental") => cx.file_format().is_none_or(|format| {
            FileFormat::parse(format).is_none_or(FileFormat::has_catalog_prefix) || own("incremental")
        }),
        Some(other) => own(other),
    }
}
