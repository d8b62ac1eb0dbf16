//! `expire-snapshots-by-default`.

use glueline_base::Fix;
use glueline_catalog::FileFormat;
use glueline_project::Setting;

use super::{edit, model};
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "expire-snapshots-by-default",
    Data,
    Warning,
    "expire_snapshots_by_default.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    if model::format(cx) != Some(FileFormat::Iceberg)
        || cx.config("iceberg_expire_snapshots") != Setting::Unset
        || !model::is_sql_incremental(cx)
    {
        return;
    }
    let Some(format) = cx.config("file_format").set() else {
        return;
    };
    let message = "Each run of an incremental Iceberg model expires all older snapshots of its table: there is no time \
                   travel, no rollback, and readers in the middle of a query lose their files. Set \
                   `iceberg_expire_snapshots` to `'False'`, or to `'True'` if that is meant.";
    let mut finding = model::at_setting(cx, &RULE.meta, format, format.value_at(), message);
    if let Some((at, text)) = edit::another(cx, format, "iceberg_expire_snapshots", "False") {
        finding = finding.fix(Fix::needs_consent("Keep the snapshots").insert_after(at, text));
    }
    sink.push(finding);
}
