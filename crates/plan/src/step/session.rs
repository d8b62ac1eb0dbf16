//! What Spark's configuration says to a statement.

use glueline_base::Value;
use glueline_project::{NodeId, Project, conf};

/// Which partitions `insert overwrite` replaces; static unless set.
const OVERWRITE_MODE: &str = "spark.sql.sources.partitionoverwritemode";

/// Whether a table may be created where files are; not unless set.
const CREATE_OVER_FILES: &str = "spark.sql.legacy.allownonemptylocationinctas";

/// The configuration of a session by now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Conf {
    /// Whether `insert overwrite` replaces only those partitions that its query returns.
    pub(super) is_dynamic: bool,
    /// Whether a table can be created where files are.
    pub(super) creates_over_files: bool,
}

impl Conf {
    /// The configuration that a node's session starts with: `conf` of its `meta`, else of the profile.
    pub(super) fn of(project: &Project, node: Option<NodeId>) -> Self {
        let of_meta = node.and_then(|id| {
            let meta = project.node(id).config.get("meta").value()?;
            Some(meta.get("conf")?.value.clone())
        });
        let of_profile = || project.target()?.get("conf").cloned();
        let mut known = Self::default();
        if let Some(Value::Str(text)) = of_meta.or_else(of_profile) {
            for setting in conf::settings(&text) {
                known.set(setting.key, setting.text());
            }
        }
        known
    }

    /// Takes over a setting.
    pub(super) fn set(&mut self, key: &str, value: &str) {
        let value = value.trim().trim_matches(['\'', '"', ',', ';']);
        match key.trim().to_lowercase().as_str() {
            OVERWRITE_MODE => self.is_dynamic = value.eq_ignore_ascii_case("dynamic"),
            CREATE_OVER_FILES => self.creates_over_files = value.eq_ignore_ascii_case("true"),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_setting_counts() {
        for (settings, is_dynamic) in [
            (&["spark.sql.sources.partitionOverwriteMode=dynamic"][..], true),
            (&["spark.sql.sources.partitionOverwriteMode= DYNAMIC;"], true),
            (
                &[
                    "spark.sql.sources.partitionOverwriteMode=dynamic",
                    "spark.sql.sources.PartitionOverwriteMode=static",
                ],
                false,
            ),
            (&["spark.sql.other=dynamic"], false),
        ] {
            let mut conf = Conf::default();
            for (key, value) in settings.iter().filter_map(|setting| setting.split_once('=')) {
                conf.set(key, value);
            }
            assert_eq!(conf.is_dynamic, is_dynamic, "{settings:?}");
        }
    }
}
