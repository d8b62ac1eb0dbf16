//! Releases of dbt-glue: what each changed in the meaning of a project, and which ones are broken.

use std::fmt;

/// A release number of dbt-glue: `1.10.19`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AdapterVersion {
    /// First number.
    pub major: u16,
    /// Second number, which follows dbt-core's.
    pub minor: u16,
    /// Third number.
    pub patch: u16,
}

impl AdapterVersion {
    /// The release this catalogue describes.
    pub const DESCRIBED: Self = Self::new(1, 12, 4);

    /// The dbt-core release this catalogue describes, beside [`AdapterVersion::DESCRIBED`].
    pub const DBT_CORE: &'static str = "1.12.6";

    /// The newest dbt-core that a release runs with: that of its own minor version, which the package follows.
    pub const fn dbt_core(self) -> &'static str {
        match (self.major, self.minor) {
            (0, _) | (1, 0..=7) => "1.7.20",
            (1, 8) => "1.8.10",
            (1, 9) => "1.9.11",
            (1, 10 | 11) => "1.10.23",
            _ => Self::DBT_CORE,
        }
    }

    /// A release from its three numbers.
    pub const fn new(major: u16, minor: u16, patch: u16) -> Self {
        Self { major, minor, patch }
    }

    /// Reads `1.10.19`, `1.10` or `1.10.19rc1`; what follows the digits of the third number is passed over.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.trim().splitn(3, '.');
        let major = parts.next()?.parse().ok()?;
        let minor = parts.next()?.parse().ok()?;
        let patch = match parts.next() {
            None => 0,
            Some(rest) => {
                let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
                rest.get(..digits)?.parse().ok()?
            }
        };
        Some(Self { major, minor, patch })
    }
}

impl fmt::Display for AdapterVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

/// What a release changed in the meaning of a project.
#[derive(Debug, Clone, Copy)]
pub struct Release {
    /// The release.
    pub version: AdapterVersion,
    /// Year and month, where known.
    pub date: Option<&'static str>,
    /// Changes that alter what a project means, one sentence each.
    pub changes: &'static [&'static str],
}

/// Releases that changed the meaning of projects, oldest first (dbt-glue's changelog and history).
pub static RELEASES: &[Release] = &[
    Release {
        version: AdapterVersion::new(1, 6, 2),
        date: Some("2023-08"),
        changes: &[
            "The profile key `datalake_formats` appeared.",
            "Glue 4.0 became the default.",
        ],
    },
    Release {
        version: AdapterVersion::new(1, 6, 3),
        date: None,
        changes: &["The profile key `enable_session_per_model` appeared."],
    },
    Release {
        version: AdapterVersion::new(1, 7, 1),
        date: None,
        changes: &[
            "Contracts are enforced by comparing names and reduced types.",
            "A session id is made up when `glue_session_id` is not set.",
        ],
    },
    Release {
        version: AdapterVersion::new(1, 7, 2),
        date: None,
        changes: &[
            "The profile key `use_arrow` appeared.",
            "Double quotes in SQL are no longer deleted.",
        ],
    },
    Release {
        version: AdapterVersion::new(1, 8, 1),
        date: None,
        changes: &["`custom_location` no longer applies to the staging table as well."],
    },
    Release {
        version: AdapterVersion::new(1, 8, 6),
        date: Some("2024-10"),
        changes: &[
            "The config `write_options` appeared for Delta.",
            "`on_schema_change` is processed, for every format but Iceberg and Hudi.",
            "Seeds accept empty cells and compare names without regard to case.",
        ],
    },
    Release {
        version: AdapterVersion::new(1, 9, 0),
        date: Some("2024-12"),
        changes: &[
            "Glue 5.0 became the default.",
            "`custom_iceberg_catalog_namespace` appeared; Iceberg statements moved into macros.",
            "Merge predicates and column lists are read.",
            "File formats and strategies are checked before anything is sent.",
            "The session no longer sets `spark.sql.sources.partitionOverwriteMode=DYNAMIC`, \
             `spark.sql.autoBroadcastJoinThreshold=-1` and `spark.sql.legacy.allowNonEmptyLocationInCTAS`.",
            "`iceberg_glue_commit_lock_table` is read by nothing.",
            "Lake Formation tags and grants no longer apply to snapshots.",
            "The materialization `iceberg_table_replace` is gone.",
        ],
    },
    Release {
        version: AdapterVersion::new(1, 9, 2),
        date: Some("2025-03"),
        changes: &[
            "The profile key `enable_spark_seed_casting` appeared.",
            "Session settings can be overridden in a node's `meta`.",
            "The config `add_iceberg_timestamp` appeared.",
            "`on_schema_change` acts on Iceberg only.",
        ],
    },
    Release {
        version: AdapterVersion::new(1, 9, 4),
        date: None,
        changes: &["Snapshots drop their staging views properly."],
    },
    Release {
        version: AdapterVersion::new(1, 10, 9),
        date: Some("2025-08"),
        changes: &[
            "`temp_schema`, Python models, `file_format: s3tables` and `packages` appeared.",
            "Merging together with a schema change honours the strategy.",
        ],
    },
    Release {
        version: AdapterVersion::new(1, 10, 11),
        date: None,
        changes: &["Only session keys in `meta` open a session of their own; before, any `meta` did."],
    },
    Release {
        version: AdapterVersion::new(1, 10, 13),
        date: Some("2025-10"),
        changes: &[
            "The configs `use_iceberg_temp_views`, `purge_dropped_iceberg_data` and `custom_temp_suffix` appeared.",
        ],
    },
    Release {
        version: AdapterVersion::new(1, 10, 15),
        date: Some("2025-11"),
        changes: &["`meta.group_session_id` shares one session among a group of nodes."],
    },
    Release {
        version: AdapterVersion::new(1, 10, 19),
        date: Some("2026-02"),
        changes: &[
            "The profile keys `statement_poll_interval`, `boto_retry_mode` and `boto_retry_max_attempts` appeared.",
        ],
    },
    Release {
        version: AdapterVersion::new(1, 12, 4),
        date: None,
        changes: &[
            "The profile key `root_location` appeared in 1.12.",
            "`is_incremental()` is true for existing S3 tables.",
            "Python models resolve `ref` and `source` through dbt-core; Iceberg appends evolve the partition spec.",
            "Quoting is inherited from the project.",
            "Python 3.10, dbt-core 1.12 and dbt-spark 1.11 are required.",
        ],
    },
];

/// A range of releases with a fault that no project setting cures.
#[derive(Debug, Clone, Copy)]
pub struct Broken {
    /// First release with the fault.
    pub from: AdapterVersion,
    /// Last release known to have it.
    pub to: AdapterVersion,
    /// What goes wrong, as a sentence.
    pub what: &'static str,
    /// Where it was reported, in dbt-glue's tracker.
    pub source: &'static str,
}

/// Broken releases, by first release.
pub static BROKEN: &[Broken] = &[
    Broken {
        from: AdapterVersion::new(1, 7, 0),
        to: AdapterVersion::new(1, 7, 1),
        what: "Every double quote is deleted from SQL.",
        source: "aws-samples/dbt-glue#310, #311",
    },
    Broken {
        from: AdapterVersion::new(1, 7, 1),
        to: AdapterVersion::new(1, 7, 1),
        what: "`append` selects no columns and fails.",
        source: "aws-samples/dbt-glue#307, #310",
    },
    Broken {
        from: AdapterVersion::new(1, 7, 2),
        to: AdapterVersion::new(1, 8, 1),
        what: "Waiting for a session sleeps for the whole provisioning timeout at each change of state.",
        source: "aws-samples/dbt-glue#351, #352, #397",
    },
    Broken {
        from: AdapterVersion::new(1, 9, 0),
        to: AdapterVersion::new(1, 9, 0),
        what: "The column `update_iceberg_ts` vanishes from Iceberg tables.",
        source: "aws-samples/dbt-glue#487",
    },
    Broken {
        from: AdapterVersion::new(1, 9, 2),
        to: AdapterVersion::new(1, 9, 4),
        what: "Any `meta` opens a session of its own, and with `on_schema_change` Iceberg rows are inserted whatever \
               the strategy.",
        source: "aws-samples/dbt-glue#547, #555, #571",
    },
    Broken {
        from: AdapterVersion::new(1, 9, 2),
        to: AdapterVersion::new(1, 10, 11),
        what: "Merging into Delta looks for the staging view under a schema and does not find it.",
        source: "aws-samples/dbt-glue#550, #627",
    },
    Broken {
        from: AdapterVersion::new(1, 10, 9),
        to: AdapterVersion::new(1, 10, 9),
        what: "The package ships two macros of the same name, and dbt refuses to start.",
        source: "aws-samples/dbt-glue#608",
    },
    Broken {
        from: AdapterVersion::new(1, 10, 9),
        to: AdapterVersion::new(1, 12, 3),
        what: "`is_incremental()` is never true for S3 tables, so that each run keeps only its own rows.",
        source: "aws-samples/dbt-glue#620, #694",
    },
];

/// The faults of a release.
pub fn broken(version: AdapterVersion) -> impl Iterator<Item = &'static Broken> {
    BROKEN
        .iter()
        .filter(move |broken| broken.from <= version && version <= broken.to)
}

/// A default value that changed.
#[derive(Debug, Clone, Copy)]
pub struct DefaultChange {
    /// The profile key.
    pub key: &'static str,
    /// The first release with this default.
    pub since: AdapterVersion,
    /// The default as written in YAML.
    pub value: &'static str,
}

static DEFAULT_CHANGES: &[DefaultChange] = &[
    DefaultChange {
        key: "glue_version",
        since: AdapterVersion::new(1, 6, 2),
        value: "\"4.0\"",
    },
    DefaultChange {
        key: "glue_version",
        since: AdapterVersion::new(1, 9, 0),
        value: "\"5.0\"",
    },
];

/// Every default that changed, by key and then by release.
pub fn default_changes() -> &'static [DefaultChange] {
    DEFAULT_CHANGES
}

/// The default of a profile key in a release; `None` where the release is older than what is known.
/// Keys whose default never changed have it in their [`crate::KeySpec`].
pub fn default_in(key: &str, version: AdapterVersion) -> Option<&'static str> {
    DEFAULT_CHANGES
        .iter()
        .rev()
        .find(|change| change.key == key && change.since <= version)
        .map(|change| change.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_and_ordered() {
        let at = AdapterVersion::parse;
        assert_eq!(at("1.10.19"), Some(AdapterVersion::new(1, 10, 19)));
        assert_eq!(at("1.9"), Some(AdapterVersion::new(1, 9, 0)));
        assert_eq!(at("1.10.9rc1"), Some(AdapterVersion::new(1, 10, 9)));
        for bad in ["", "1", "a.b", "1.x.2", "99999999.1.1", "1.2.é"] {
            assert_eq!(at(bad), None, "{bad}");
        }
        assert!(at("1.10.9") > at("1.9.4"));
        assert_eq!(AdapterVersion::DESCRIBED.to_string(), "1.12.4");
        assert_eq!(AdapterVersion::DESCRIBED.dbt_core(), AdapterVersion::DBT_CORE);
        assert_eq!(AdapterVersion::new(1, 9, 2).dbt_core(), "1.9.11");
    }

    #[test]
    fn tables_are_in_order() {
        assert!(RELEASES.windows(2).all(|pair| pair[0].version < pair[1].version));
        assert!(BROKEN.windows(2).all(|pair| pair[0].from <= pair[1].from));
        assert!(BROKEN.iter().all(|broken| broken.from <= broken.to));
        assert!(RELEASES.iter().all(|release| !release.changes.is_empty()));
    }

    #[test]
    fn faults_and_defaults_of_a_release() {
        assert_eq!(broken(AdapterVersion::new(1, 9, 3)).count(), 2);
        assert_eq!(broken(AdapterVersion::DESCRIBED).count(), 0);
        assert_eq!(
            default_in("glue_version", AdapterVersion::new(1, 8, 0)),
            Some("\"4.0\"")
        );
        assert_eq!(
            default_in("glue_version", AdapterVersion::DESCRIBED),
            Some("\"5.0\"")
        );
        assert_eq!(default_in("glue_version", AdapterVersion::new(1, 0, 0)), None);
    }
}
