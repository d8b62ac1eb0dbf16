//! What the session's Spark configuration says to a model.

use glueline_base::{FileRange, Value};
use glueline_project::conf;

use crate::context::NodeCx;

/// Which partitions `insert overwrite` replaces; static unless set.
const OVERWRITE_MODE: &str = "spark.sql.sources.partitionOverwriteMode";

/// Whether a table may be created where files are; not unless set.
const CREATE_OVER_FILES: &str = "spark.sql.legacy.allowNonEmptyLocationInCTAS";

/// Which types go into a table's columns; those of the ANSI standard unless set.
const STORE_ASSIGNMENT: &str = "spark.sql.storeAssignmentPolicy";

/// Whether Spark is sure to look whether a column's type goes into that of the table before it writes a row.
pub(crate) fn refuses_unsafe_casts(cx: &NodeCx<'_>) -> bool {
    left_at(cx, STORE_ASSIGNMENT, "ansi").is_some()
}

/// Where the configuration of the node's session stands, if it is sure to leave `insert overwrite` in Spark's own,
/// static mode.
pub(crate) fn overwrites_statically(cx: &NodeCx<'_>) -> Option<FileRange> {
    left_at(cx, OVERWRITE_MODE, "static")
}

/// Where the configuration of the node's session stands, if it is sure to let Spark refuse to create a table where files
/// are.
pub(crate) fn refuses_to_create_over_files(cx: &NodeCx<'_>) -> Option<FileRange> {
    left_at(cx, CREATE_OVER_FILES, "false")
}

/// Where `conf` of the profile stands, if a setting of Spark's has its default: neither `conf` nor a hook nor the model
/// itself sets it.
fn left_at(cx: &NodeCx<'_>, key: &str, default: &str) -> Option<FileRange> {
    let target = cx.project.target().filter(|target| target.is_glue())?;
    match target.get("conf") {
        None | Some(Value::Null) => {}
        Some(Value::Str(text)) => {
            let value = conf::setting(text, key).map(|setting| setting.text().trim());
            if !value.is_none_or(|value| value.eq_ignore_ascii_case(default)) {
                return None;
            }
        }
        Some(_) => return None,
    }
    let name = key.rsplit('.').next().unwrap_or(key);
    (!may_be_set_elsewhere(cx, name)).then(|| target.value_at("conf"))
}

/// Whether something outside the profile may set it: `conf` in `meta`, a hook, the SQL itself.
fn may_be_set_elsewhere(cx: &NodeCx<'_>, name: &str) -> bool {
    let config = &cx.node.config;
    let by_meta = config
        .all("meta")
        .any(|set| set.value.value == Value::Unknown || set.value.value.get("conf").is_some());
    let by_hook = || config.all("pre-hook").any(|set| may_name(&set.value.value, name));
    let by_run_hook = || {
        let hooks = &cx.project.project_file().run_hooks;
        hooks
            .iter()
            .flat_map(|(_, hooks)| hooks)
            .any(|hook| names(&hook.value, name))
    };
    config.is_opaque()
        || by_meta
        || by_hook()
        || by_run_hook()
        || names(cx.project.files().text(cx.node.file()), name)
}

/// A hook that calls a macro may do anything.
fn may_name(hook: &Value, name: &str) -> bool {
    match hook {
        Value::Str(text) => text.contains("{{") || text.contains("{%") || names(text, name),
        Value::List(items) => items.iter().any(|item| may_name(&item.value, name)),
        Value::Map(_) => hook.get("sql").is_none_or(|sql| may_name(&sql.value, name)),
        Value::Null => false,
        Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Date(_) | Value::Unknown => true,
    }
}

fn names(text: &str, name: &str) -> bool {
    text.as_bytes()
        .windows(name.len())
        .any(|window| window.eq_ignore_ascii_case(name.as_bytes()))
}

#[cfg(test)]
mod tests {
    use glueline_base::{Spanned, range};

    use super::*;

    #[test]
    fn hooks_may_set_it() {
        let list = |text: &str| Value::List(vec![Spanned::new(Value::str(text), range(0, 0))]);
        let may_name = |hook: &Value| may_name(hook, "partitionOverwriteMode");
        assert!(may_name(&Value::str(
            "set spark.sql.sources.PartitionOverwriteMode=dynamic"
        )));
        assert!(may_name(&list("{{ set_modes() }}")));
        assert!(may_name(&Value::Unknown));
        assert!(!may_name(&list("refresh table a.b")));
    }
}
