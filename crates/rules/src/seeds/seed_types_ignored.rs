//! `seed-types-ignored`.

use super::seed;
use crate::context::NodeCx;
use crate::incremental::model::at_setting;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "seed-types-ignored",
    Ineffective,
    Warning,
    "seed_types_ignored.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    if !seed::is_loaded(cx)
        || cx.node.config.all("column_types").next().is_none()
        || seed::is_cast(cx) != Some(false)
    {
        return;
    }
    for set in cx.node.config.all("column_types") {
        if set.value.value.truthy() != Some(true) || set.value.value.as_map().is_none() {
            continue;
        }
        let message = "`column_types` casts nothing while the profile does not set `enable_spark_seed_casting: true`: \
                       the columns are read as text and stay text. Set it.";
        sink.push(at_setting(cx, &RULE.meta, set, set.key_at(), message));
    }
}
