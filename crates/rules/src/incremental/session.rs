//! What the session's Spark configuration says to a model.

use glueline_base::{FileRange, Value};

use crate::context::NodeCx;
use crate::profile::conf;

/// The key that decides which partitions `insert overwrite` replaces.
const OVERWRITE_MODE: &str = "spark.sql.sources.partitionOverwriteMode";

/// Where the configuration of the node's session stands, if it is sure to leave `insert overwrite` in Spark's own,
/// static mode: neither `conf` nor a hook nor the model itself names the mode.
pub(crate) fn overwrites_statically(cx: &NodeCx<'_>) -> Option<FileRange> {
    let target = cx.project.target().filter(|target| target.is_glue())?;
    match target.get("conf") {
        None | Some(Value::Null) => {}
        Some(Value::Str(text)) => {
            let mode = conf::setting(text, OVERWRITE_MODE).map(|setting| setting.text().trim());
            if !mode.is_none_or(|mode| mode.eq_ignore_ascii_case("static")) {
                return None;
            }
        }
        Some(_) => return None,
    }
    (!may_set_mode(cx)).then(|| target.value_at("conf"))
}

/// Whether something outside the profile may set the mode: `conf` in `meta`, a hook, the SQL itself.
fn may_set_mode(cx: &NodeCx<'_>) -> bool {
    let config = &cx.node.config;
    let by_meta = config
        .all("meta")
        .any(|set| set.value.value == Value::Unknown || set.value.value.get("conf").is_some());
    let by_hook = || config.all("pre-hook").any(|set| may_name_mode(&set.value.value));
    let by_run_hook = || {
        let hooks = &cx.project.project_file().run_hooks;
        hooks
            .iter()
            .flat_map(|(_, hooks)| hooks)
            .any(|hook| names_mode(&hook.value))
    };
    config.is_opaque()
        || by_meta
        || by_hook()
        || by_run_hook()
        || names_mode(cx.project.files().text(cx.node.file()))
}

/// A hook that calls a macro may do anything.
fn may_name_mode(hook: &Value) -> bool {
    match hook {
        Value::Str(text) => text.contains("{{") || text.contains("{%") || names_mode(text),
        Value::List(items) => items.iter().any(|item| may_name_mode(&item.value)),
        Value::Map(_) => hook.get("sql").is_none_or(|sql| may_name_mode(&sql.value)),
        Value::Null => false,
        Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Unknown => true,
    }
}

fn names_mode(text: &str) -> bool {
    let name = OVERWRITE_MODE
        .rsplit('.')
        .next()
        .unwrap_or(OVERWRITE_MODE)
        .as_bytes();
    text.as_bytes()
        .windows(name.len())
        .any(|window| window.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use glueline_base::{Spanned, range};

    use super::*;

    #[test]
    fn hooks_may_name_the_mode() {
        let list = |text: &str| Value::List(vec![Spanned::new(Value::str(text), range(0, 0))]);
        assert!(may_name_mode(&Value::str(
            "set spark.sql.sources.PartitionOverwriteMode=dynamic"
        )));
        assert!(may_name_mode(&list("{{ set_modes() }}")));
        assert!(may_name_mode(&Value::Unknown));
        assert!(!may_name_mode(&list("refresh table a.b")));
    }
}
