//! Differences that are meant, each with its reason.

use std::collections::BTreeSet;

use crate::report::Report;

const INTERNAL: &str = "dbt fills it in itself; it is no key for users";

/// `area: name` and the reason; `*` stands for every area.
static KNOWN: &[(&str, &str)] = &[
    (
        "profile output: threads",
        "dbt's own key, not one of the adapter's fields",
    ),
    (
        "profile output: type",
        "dbt's own key, not one of the adapter's fields",
    ),
    ("profile output: threads in target", "dbt adds it to `target`"),
    ("profile output: type in target", "dbt adds it to `target`"),
    ("*: _extra", INTERNAL),
    ("*: original_file_path", INTERNAL),
    ("*: package_name", INTERNAL),
    ("*: yaml_key", INTERNAL),
    ("*: loaded_at_field_present", INTERNAL),
    ("source: unrendered_database", INTERNAL),
    ("source: unrendered_schema", INTERNAL),
    ("source: overrides", "a field of the class for patches of sources"),
    ("snapshot: relation", "read by dbt before the class is filled"),
    (
        "snapshot config: snapshot_meta_column_names merge",
        "joined key by key when `config` calls are merged, before the class sees it",
    ),
    (
        "data test config: limit type",
        "the class turns a text such as `'100'` into the number before it looks at it",
    ),
    ("config read: expected_rows", INTERNAL),
    ("config read: expected_sql", INTERNAL),
    ("config read: snapshot_table_column_names", INTERNAL),
    ("context name: _sql_results", INTERNAL),
    (
        "context name: debug",
        "defined only when `DBT_MACRO_DEBUGGING` is set",
    ),
];

/// Looks differences up and remembers which entries were needed.
#[derive(Debug, Default)]
pub(super) struct Known {
    used: BTreeSet<&'static str>,
}

impl Known {
    /// Notes a difference under its handle (`area: name`), as known where the table has it.
    pub(super) fn note(&mut self, report: &mut Report, handle: &str, what: impl Into<String>) {
        let anywhere = handle.split_once(": ").map(|(_, name)| format!("*: {name}"));
        let meant = |entry: &str| entry == handle || anywhere.as_deref() == Some(entry);
        match KNOWN.iter().find(|(entry, _)| meant(entry)) {
            Some((entry, reason)) => {
                self.used.insert(entry);
                report.known(what, reason);
            }
            None => report.differs(what),
        }
    }

    /// An entry that nothing needed is a difference too: it hides what may come.
    pub(super) fn report_unused(&self, report: &mut Report) {
        for (entry, _) in KNOWN {
            if !self.used.contains(entry) {
                report.differs(format!("the known difference `{entry}` is none any more"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_listed_differences_are_known() {
        let mut report = Report::default();
        let mut known = Known::default();
        known.note(&mut report, "profile output: type", "type");
        assert!(report.is_clean());
        known.note(&mut report, "model: yaml_key", "yaml_key");
        assert!(report.is_clean());
        known.note(&mut report, "profile output: tpye", "tpye");
        assert_eq!(report.differences(), ["tpye"]);
        known.report_unused(&mut report);
        assert_eq!(report.differences().len(), 1 + KNOWN.len() - 2);
    }
}
