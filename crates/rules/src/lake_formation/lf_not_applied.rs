//! `lf-not-applied`.

use glueline_catalog::{Materialization, model_key};

use super::acts;
use crate::config::setting;
use crate::context::NodeCx;
use crate::incremental::model::{at_setting, is_folder_wide};
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "lf-not-applied",
    Access,
    Warning,
    "lf_not_applied.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    for config in acts::CONFIGS {
        let Some(set) = cx.config(config).set() else {
            continue;
        };
        // What is set for a folder is meant for the nodes that read it.
        if is_folder_wide(set) || set.value.value.truthy() != Some(true) {
            continue;
        }
        let Some(situation) = setting::built_as(cx) else {
            continue;
        };
        if model_key(config).is_none_or(|spec| spec.is_read(&situation)) {
            continue;
        }
        let how = situation.materialization.map_or("", Materialization::name);
        let message = format!(
            "dbt-glue does not apply `{config}` to a node that is `{how}`: the run succeeds, and nothing is tagged or \
             granted. Do it outside of dbt."
        );
        sink.push(at_setting(cx, &RULE.meta, set, set.key_at(), message));
    }
}
