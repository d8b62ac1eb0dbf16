//! `misspelt-lf-filter-key`.

use glueline_base::{Fix, MapEntry, Severity, Value};
use glueline_catalog::{Scope, lookup, suggest, wrong_name};
use glueline_project::Contribution;

use super::acts;
use crate::config::setting;
use crate::context::NodeCx;
use crate::incremental::model::at_setting;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "misspelt-lf-filter-key",
    Access,
    Error,
    "misspelt_lf_filter_key.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let Some((set, data_cell_filters)) = acts::data_cell_filters(cx) else {
        return;
    };
    for entry in data_cell_filters.as_map().unwrap_or_default() {
        judge(cx, set, Scope::DataCellFilters, data_cell_filters, entry, sink);
    }
    for filter in acts::filters(data_cell_filters) {
        for entry in filter.value.value.as_map().unwrap_or_default() {
            judge(cx, set, Scope::DataCellFilter, &filter.value.value, entry, sink);
        }
    }
}

fn judge(
    cx: &NodeCx<'_>,
    set: &Contribution,
    scope: Scope,
    around: &Value,
    entry: &MapEntry,
    sink: &mut Sink,
) {
    let key = &*entry.key.value;
    if lookup(scope, key).is_some() {
        return;
    }
    let wrong = wrong_name(scope, key);
    let meant = suggest(scope, key);
    let message = match (wrong, meant) {
        (Some(wrong), _) => format!("Nothing reads `{key}` in a data cell filter. {}", wrong.advice),
        (None, Some(meant)) => format!(
            "Nothing reads `{key}` in `data_cell_filters`, and nothing says so: what it should limit is granted. Did you \
             mean `{meant}`?"
        ),
        (None, None) => {
            format!("Nothing reads `{key}` in `data_cell_filters`, and nothing says so. Take it out.")
        }
    };
    let severity = if meant.is_some() {
        Severity::Error
    } else {
        Severity::Warning
    };
    let at = set.at(entry.key.range);
    let mut finding = at_setting(cx, &RULE.meta, set, at, message).severity(severity);
    let free = meant.filter(|meant| around.entry(meant).is_none());
    let fix = free.and_then(|meant| {
        setting::renamed(cx.project, at, key, meant, Fix::safe(format!("Write `{meant}`")))
    });
    if let Some(fix) = fix {
        finding = finding.fix(fix);
    }
    sink.push(finding);
}
