//! `lf-columns-included-and-excluded`.

use glueline_base::Severity;

use super::acts;
use crate::context::NodeCx;
use crate::incremental::model::at_setting;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "lf-columns-included-and-excluded",
    Access,
    Error,
    "lf_columns_included_and_excluded.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let Some((set, data_cell_filters)) = acts::data_cell_filters(cx) else {
        return;
    };
    for filter in acts::filters(data_cell_filters) {
        let config = &filter.value.value;
        let Some(excluded) = config.entry("excluded_column_names") else {
            continue;
        };
        let Some(included) = config.entry("column_names") else {
            continue;
        };
        if excluded.value.value.truthy() != Some(true) || included.value.value.truthy() != Some(true) {
            continue;
        }
        let leaked = acts::texts(config, "excluded_column_names")
            .find(|column| acts::texts(config, "column_names").any(|granted| granted == *column));
        let (severity, what) = match leaked {
            Some(column) => (
                Severity::Error,
                format!("`{column}` is granted although it is excluded"),
            ),
            None => (
                Severity::Warning,
                "the excluded ones are not looked at".to_owned(),
            ),
        };
        let message = format!(
            "The filter `{}` has both column lists, and `column_names` wins without a word: {what}. Keep one of them.",
            filter.key.value
        );
        let finding = at_setting(cx, &RULE.meta, set, set.at(included.key.range), message).severity(severity);
        sink.push(finding.related(set.at(excluded.key.range), "this list is not looked at"));
    }
}
