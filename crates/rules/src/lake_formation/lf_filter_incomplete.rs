//! `lf-filter-incomplete`.

use glueline_base::Value;
use glueline_catalog::{Scope, keys};

use super::acts;
use crate::context::NodeCx;
use crate::incremental::model::at_setting;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "lf-filter-incomplete",
    Fails,
    Error,
    "lf_filter_incomplete.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let Some(set) = acts::applied(cx, "lf_grants") else {
        return;
    };
    if set.value.value.as_map().is_some() && set.value.value.entry("data_cell_filters").is_none() {
        let message = "`lf_grants` has no `data_cell_filters`: the node fails with `missing 1 required positional \
                       argument`, after its data was written. Put the filters below that key, or take `lf_grants` out.";
        sink.push(at_setting(cx, &RULE.meta, set, set.key_at(), message));
    }
    let Some((set, data_cell_filters)) = acts::data_cell_filters(cx) else {
        return;
    };
    for filter in acts::filters(data_cell_filters) {
        if filter.value.value.as_map().is_none() {
            continue;
        }
        for spec in keys(Scope::DataCellFilter) {
            let Some(consequence) = spec.required else {
                continue;
            };
            if !matches!(
                filter.value.value.get(spec.name),
                None | Some(glueline_base::Spanned {
                    value: Value::Null,
                    ..
                })
            ) {
                continue;
            }
            let message = format!(
                "The filter `{}` has no `{}`: {consequence}. The data is written by then.",
                filter.key.value, spec.name
            );
            sink.push(at_setting(cx, &RULE.meta, set, set.at(filter.key.range), message));
        }
    }
}
