//! `contract-never-checked`.

use glueline_catalog::FileFormat;

use super::model;
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "contract-never-checked",
    Ineffective,
    Warning,
    "contract_never_checked.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    if model::has_contract(cx) != Some(true) {
        return;
    }
    let Some((set, enforced)) = model::inner(cx, "contract", "enforced") else {
        return;
    };
    let what = match model::format(cx) {
        Some(format @ (FileFormat::Delta | FileFormat::Hudi)) if model::is_sql_incremental(cx) => {
            format!("incremental `{format}` models")
        }
        Some(FileFormat::Iceberg) if model::is_sql_model(cx, "view") => {
            "views with `file_format: iceberg`".to_owned()
        }
        Some(FileFormat::S3tables) if model::is_sql_model(cx, "table") || model::is_sql_incremental(cx) => {
            "`s3tables` tables".to_owned()
        }
        _ => return,
    };
    let message = format!(
        "dbt-glue never checks the contract of {what}: columns that differ from the declared ones pass in silence. Check \
         them with tests."
    );
    sink.push(model::at_setting(
        cx,
        &RULE.meta,
        set,
        set.at(enforced.range),
        message,
    ));
}
