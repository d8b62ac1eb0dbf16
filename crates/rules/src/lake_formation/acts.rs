//! What the rules about Lake Formation ask of a node's configs.

use glueline_base::{MapEntry, Value};
use glueline_catalog::model_key;
use glueline_project::Contribution;

use crate::config::setting;
use crate::context::NodeCx;

/// The two configs.
pub(crate) const CONFIGS: [&str; 2] = ["lf_tags_config", "lf_grants"];

/// A Lake Formation config of a node whose materialization acts upon it.
pub(crate) fn applied<'a>(cx: &NodeCx<'a>, key: &str) -> Option<&'a Contribution> {
    let set = cx
        .config(key)
        .set()
        .filter(|set| set.value.value != Value::Null)?;
    let situation = setting::built_as(cx)?;
    model_key(key)?.is_read(&situation).then_some(set)
}

/// Whether a mapping is switched on by its `enabled`; `None` where that is not known.
pub(crate) fn is_enabled(config: &Value) -> Option<bool> {
    match config.get("enabled") {
        Some(enabled) => enabled.value.truthy(),
        None => Some(false),
    }
}

/// The `data_cell_filters` of a node's `lf_grants`, where they are sure to be applied.
pub(crate) fn data_cell_filters<'a>(cx: &NodeCx<'a>) -> Option<(&'a Contribution, &'a Value)> {
    let set = applied(cx, "lf_grants")?;
    let filters = &set.value.value.get("data_cell_filters")?.value;
    (is_enabled(filters) == Some(true)).then_some((set, filters))
}

/// Each filter with its name.
pub(crate) fn filters(data_cell_filters: &Value) -> &[MapEntry] {
    data_cell_filters
        .get("filters")
        .and_then(|filters| filters.value.as_map())
        .unwrap_or_default()
}

/// The `lf_tags_config` of a node, where it is sure to be applied.
pub(crate) fn tags<'a>(cx: &NodeCx<'a>) -> Option<&'a Contribution> {
    applied(cx, "lf_tags_config").filter(|set| is_enabled(&set.value.value) == Some(true))
}

/// The items of a list that are texts.
pub(crate) fn texts<'a>(filter: &'a Value, key: &str) -> impl Iterator<Item = &'a str> {
    let items = filter
        .get(key)
        .and_then(|node| node.value.as_list())
        .unwrap_or_default();
    items.iter().filter_map(|item| item.value.as_str())
}
