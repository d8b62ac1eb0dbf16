//! `custom-location-trailing-slash`.

use glueline_base::Fix;
use glueline_catalog::FileFormat;

use super::node::is_created_as_select;
use crate::context::NodeCx;
use crate::incremental::{edit, model};
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "custom-location-trailing-slash",
    Data,
    Warning,
    "custom_location_trailing_slash.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let Some(set) = cx.config("custom_location").set() else {
        return;
    };
    let Some(path) = set.value.value.as_str().filter(|path| path.ends_with('/')) else {
        return;
    };
    if model::format(cx) != Some(FileFormat::Iceberg) || !is_created_as_select(cx) {
        return;
    }
    let message = "`custom_location` ends in a slash, and Iceberg puts another one behind it: the keys of its files hold \
                   `//`, which other readers, Trino and Athena among them, do not find. Leave the slash out.";
    let bare = path.trim_end_matches('/');
    let fix =
        Fix::needs_consent(format!("Write `{bare}`")).replace(set.value_at(), edit::text(cx, set, bare));
    sink.push(model::at_setting(cx, &RULE.meta, set, set.value_at(), message).fix(fix));
}
