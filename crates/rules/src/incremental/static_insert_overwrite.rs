//! `static-insert-overwrite`.

use glueline_base::Severity;
use glueline_catalog::{Change, FileFormat, Strategy};

use super::{model, session};
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "static-insert-overwrite",
    Data,
    Error,
    "static_insert_overwrite.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let Some(set) = model::truthy(cx, "partition_by") else {
        return;
    };
    if model::strategy(cx) != Some(Strategy::InsertOverwrite) {
        return;
    }
    let Some(format) = model::format(cx).filter(|format| is_overwritten_by_spark(*format)) else {
        return;
    };
    if !model::is_sql_incremental(cx)
        // Releases before set the mode themselves.
        || !cx.project.release().version.has(Change::StagesInSession)
        || model::replaces(cx, &["get_insert_overwrite_sql"])
    {
        return;
    }
    let (Some(severity), Some(conf)) = (model::when_adding(cx), session::overwrites_statically(cx)) else {
        return;
    };
    let message = format!(
        "From the second run on, each run deletes every partition of `{}` that its query does not return: Spark \
         overwrites statically by default, and dbt-glue no longer changes that. Add `--conf \
         spark.sql.sources.partitionOverwriteMode=dynamic` to `conf` in the profile.",
        cx.node.name
    );
    let at = if model::is_folder_wide(set) {
        model::beside(cx, &["incremental_strategy"])
    } else {
        set.value_at()
    };
    // What Spark's own tables, Iceberg's and Delta's lose was measured; S3 tables need an account of AWS.
    let severity = if format == FileFormat::S3tables {
        severity.min(Severity::Warning)
    } else {
        severity
    };
    let finding = cx.diagnostic(&RULE.meta, at, message).severity(severity);
    sink.push(finding.related(conf, "the Spark configuration of the session"));
}

/// Hudi has a writer of its own; a Hive table replaces only the partitions that get rows; the others have no partitions.
const fn is_overwritten_by_spark(format: FileFormat) -> bool {
    !matches!(
        format,
        FileFormat::Hudi | FileFormat::Hive | FileFormat::Jdbc | FileFormat::Libsvm
    )
}
