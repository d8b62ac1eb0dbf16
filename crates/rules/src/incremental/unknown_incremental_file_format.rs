//! `unknown-incremental-file-format`.

use glueline_base::{Fix, Value, nearest};
use glueline_catalog::FileFormat;

use super::{edit, model};
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "unknown-incremental-file-format",
    Fails,
    Error,
    "unknown_incremental_file_format.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let Some(set) = cx.config("file_format").set() else {
        return;
    };
    let value = &set.value.value;
    let is_allowed = value
        .as_str()
        .is_some_and(|text| FileFormat::parse(text).is_some());
    if is_allowed || !cx.is_incremental() || model::replaces(cx, &["dbt_glue_validate_get_file_format"]) {
        return;
    }
    let shown = value.display();
    let meant = value.as_str().and_then(meant);
    let advice = match meant {
        Some(meant) => format!("Write `{meant}`; the spelling is compared letter by letter."),
        None if *value == Value::Null => "Take it out for parquet, or name a format.".to_owned(),
        None => format!("It takes {}.", names()),
    };
    let message = format!(
        "dbt-glue refuses incremental models with the `file_format` `{shown}`: each run fails. {advice}"
    );
    let mut finding = cx.diagnostic(&RULE.meta, set.value_at(), message);
    if let Some(meant) = meant {
        let fix = Fix::safe(format!("Write `{meant}`")).replace(set.value_at(), edit::text(cx, set, meant));
        finding = finding.fix(fix);
    }
    sink.push(finding);
}

/// The format that a misspelt one most likely means.
pub(crate) fn meant(written: &str) -> Option<&'static str> {
    FileFormat::parse_any_case(written)
        .map(FileFormat::name)
        .or_else(|| nearest(written, FileFormat::ALL.iter().map(|format| format.name())))
}

fn names() -> String {
    let names: Vec<_> = FileFormat::ALL.iter().map(|format| format.name()).collect();
    names.join(", ")
}
